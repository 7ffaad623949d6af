import Database
import ServiceCore

/// The only SQL for `extradhcpopts`. They go with their ports.
struct ExtraDHCPOptionStore {
    /// The options of the ports that a condition on `ports p` names, by port.
    func options(
        ofPorts condition: SQL, in transaction: borrowing Transaction
    ) throws -> [ID<Port>: [ExtraDHCPOption]] {
        let rows = try transaction.map(
            """
            SELECT o.port_id, o.opt_name, o.opt_value, o.ip_version
            FROM ports p JOIN extradhcpopts o ON o.port_id = p.id
            WHERE \(sql: condition) ORDER BY o.port_id, o.position
            """
        ) { row in
            let option = ExtraDHCPOption(name: try row[1], value: try row[2], version: try row[3])
            return (try row[0] as ID<Port>, option)
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }

    func replace(of port: Port, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM extradhcpopts WHERE port_id = \(port.id)")
        try insert(of: port, in: transaction)
    }

    func insert(of port: Port, in transaction: borrowing Transaction) throws {
        for (position, option) in port.extraDHCPOptions.enumerated() {
            try transaction.execute(
                """
                INSERT INTO extradhcpopts (port_id, opt_name, opt_value, ip_version, position)
                VALUES (\(port.id), \(option.name), \(option.value), \(option.version), \(position))
                """)
        }
    }
}

extension NetworkingSchema {
    static let extraDHCPOptions = """
        CREATE TABLE extradhcpopts (
            port_id TEXT NOT NULL REFERENCES ports (id) ON DELETE CASCADE,
            opt_name TEXT NOT NULL,
            opt_value TEXT NOT NULL,
            ip_version INTEGER NOT NULL CHECK (ip_version IN (4, 6)),
            position INTEGER NOT NULL,
            PRIMARY KEY (port_id, opt_name, ip_version)
        ) STRICT, WITHOUT ROWID;
        """

    /// A JSON object for whoever plugs ports in.
    static let bindingProfile = "ALTER TABLE ports ADD COLUMN binding_profile TEXT NOT NULL DEFAULT '{}';"
}
