import HTTP
import ServiceCore
import Synchronization

/// Reads a query by its names and remembers which were asked for, so that a service that is strict can refuse the rest.
final class QueryReader: Sendable {
    /// Names and values in the order they were sent.
    let pairs: [(name: String, value: String)]
    private let asked = Mutex<Set<String>>([])

    init(_ query: FormData) {
        pairs = query.pairs
    }

    /// All names that were sent, in their order.
    var names: [String] { pairs.map(\.name) }

    /// Whether the name was sent.
    func has(_ name: String) -> Bool {
        ask(name)
        return pairs.contains { $0.name == name }
    }

    /// The first value; nil when it was not sent.
    func text(_ name: String) -> String? {
        ask(name)
        return pairs.first { $0.name == name }?.value
    }

    /// Every value of a name that may be repeated.
    func texts(_ name: String) -> [String] {
        ask(name)
        return pairs.compactMap { $0.name == name ? $0.value : nil }
    }

    /// A whole number.
    /// - Throws: `APIError` 400.
    func integer(_ name: String, _ range: ClosedRange<Int> = Int.min...Int.max) throws -> Int? {
        guard let text = text(name) else { return nil }
        guard let integer = Int(text), range.contains(integer) else {
            throw APIError(
                .badRequest, "Invalid input for \(name): '\(text.prefix(80))' is not a number that is taken.")
        }
        return integer
    }

    /// true or false in any of OpenStack's spellings.
    /// - Throws: `APIError` 400.
    func bool(_ name: String) throws -> Bool? {
        guard let text = text(name) else { return nil }
        guard let bool = LooseBool.value(of: text) else {
            throw APIError(.badRequest, "Invalid input for \(name): '\(text.prefix(80))' is not a boolean.")
        }
        return bool
    }

    /// Refuses names that nobody asked for.
    /// - Throws: `APIError` 400.
    func refuseUnknown() throws {
        guard !pairs.isEmpty else { return }
        let unknown = asked.withLock { asked in names.filter { !asked.contains($0) } }
        guard unknown.isEmpty else {
            throw APIError(
                .badRequest,
                "Additional properties are not allowed (\(unknown.map { "'\($0)'" }.joined(separator: ", ")) in the query)."
            )
        }
    }

    private func ask(_ name: String) {
        guard !pairs.isEmpty else { return }
        asked.withLock { _ = $0.insert(name) }
    }

    /// The same query with another marker: what the next page's link leads to.
    func replacing(_ name: String, with value: String) -> String {
        (pairs.filter { $0.name != name } + [(name, value)])
            .map { "\(PercentCoding.encode($0))=\(PercentCoding.encode($1))" }.joined(separator: "&")
    }
}
