/// A language of the user interface, named by its lower-case BCP 47 tag, as Horizon names them.
public struct Language: Hashable, Sendable, CustomStringConvertible {
    /// `en`, `zh-hans`.
    public let tag: String

    /// English, the language the texts are written in.
    public static let english = Language(tag: "en")
    /// Simplified Chinese.
    public static let simplifiedChinese = Language(tag: "zh-hans")

    /// The languages a reader can choose, the default first.
    public static let supported: [Language] = [.english, .simplifiedChinese]

    /// A supported language by its exact tag (as kept in a cookie or a setting), in any letter case.
    public init?(supported tag: String) {
        guard let known = Self.supported.first(where: { $0.tag == tag.lowercased() }) else { return nil }
        self = known
    }

    init(tag: String) {
        self.tag = tag
    }

    /// How many forms a noun has after a number: one port, two ports; Chinese has one form.
    var pluralForms: Int { self == .english ? 2 : 1 }

    /// The tag.
    public var description: String { tag }

    /// The supported language that fits an `Accept-Language` field best (RFC 9110 section 12.5.4); English when none
    /// is named. Every Chinese is answered in Simplified Chinese: its reader is nearer to it than to English.
    public static func best(for acceptLanguage: String) -> Language {
        var best: (language: Language, weight: Int)?
        for range in acceptLanguage.utf8.prefix(1000).split(separator: UInt8(ascii: ",")) {
            let parts = range.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            guard let language = match(trimmed(parts[0])) else { continue }
            let weight = parts.dropFirst().lazy.compactMap { quality(trimmed($0)) }.first ?? 1000
            if weight > (best?.weight ?? 0) { best = (language, weight) }
        }
        return best?.language ?? .english
    }

    private static func match(_ range: String) -> Language? {
        switch range.split(separator: "-").first {
        case "zh": .simplifiedChinese
        case "en", "*": .english
        default: nil
        }
    }

    /// `q=0.8` in thousandths; nil when it is another parameter.
    private static func quality(_ parameter: String) -> Int? {
        guard parameter.hasPrefix("q="), let value = Double(parameter.dropFirst(2)), (0...1).contains(value) else {
            return nil
        }
        return Int(value * 1000)
    }

    private static func trimmed(_ bytes: Substring.UTF8View) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let start = bytes.drop(while: isSpace)
        let end = start.reversed().drop(while: isSpace)
        return String(decoding: end.reversed(), as: UTF8.self).lowercased()
    }
}
