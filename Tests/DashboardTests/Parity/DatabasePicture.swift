import Database

/// Every row of a database, as text.
struct DatabasePicture {
    /// One row: its table, and its columns with their values as SQL writes them.
    private struct Entry: Hashable {
        let table: String
        let columns: [String: String]
    }

    private let entries: Set<Entry>

    init(of database: DatabasePool) throws {
        entries = try database.read { transaction in
            let tables = try transaction.map(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            ) { try $0[0] as String }
            var entries: Set<Entry> = []
            for table in tables {
                let names = try transaction.map("SELECT name FROM pragma_table_info(\(table))") {
                    try $0[0] as String
                }
                let values = names.map { "quote(\"\($0)\")" }.joined(separator: ", ")
                for row in try transaction.rows(SQL(stringLiteral: "SELECT \(values) FROM \"\(table)\"")) {
                    let texts = try names.indices.map { try row[$0] as String }
                    entries.insert(
                        Entry(table: table, columns: Dictionary(zip(names, texts)) { first, _ in first }))
                }
            }
            return entries
        }
    }

    /// What has come since another picture was taken, and what has gone, a line for each row. Identifiers of new rows
    /// are called after their tables; moments, numbers in a row and what else is drawn by lot are left out.
    /// - Parameter names: what else is to be called by another name.
    func changes(since before: DatabasePicture, calling names: [String: String]) -> [String] {
        // What belongs to no project is counted for both.
        func isShared(_ entry: Entry) -> Bool { entry.table == "quotausages" && entry.columns["project_id"] == "''" }
        // Who sends JSON is answered with a password that was made up. A form has no place to show one, and none is made.
        func isPassword(_ entry: Entry) -> Bool {
            entry.table == "instance_extra" && entry.columns["data"]?.wholeMatch(of: /'\{"adminPassword":"[^"]*"\}'/) != nil
        }
        func isCompared(_ entry: Entry) -> Bool { !isShared(entry) && !isPassword(entry) }
        let come = entries.subtracting(before.entries).filter(isCompared)
        let gone = before.entries.subtracting(entries).filter(isCompared)
        var names = names
        for entry in come {
            guard let id = entry.columns["id"], id.hasPrefix("'") else { continue }
            names[String(id.dropFirst().dropLast())] = "<\(entry.table)>"
        }
        let ordered = names.sorted { ($0.key.count, $0.key) > ($1.key.count, $1.key) }
        return (come.map { "+ " + Self.line($0, ordered) } + gone.map { "- " + Self.line($0, ordered) }).sorted()
    }

    private static func line(_ entry: Entry, _ names: [(key: String, value: String)]) -> String {
        let columns = entry.columns.sorted { $0.key < $1.key }.map { name, value in
            "\(name)=\(isCounted(entry, name, value) ? "…" : plain(value, names))"
        }
        return "\(entry.table): " + columns.joined(separator: ", ")
    }

    /// Moments, and numbers that a database or a service counts up for everybody.
    private static func isCounted(_ entry: Entry, _ name: String, _ value: String) -> Bool {
        switch (entry.table, name) {
        case (_, let name) where name.hasSuffix("_at"): value != "NULL"
        case ("securitygrouprules", "position"), ("recent_changes", "version"), (_, "number"): true
        default: (name == "id" || name.hasSuffix("_id")) && Int(value) != nil
        }
    }

    private static func plain(_ value: String, _ names: [(key: String, value: String)]) -> String {
        var value = value
        for (name, other) in names { value = value.replacing(name, with: other) }
        return value.replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "<uuid>")
            .replacing(/fa:16:3e(:[0-9a-f]{2}){3}/, with: "<mac>")
            .replacing(/'r-[0-9a-z]{8}'/, with: "<reservation>")
            .replacing(/'rack[12]'/, with: "<rack>").replacing(/"adminPassword":"[^"]*",/, with: "")
            .replacing(/203\.0\.113\.\d+/, with: "<outside>").replacing(/'cb0071[0-9a-f]{2}'/, with: "<outside>")
            .replacing(/f816:3eff:fe[0-9a-f]{2}:[0-9a-f]{1,4}/, with: "<interface>")
            .replacing(/f8163efffe[0-9a-f]{6}/, with: "<interface>")
    }
}
