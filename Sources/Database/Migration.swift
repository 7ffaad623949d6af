/// One step of the schema: a name such as `networking/0001-networks` and its statements. Steps are only ever added.
public struct Migration: Sendable {
    /// The name under which it is recorded. The part before `/` is the service it belongs to.
    public let name: String
    let sql: String

    /// Makes a step; `sql` may hold several statements separated by semicolons.
    public init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }

    var service: Substring { name.prefix { $0 != "/" } }
}
