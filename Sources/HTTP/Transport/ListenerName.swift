/// What an adopted listener is called. A reference, so that a request that came through none pays for a nil. Two of the
/// same text are the same.
final class ListenerName: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (one: ListenerName, other: ListenerName) -> Bool { one.text == other.text }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
