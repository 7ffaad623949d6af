import Database
import ServiceCore

/// The only SQL for `networkfaults`; the network's status follows it.
struct NetworkFaultStore {
    func faults(of id: ID<Network>, in transaction: borrowing Transaction) throws -> [NetworkFault] {
        try transaction.map(
            "SELECT host, reason, remedy, since FROM networkfaults WHERE network_id = \(id) ORDER BY host"
        ) { row in
            NetworkFault(host: try row[0], reason: try row[1], remedy: try row[2], since: try row[3])
        }
    }

    /// Keeps what a host answered, nil when it made the network.
    func replace(
        _ fault: NetworkFault?, of id: ID<Network>, on host: String, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute("DELETE FROM networkfaults WHERE network_id = \(id) AND host = \(host)")
        if let fault {
            try transaction.execute(
                """
                INSERT INTO networkfaults (network_id, host, reason, remedy, since)
                VALUES (\(id), \(fault.host), \(fault.reason), \(fault.remedy), \(fault.since))
                """)
        }
        try transaction.execute(
            """
            UPDATE networks SET status = iif(
                EXISTS (SELECT 1 FROM networkfaults WHERE network_id = \(id)), 'ERROR', 'ACTIVE') WHERE id = \(id)
            """)
    }
}

extension NetworkingSchema {
    static let networkFaults = """
        CREATE TABLE networkfaults (
            network_id TEXT NOT NULL REFERENCES networks (id) ON DELETE CASCADE,
            host TEXT NOT NULL,
            reason TEXT NOT NULL,
            remedy TEXT,
            since INTEGER NOT NULL,
            PRIMARY KEY (network_id, host)
        ) STRICT, WITHOUT ROWID;
        """
}
