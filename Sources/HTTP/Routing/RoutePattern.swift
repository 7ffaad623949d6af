/// A path with named holes: `/networks/{network_id}/ports/`, `/static/{path...}`.
struct RoutePattern: Sendable {
    enum Segment: Hashable, Sendable {
        case literal(String)
        /// One segment that is not empty.
        case parameter(String)
        /// Everything to the end, slashes included, not empty; last only.
        case rest(String)
    }

    let text: String
    let segments: [Segment]

    /// Names in order of appearance.
    var names: [String] {
        segments.compactMap {
            switch $0 {
            case .literal: nil
            case .parameter(let name), .rest(let name): name
            }
        }
    }

    /// A pattern is written by a programmer and read once at start: a malformed one stops the program there.
    init(_ text: String) {
        precondition(text.utf8.first == UInt8(ascii: "/"), "route pattern \(text) must start with /")
        self.text = text
        segments = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            let segment = String(Substring($0))
            guard segment.utf8.first == UInt8(ascii: "{"), segment.utf8.last == UInt8(ascii: "}") else {
                return .literal(segment)
            }
            let name = String(segment.dropFirst().dropLast())
            return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .parameter(name)
        }
        for segment in segments.dropLast() {
            if case .rest = segment { preconditionFailure("route pattern \(text): {…...} must come last") }
        }
        precondition(Set(names).count == names.count, "route pattern \(text) uses a name twice")
    }
}
