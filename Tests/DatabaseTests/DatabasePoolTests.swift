import Database
import Foundation
import Testing

struct DatabasePoolTests {
    private let things = Migration("things/0001", "CREATE TABLE things (id INTEGER PRIMARY KEY, n INTEGER) STRICT")

    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = NSTemporaryDirectory() + "/daybreak-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    @Test func `every connection has the settings that keep data safe`() throws {
        let pool = try DatabasePool.temporary()
        func settings(_ transaction: borrowing Transaction) throws -> [String] {
            [
                try transaction.value("PRAGMA journal_mode", as: String.self) ?? "",
                try transaction.value("PRAGMA synchronous", as: Int.self).map { "\($0)" } ?? "",
                try transaction.value("PRAGMA foreign_keys", as: Int.self).map { "\($0)" } ?? "",
            ]
        }
        #expect(try pool.write(settings) == ["wal", "2", "1"])
        #expect(try pool.read(settings) == ["wal", "2", "1"])
    }

    @Test func `only the owner can read the files`() throws {
        try withDirectory { directory in
            let pool = try DatabasePool(path: directory + "/d.sqlite")
            try pool.migrate([things])
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
                let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/" + name)
                #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
            }
        }
    }

    @Test func `what was written is there when the file is opened again`() throws {
        try withDirectory { directory in
            for expected in 1...3 {
                let pool = try DatabasePool(path: directory + "/d.sqlite")
                try pool.migrate([things])
                let count = try pool.write { transaction in
                    try transaction.execute("INSERT INTO things (n) VALUES (1)")
                    return try transaction.value("SELECT count(*) FROM things", as: Int.self)
                }
                #expect(count == expected)
            }
        }
    }

    @Test func `a file that is no database is refused`() throws {
        try withDirectory { directory in
            try Data(repeating: 65, count: 8192).write(to: URL(filePath: directory + "/d.sqlite"))
            #expect(throws: DatabaseError.self) { try DatabasePool(path: directory + "/d.sqlite") }
            #expect(throws: DatabaseError.self) { try DatabasePool(path: directory + "/missing/d.sqlite") }
        }
    }

    @Test func `the files of a temporary database go with it`() throws {
        func path() throws -> String {
            let pool = try DatabasePool.temporary()
            return try pool.read { try $0.first("PRAGMA database_list") { try $0["file"] as String } ?? "" }
        }
        #expect(!FileManager.default.fileExists(atPath: try path()))
    }

    @Test func `concurrent writers lose nothing`() async throws {
        let pool = try DatabasePool.temporary()
        try pool.migrate([things])
        try pool.write { _ = try $0.execute("INSERT INTO things (id, n) VALUES (1, 0)") }
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<20 {
                        try? pool.write { transaction in
                            let n = try transaction.value("SELECT n FROM things WHERE id = 1", as: Int.self) ?? 0
                            try transaction.execute("UPDATE things SET n = \(n + 1) WHERE id = 1")
                        }
                    }
                }
            }
        }
        #expect(try pool.read { try $0.value("SELECT n FROM things", as: Int.self) } == 160)
    }

    @Test func `a migration runs once and in order`() throws {
        let pool = try DatabasePool.temporary()
        let more = Migration("things/0002", "ALTER TABLE things ADD COLUMN m INTEGER; CREATE INDEX i ON things (m)")
        try pool.migrate([things])
        try pool.migrate([things, more])
        try pool.migrate([things, more])
        #expect(try pool.schema().contains("CREATE INDEX i ON things (m);"))
    }

    @Test func `a failing migration leaves nothing of its batch`() throws {
        let pool = try DatabasePool.temporary()
        #expect(throws: DatabaseError.self) {
            try pool.migrate([things, Migration("things/0002", "CREATE TABLE broken (")])
        }
        #expect(try pool.schema().isEmpty)
    }

    @Test func `an edited migration and a newer program's file are refused`() throws {
        let pool = try DatabasePool.temporary()
        try pool.migrate([things])
        #expect(throws: DatabaseError.self) { try pool.migrate([Migration("things/0001", "SELECT 1")]) }
        #expect(throws: DatabaseError.self) { try pool.migrate([Migration("things/0000", "SELECT 1")]) }
        try pool.migrate([Migration("others/0001", "CREATE TABLE others (id INTEGER) STRICT")])
    }

    @Test func `a whole-table read is found in the plan of a recorded statement`() throws {
        let recorder = StatementRecorder()
        let pool = try DatabasePool.temporary(recorder: recorder)
        try pool.migrate([things])
        _ = try pool.read { try $0.rows("SELECT n FROM things WHERE id = \(1)") }
        #expect(try pool.scans(in: recorder) == [])
        _ = try pool.read { try $0.rows("SELECT id FROM things WHERE n = \(1)") }
        #expect(try pool.scans(in: recorder) == ["SCAN things | SELECT id FROM things WHERE n = ?"])
    }

    @Test func `a page that is cut out of what was sorted first is found in its plan`() throws {
        let recorder = StatementRecorder()
        let pool = try DatabasePool.temporary(recorder: recorder)
        try pool.migrate([things])
        _ = try pool.read { try $0.rows("SELECT n FROM things ORDER BY id DESC LIMIT \(10)") }
        _ = try pool.read { try $0.rows("SELECT n FROM things ORDER BY n") }
        #expect(try pool.sortedPages(in: recorder) == [])
        _ = try pool.read { try $0.rows("SELECT id FROM things ORDER BY n LIMIT \(10)") }
        #expect(
            try pool.sortedPages(in: recorder) == [
                "USE TEMP B-TREE FOR ORDER BY | SELECT id FROM things ORDER BY n LIMIT ?"
            ])
    }

    @Test func `an error in the middle of a result is told, and the statement can run again`() throws {
        let pool = try DatabasePool.temporary()
        try pool.migrate([things])
        try pool.write { _ = try $0.execute("INSERT INTO things (id, n) VALUES (1, 1), (2, 0)") }
        // The sum of more than 64 bits is an error of the statement, not of a value.
        let sql: SQL = "SELECT n + sum(9223372036854775807) OVER (ORDER BY id) FROM things"
        for _ in 0..<2 {
            #expect(throws: DatabaseError.self) { try pool.read { _ = try $0.rows(sql) } }
        }
        #expect(try pool.read { try $0.value("SELECT count(*) FROM things", as: Int.self) } == 2)
    }

    @Test func `a row keeps its values when the statement has gone on`() throws {
        let pool = try DatabasePool.temporary()
        let rows = try pool.read { transaction in
            try transaction.rows(
                "SELECT 1 AS a, 'é' AS b, NULL AS c, x'00ff' AS d, 1.5 AS e UNION ALL SELECT 2, '', 3, x'', 0")
        }
        #expect(try rows.map { try $0["a"] as Int } == [1, 2])
        #expect(try rows.map { try $0["b"] as String } == ["é", ""])
        #expect(try rows.map { try $0["c"] as Int? } == [nil, 3])
        #expect(try rows.map { try $0["d"] as [UInt8] } == [[0, 255], []])
        #expect(try rows.map { try $0["e"] as Double } == [1.5, 0])
    }
}
