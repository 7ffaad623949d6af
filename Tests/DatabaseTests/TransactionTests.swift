import Database
import Synchronization
import Testing

struct TransactionTests {
    private enum Colour: String, DatabaseValue { case red, green }

    private let pool: DatabasePool

    init() throws {
        pool = try DatabasePool.temporary()
        try pool.migrate([
            Migration(
                "things/0001",
                """
                CREATE TABLE things (
                    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, weight REAL, colour TEXT,
                    flag INTEGER NOT NULL DEFAULT 0 CHECK (flag IN (0, 1)), data BLOB,
                    parent INTEGER REFERENCES things (id) ON DELETE CASCADE
                ) STRICT
                """)
        ])
    }

    private func kind(of body: () throws -> Void) -> DatabaseError.Kind? {
        do {
            try body()
            return nil
        } catch {
            return (error as? DatabaseError)?.kind
        }
    }

    @Test func `values of every type come back as they went in`() throws {
        let text = "naïve 'quoted' \u{1} 字"
        try pool.write { transaction in
            try transaction.execute(
                """
                INSERT INTO things (id, name, weight, colour, flag, data)
                VALUES (\(Int64.max), \(text), \(1.5), \(Colour.green), \(true), \([0, 255] as [UInt8]))
                """)
        }
        try pool.read { transaction in
            let row = try #require(try transaction.rows("SELECT * FROM things").first)
            #expect(try row["id"] == Int64.max)
            #expect(try row["name"] == text)
            #expect(try row["weight"] == 1.5)
            #expect(try row["colour"] == Colour.green)
            #expect(try row["flag"] == true)
            #expect(try row["data"] == [0, 255] as [UInt8])
            #expect(try row["parent"] as Int? == nil)
            #expect(try row[1] == text)
        }
    }

    @Test func `an interpolated value is never part of the statement`() throws {
        let evil = "x'); DROP TABLE things; --"
        let statement: SQL = "INSERT INTO things (name) VALUES (\(evil))"
        #expect(statement.text == "INSERT INTO things (name) VALUES (?)")
        try pool.write { _ = try $0.execute(statement) }
        #expect(try pool.read { try $0.value("SELECT name FROM things", as: String.self) } == evil)
    }

    @Test func `pieces and lists keep their arguments in order`() throws {
        try pool.write { transaction in
            for name in ["a", "b", "c", "d"] {
                try transaction.execute("INSERT INTO things (name) VALUES (\(name))")
            }
        }
        let names = try pool.read { transaction in
            let chosen: SQL = "name IN (\(list: ["a", "c", "d"]))"
            let statement: SQL = "SELECT name FROM things WHERE name <> \("d") AND \(sql: chosen)"
            return try transaction.map(statement + " ORDER BY name") { row in try row[0] as String }
        }
        #expect(names == ["a", "c"])
        let none = try pool.read {
            try $0.value("SELECT count(*) FROM things WHERE name IN (\(list: [String]()))", as: Int.self)
        }
        #expect(none == 0)
    }

    @Test func `a list may be longer than a statement has room for values`() throws {
        let names = (1...40_000).map { "name \($0)" }
        try pool.write { _ = try $0.execute("INSERT INTO things (name) VALUES ('name 40000'), ('name 40001')") }
        let found = try pool.read { transaction in
            try transaction.map("SELECT name FROM things WHERE name IN (\(list: names))") { try $0[0] as String }
        }
        #expect(found == ["name 40000"])
    }

    @Test(arguments: ["\"quoted\"", "back\\slash", "a\nb\u{1}\u{1f}", "Ünïcode 中文 🙂", "'", ""])
    func `whatever is in a list is found as it is`(name: String) throws {
        try pool.write { _ = try $0.execute("INSERT INTO things (name) VALUES (\(name))") }
        let found = try pool.read { transaction in
            try transaction.map("SELECT name FROM things WHERE name IN (\(list: [name, "x"]))") { try $0[0] as String }
        }
        #expect(found == [name])
    }

    @Test func `a value of another type is an error that names the column`() throws {
        try pool.write { _ = try $0.execute("INSERT INTO things (name, colour) VALUES ('a', 'blue')") }
        try pool.read { transaction in
            #expect(kind { _ = try transaction.map("SELECT name FROM things") { try $0["name"] as Int } } == .decoding)
            let colours: SQL = "SELECT colour FROM things"
            #expect(kind { _ = try transaction.map(colours) { try $0["colour"] as Colour } } == .decoding)
            #expect(kind { _ = try transaction.map("SELECT * FROM things") { try $0["nope"] as Int } } == .decoding)
            #expect(kind { _ = try transaction.map("SELECT weight FROM things") { try $0[0] as Double } } == .decoding)
        }
    }

