/// What sets a listener apart from the plain ones of the configuration. A reference, so that a request that came through
/// one of those pays for a nil. Two that say the same are the same.
final class ListenerName: Hashable, Sendable {
    /// What an adopted one is called; nil for those of the configuration.
    let text: String?
    /// The path below which its clients find routes without saying so.
    let prefix: String?

    init(_ text: String?, prefix: String? = nil) {
        self.text = text
        self.prefix = prefix
    }

    static func == (one: ListenerName, other: ListenerName) -> Bool {
        one.text == other.text && one.prefix == other.prefix
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(prefix)
    }
}
