/// What the `{names}` of a route's pattern matched, decoded.
public struct PathParameters: Sendable {
    /// Names and values in the pattern's order.
    public let pairs: [(name: String, value: String)]

    init() {
        pairs = []
    }

    init(_ names: [String], _ values: [String]) {
        pairs = names.isEmpty ? [] : zip(names, values).map { ($0, $1) }
    }

    /// The value of a name. A name the pattern does not have is the program's mistake and gives an empty text, which
    /// names nothing.
    public subscript(name: String) -> String {
        pairs.first { $0.name == name }?.value ?? ""
    }
}