    @Test func `broken rules have their own kinds`() throws {
        try pool.write { _ = try $0.execute("INSERT INTO things (id, name) VALUES (1, 'a')") }
        func insert(_ sql: SQL) -> DatabaseError.Kind? { kind { try pool.write { _ = try $0.execute(sql) } } }
        #expect(insert("INSERT INTO things (name) VALUES ('a')") == .unique("things.name"))
        #expect(insert("INSERT INTO things (id, name) VALUES (1, 'b')") == .unique("things.id"))
        #expect(insert("INSERT INTO things (name, parent) VALUES ('b', 99)") == .foreignKey)
        #expect(insert("INSERT INTO things (name, flag) VALUES ('b', 2)") == .check)
        #expect(insert("INSERT INTO things (name) VALUES (NULL)") == .check)
        #expect(insert("INSERT INTO things (name, weight) VALUES ('b', 'heavy')") == .check)
        #expect(insert("INSERT INTO nowhere VALUES (1)") == .other)
    }

    @Test func `a text that would be cut short is refused`() throws {
        let name = "admin\u{0}x"
        #expect(kind { try pool.write { _ = try $0.execute("INSERT INTO things (name) VALUES (\(name))") } } == .text)
        #expect(kind { _ = try pool.read { try $0.rows("SELECT \("\u{0}")") } } == .text)
    }

    @Test func `an error carries no value`() throws {
        let secret = "hunter2"
        do {
            try pool.write { transaction in
                try transaction.execute("INSERT INTO things (name, parent) VALUES (\(secret), 99)")
            }
            Issue.record("the foreign key was not enforced")
        } catch {
            #expect(!"\(error)".contains(secret))
        }
    }

    @Test func `execute tells how many rows changed`() throws {
        let changes = try pool.write { transaction in
            [
                try transaction.execute("INSERT INTO things (name) VALUES ('a'), ('b')"),
                try transaction.execute("UPDATE things SET flag = 1"),
                try transaction.execute("DELETE FROM things WHERE name = 'z'"),
                try transaction.execute("INSERT INTO things (name, parent) SELECT 'c', id FROM things LIMIT 1"),
                try transaction.execute("CREATE TABLE other (id INTEGER) STRICT"),
                try transaction.execute("DELETE FROM things WHERE parent IS NULL"),
            ]
        }
        #expect(changes == [2, 2, 0, 1, 0, 2])
    }

    @Test func `a throwing write leaves nothing and runs no after-commit action`() throws {
        struct Refusal: Error {}
        let told = Mutex(0)
        #expect(throws: Refusal.self) {
            try pool.write { transaction in
                try transaction.execute("INSERT INTO things (name) VALUES ('a')")
                transaction.afterCommit { told.withLock { $0 += 1 } }
                throw Refusal()
            }
        }
        #expect(try pool.read { try $0.value("SELECT count(*) FROM things", as: Int.self) } == 0)
        #expect(told.withLock { $0 } == 0)
    }

    @Test func `an after-commit action sees what was committed and may write itself`() throws {
        let pool = pool
        let seen = Mutex<Int?>(nil)
        try pool.write { transaction in
            try transaction.execute("INSERT INTO things (name) VALUES ('a')")
            transaction.afterCommit {
                let count = try? pool.write { transaction in
                    try transaction.execute("INSERT INTO things (name) VALUES ('b')")
                    return try transaction.value("SELECT count(*) FROM things", as: Int.self)
                }
                seen.withLock { $0 = count ?? nil }
            }
        }
        #expect(seen.withLock { $0 } == 2)
    }

    @Test func `a statement cannot be run inside its own loop`() throws {
        try pool.write { _ = try $0.execute("INSERT INTO things (name) VALUES ('a'), ('b')") }
        let statement: SQL = "SELECT name FROM things"
        let count = try pool.read { transaction in
            #expect(kind { _ = try transaction.map(statement) { _ in try transaction.rows(statement) } } == .other)
            return try transaction.rows(statement).count
        }
        #expect(count == 2)
    }
}
