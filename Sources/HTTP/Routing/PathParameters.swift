/// What the `{names}` of a route's pattern matched, decoded.
public struct PathParameters: Sendable {
    private let names: [String]
    private let values: [String]

    /// - Parameter values: as many as there are names, in the pattern's order.
    init(_ names: [String] = [], _ values: [String] = []) {
        self.names = names
        self.values = values
    }

    /// Names and values in the pattern's order.
    public var pairs: [(name: String, value: String)] { zip(names, values).map { ($0, $1) } }

    /// The value of a name. A name the pattern does not have is the program's mistake and gives an empty text, which
    /// names nothing.
    public subscript(name: String) -> String {
        names.firstIndex(of: name).map { values[$0] } ?? ""
    }
}
