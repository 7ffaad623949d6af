import Database
import Identity
import ServiceCore
import TestSupport
import Testing

/// Clouds that were made before the roles manager and service were standard.
@Suite struct `A cloud with the three old roles` {
    /// The roles of a cloud as it was left by the first six steps, before and after the rest.
    private func roles(_ more: SQL...) throws -> (names: [String], implied: [String]) {
        let database = try DatabasePool.temporary()
        let isOld: (Migration) -> Bool = { $0.name < "identity/0007" }
        try database.migrate(ServiceCoreSchema.migrations + IdentitySchema.migrations.filter(isOld))
        try database.write { transaction in
            for (name, id) in [("admin", "a"), ("member", "m"), ("reader", "r")] {
                try transaction.execute("INSERT INTO roles (id, name, immutable) VALUES (\(id), \(name), 1)")
            }
            try transaction.execute("INSERT INTO role_inferences VALUES ('a', 'm'), ('m', 'r')")
            for statement in more { try transaction.execute(statement) }
        }
        try database.migrate(ServiceCoreSchema.migrations + IdentitySchema.migrations)
        return try database.read { transaction in
            let names = try transaction.map("SELECT name FROM roles ORDER BY name") { row in try row[0] as String }
            let implied = try transaction.map(
                """
                SELECT p.name || ' ' || i.name FROM role_inferences AS r
                JOIN roles AS p ON p.id = r.prior_role_id JOIN roles AS i ON i.id = r.implied_role_id ORDER BY 1
                """
            ) { row in try row[0] as String }
            return (names, implied)
        }
    }

    @Test func `gets the new ones with what they imply`() throws {
        let (names, implied) = try roles()
        #expect(names == ["admin", "manager", "member", "reader", "service"])
        #expect(implied == ["admin manager", "admin member", "manager member", "member reader"])
    }

    @Test func `keeps a role manager that somebody holds as it is`() throws {
        let (names, implied) = try roles(
            "INSERT INTO domains (id, name) VALUES ('default', 'Default')",
            "INSERT INTO groups (id, domain_id, name) VALUES ('g', 'default', 'team')",
            "INSERT INTO roles (id, name) VALUES ('x', 'Manager')",
            "INSERT INTO role_assignments (group_id, role_id, scope) VALUES ('g', 'x', 'system')")
        #expect(names == ["admin", "Manager", "member", "reader", "service"])
        #expect(implied == ["admin member", "member reader"])
    }
}
