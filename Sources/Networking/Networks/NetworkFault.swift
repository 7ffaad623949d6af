import ComputeHost
import Database
public import ServiceCore

/// Why a host cannot make a network. As long as there is one, the network is in error.
public struct NetworkFault: Sendable, Hashable {
    /// The host that refuses.
    public let host: String
    /// The sentence that says what happened, in plain English for operators.
    public let reason: String
    /// What a person can do about it, when that is known.
    public let remedy: String?
    /// Since when it is so.
    public let since: Timestamp
}

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

extension NetworkingService {
    /// Why hosts cannot make a network: for a page of those who can do something about it.
    /// - Throws: `ServiceError`: notFound, forbidden to all but administrators.
    public func networkFaults(of id: ID<Network>, as context: RequestContext) throws -> [NetworkFault] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.provider, context)
        return try read { transaction in
            _ = try visibleNetwork(id, context, transaction)
            return try NetworkFaultStore().faults(of: id, in: transaction)
        }
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
