/// Why the benchmark cannot go on.
public struct Failure: Error, CustomStringConvertible {
    /// For the person who started it.
    public let description: String

    /// A reason.
    public init(_ description: String) {
        self.description = description
    }
}
