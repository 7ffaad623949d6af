import Database

/// The table `domain_options`; what is secret in it is sealed already.
struct DomainOptionStore {
    /// A row: an option of a domain with its JSON text.
    struct Option: Hashable {
        let group: String
        let name: String
        var value: String
    }

    func options(of domainID: String, in transaction: borrowing Transaction) throws -> [Option] {
        try transaction.map(
            """
            SELECT group_name, name, value FROM domain_options WHERE domain_id = \(domainID)
            ORDER BY group_name, name
            """
        ) { row in try Option(group: row[0], name: row[1], value: row[2]) }
    }

    /// Sets an option, whether it was set before or not.
    func save(_ option: Option, of domainID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO domain_options (domain_id, group_name, name, value)
            VALUES (\(domainID), \(option.group), \(option.name), \(option.value))
            ON CONFLICT (domain_id, group_name, name) DO UPDATE SET value = excluded.value
            """)
    }

    func delete(
        _ part: DomainConfiguration.Part, of domainID: String, in transaction: borrowing Transaction
    ) throws {
        switch part {
        case .everything:
            try transaction.execute("DELETE FROM domain_options WHERE domain_id = \(domainID)")
        case .group(let group):
            try transaction.execute(
                "DELETE FROM domain_options WHERE domain_id = \(domainID) AND group_name = \(group)")
        case .option(let name, let group):
            try transaction.execute(
                """
                DELETE FROM domain_options
                WHERE domain_id = \(domainID) AND group_name = \(group) AND name = \(name)
                """)
        }
    }
}
