import BenchmarkKit

/// The real program with a table of so many instances.
struct InstanceTable {
    /// Instances in the table.
    let count: Int
    let program: DaybreakProgram

    init(_ program: String, instances count: Int) throws {
        self.count = count
        self.program = try DaybreakProgram(
            program, named: "page-\(count)", settings: ["LIBVIRT_URI": #""simulated""#], sql: try InstanceRows.sql(count))
    }

    /// The marker of the page in the middle of the list.
    func middle() throws -> String {
        try program.query("SELECT id FROM instances WHERE number = \(count / 2);").first ?? ""
    }
}
