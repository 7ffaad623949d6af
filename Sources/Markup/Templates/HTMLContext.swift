/// Where in a page's markup a template has got to: escaping makes a value safe in text and in quoted attributes, and
/// nowhere else. Sections are read one after the other, as if all of them were shown.
struct HTMLContext {
    private enum State {
        case text
        /// Behind `<`: in a tag if a letter or a slash follows.
        case opening
        /// In a tag, outside of quotes.
        case tag
        case value(quote: UInt8, isEmpty: Bool)
        /// In `<!…>`.
        case declaration
        /// In `script` or `style`; how much of the end tag has been seen.
        case program(seen: Int)
    }

    private var state = State.text
    /// The name of the tag, in lower case; complete when `isNamed`.
    private var element: [UInt8] = []
    private var isNamed = false
    /// The name of the last attribute, in lower case; white space may stand between it and its `=`.
    private var attribute: [UInt8] = []
    private var isAttributeNamed = false

    /// Why no value may stand here; nil where it may.
    var danger: String? {
        switch state {
        case .text, .declaration: nil
        case .opening, .tag: "stands in a tag outside of quotes"
        case .value: attribute.starts(with: "on".utf8) ? "stands in a program" : nil
        case .program: "stands in <\(String(decoding: element, as: UTF8.self))>"
        }
    }

    /// Whether an element can stand here.
    var isText: Bool {
        if case .text = state { true } else { false }
    }

    /// Whether a link begins here, so that the value decides about its scheme.
    var isLinkStart: Bool {
        guard case .value(_, isEmpty: true) = state else { return false }
        return LinkScheme.attributes.contains(String(decoding: attribute, as: UTF8.self))
    }

    /// Reads on.
    mutating func read(_ markup: some Sequence<UInt8>) {
        for byte in markup { read(byte) }
    }

    private mutating func read(_ byte: UInt8) {
        switch state {
        case .text:
            if byte == UInt8(ascii: "<") { state = .opening }
        case .opening:
            (element, isNamed, attribute) = ([], false, [])
            switch byte {
            case UInt8(ascii: "/"): (state, isNamed) = (.tag, true)
            case UInt8(ascii: "!"): state = .declaration
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                state = .tag
                readInTag(byte)
            default: state = .text
            }
        case .tag: readInTag(byte)
        case .value(let quote, _):
            state = byte == quote ? .tag : .value(quote: quote, isEmpty: false)
            if byte == quote { attribute = [] }
        case .declaration:
            if byte == UInt8(ascii: ">") { state = .text }
        case .program(let seen): readInProgram(byte, seen)
        }
    }

    private mutating func readInTag(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: ">"):
            let isProgram = element.elementsEqual("script".utf8) || element.elementsEqual("style".utf8)
            state = isProgram ? .program(seen: 0) : .text
        case UInt8(ascii: "\""), UInt8(ascii: "'"): state = .value(quote: byte, isEmpty: true)
        case UInt8(ascii: "="): break
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "/"):
            (isNamed, isAttributeNamed) = (true, true)
        default:
            guard isNamed else { return element.append(byte | 0x20) }
            if isAttributeNamed { (attribute, isAttributeNamed) = ([], false) }
            attribute.append(byte | 0x20)
        }
    }

    /// A program ends at its end tag, whatever stands before it.
    private mutating func readInProgram(_ byte: UInt8, _ seen: Int) {
        let end = [UInt8(ascii: "<"), UInt8(ascii: "/")] + element
        let isNext = byte == end[seen] || (seen > 1 && byte | 0x20 == end[seen])
        guard isNext else { return state = .program(seen: byte == end[0] ? 1 : 0) }
        guard seen + 1 == end.count else { return state = .program(seen: seen + 1) }
        (state, element, isNamed) = (.tag, [], true)
    }
}
