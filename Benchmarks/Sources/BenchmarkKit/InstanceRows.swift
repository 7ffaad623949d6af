import Foundation

/// Rows as launches have left them.
public enum InstanceRows {
    /// What fills the tables of an empty cloud with so many instances of the administrator's project.
    public static func sql(_ count: Int) throws -> String {
        guard let file = Bundle.module.url(forResource: "instances", withExtension: "sql") else {
            throw Failure("instances.sql was not built")
        }
        return try String(contentsOf: file, encoding: .utf8).replacing("@COUNT@", with: "\(count)")
    }
}
