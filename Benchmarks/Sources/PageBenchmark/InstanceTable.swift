import BenchmarkKit
import Foundation

/// The real program with a table of so many instances.
struct InstanceTable {
    /// Instances in the table.
    let count: Int
    let program: DaybreakProgram

    init(_ program: String, instances count: Int) throws {
        self.count = count
        guard let file = Bundle.module.url(forResource: "instances", withExtension: "sql") else {
            throw Failure("instances.sql was not built")
        }
        let sql = try String(contentsOf: file, encoding: .utf8).replacingOccurrences(of: "@COUNT@", with: "\(count)")
        self.program = try DaybreakProgram(
            program, named: "page-\(count)", settings: ["LIBVIRT_URI": #""simulated""#], sql: sql)
    }

    /// The marker of the page in the middle of the list.
    func middle() throws -> String {
        try program.query("SELECT id FROM instances WHERE number = \(count / 2);").first ?? ""
    }
}
