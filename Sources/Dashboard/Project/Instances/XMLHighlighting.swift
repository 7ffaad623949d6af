import Markup

/// XML for the eye: names, attributes, values and comments marked, everything else as it stands. It reads leniently, for
/// whatever it is given is only shown.
struct XMLHighlighting {
    private let bytes: [UInt8]
    private var position = 0
    private var pieces: [SafeHTML] = []

    /// The text as markup for a `pre`.
    static func html(_ text: String) -> SafeHTML {
        var highlighting = XMLHighlighting(bytes: Array(text.utf8))
        highlighting.run()
        return .joined(highlighting.pieces)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func run() {
        while position < bytes.count {
            if starts(with: "<!--") {
                add(through: "-->", as: "xml-comment")
            } else if starts(with: "<?") {
                add(through: "?>", as: "xml-comment")
            } else if bytes[position] == UInt8(ascii: "<") {
                tag()
            } else {
                add(while: { $0 != UInt8(ascii: "<") }, as: nil)
            }
        }
    }

    private mutating func tag() {
        add(1, as: nil)
        if position < bytes.count, bytes[position] == UInt8(ascii: "/") { add(1, as: nil) }
        add(while: Self.isName, as: "xml-name")
        while position < bytes.count, bytes[position] != UInt8(ascii: ">") {
            switch bytes[position] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                let quote = bytes[position]
                let end = bytes[(position + 1)...].firstIndex(of: quote).map { $0 + 1 } ?? bytes.count
                add(end - position, as: "xml-value")
            case let byte where Self.isName(byte): add(while: Self.isName, as: "xml-attribute")
            default: add(1, as: nil)
            }
        }
        if position < bytes.count { add(1, as: nil) }
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"),
            UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }

    private func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    private mutating func add(through end: StaticString, as style: String?) {
        let start = position
        var index = position
        while index < bytes.count {
            position = index
            if starts(with: end) { break }
            index += 1
        }
        position = start
        add(min(index + end.utf8CodeUnitCount, bytes.count) - start, as: style)
    }

    private mutating func add(while condition: (UInt8) -> Bool, as style: String?) {
        let end = bytes[position...].firstIndex { !condition($0) } ?? bytes.count
        add(end - position, as: style)
    }

    private mutating func add(_ count: Int, as style: String?) {
        guard count > 0 else { return }
        let text = SafeHTML.text(String(decoding: bytes[position..<position + count], as: UTF8.self))
        position += count
        pieces.append(style.map { .element(.span, ["class": $0], [text]) } ?? text)
    }
}
