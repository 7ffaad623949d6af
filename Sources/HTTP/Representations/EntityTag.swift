/// An entity tag (RFC 9110 section 8.8.3): names one form of one resource, as long as it stays the same.
public struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// What stands between the quotes.
    public let opaque: String
    /// Whether it stays when content changes in a way that does not matter. Only a strong tag names bytes.
    public let isWeak: Bool

    /// A tag of visible characters without quotes, for example a hash of the content; nil for anything else.
    public init?(_ opaque: String, isWeak: Bool = false) {
        guard opaque.utf8.allSatisfy(EntityTag.isCharacter) else { return nil }
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// As it stands in a field: `"abc"`, `W/"abc"`.
    public var description: String { "\(isWeak ? "W/" : "")\"\(opaque)\"" }

    /// Whether both name the same bytes: If-Match and If-Range ask for this.
    func isSameBytes(as other: EntityTag) -> Bool { !isWeak && self == other }

    /// Whether both name the same content: If-None-Match asks for this.
    func isSameContent(as other: EntityTag) -> Bool { opaque == other.opaque }

    /// `etagc`: visible characters but the double quote, and bytes above 127.
    private static func isCharacter(_ byte: UInt8) -> Bool { byte > 0x20 && byte != 0x22 && byte != 0x7F }

    /// What an If-Match, If-None-Match or If-Range field names: a list of tags, or any at all.
    enum List: Equatable {
        case any
        case tags([EntityTag])

        /// nil when it is neither. Several fields of one name make one list.
        init?(_ values: [String]) {
            guard values != ["*"] else {
                self = .any
                return
            }
            var tags: [EntityTag] = []
            for value in values {
                var rest = value.utf8[...]
                while true {
                    rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
                    guard !rest.isEmpty else { break }
                    guard let tag = EntityTag(takenFrom: &rest) else { return nil }
                    tags.append(tag)
                }
            }
            self = .tags(tags)
        }
    }

    /// `[ "W/" ] DQUOTE *etagc DQUOTE` at the beginning, with a comma or the end behind it.
    private init?(takenFrom text: inout Substring.UTF8View) {
        isWeak = text.starts(with: "W/".utf8)
        if isWeak { text = text.dropFirst(2) }
        guard text.first == 0x22 else { return nil }
        text = text.dropFirst()
        guard let end = text.firstIndex(of: 0x22), text[..<end].allSatisfy(EntityTag.isCharacter) else { return nil }
        opaque = String(Substring(text[..<end]))
        text = text[text.index(after: end)...].drop { $0 == 0x20 || $0 == 0x09 }
        guard text.isEmpty || text.first == UInt8(ascii: ",") else { return nil }
    }
}
