/// Markup that is safe to put into a page as it stands. Only this module makes it: from texts, which it escapes, and
/// from elements whose names come from closed lists.
///
/// ```swift
/// SafeHTML.element(.svg, ["viewBox": "0 0 100 8", "role": "img"], [
///     .element(.title, [.text(label)]),
///     .element(.rect, ["width": "\(percent)", "height": "8", "class": "used"]),
/// ])
/// ```
public struct SafeHTML: Sendable, Hashable, CustomStringConvertible {
    let markup: String

    /// No markup at all.
    public static let empty = SafeHTML(markup: "")

    /// Whether there is nothing in it.
    public var isEmpty: Bool { markup.isEmpty }

    /// The markup.
    public var description: String { markup }

    /// A text; its special characters are escaped.
    public static func text(_ text: String) -> SafeHTML {
        var output: [UInt8] = []
        HTMLEscaping.append(text, to: &output)
        return SafeHTML(markup: String(decoding: output, as: UTF8.self))
    }

    /// Pieces one after the other.
    public static func joined(_ pieces: [SafeHTML]) -> SafeHTML {
        SafeHTML(markup: pieces.map(\.markup).joined())
    }

    /// An element around its content. An attribute whose value is nil is left out.
    ///
    /// Event attributes (`on…`) are left out too, because their values are programs; a link whose scheme could run
    /// one (`javascript:`, `data:`) becomes `#`.
    public static func element(
        _ name: HTMLElementName, _ attributes: KeyValuePairs<HTMLAttributeName, String?> = [:],
        _ content: [SafeHTML] = []
    ) -> SafeHTML {
        var output: [UInt8] = []
        output.append(contentsOf: "<\(name.rawValue)".utf8)
        for (attribute, value) in attributes {
            guard let value, !attribute.isEvent else { continue }
            output.append(contentsOf: " \(attribute.text)=\"".utf8)
            HTMLEscaping.append(attribute.isLink && !LinkScheme.isHarmless(value) ? "#" : value, to: &output)
            output.append(UInt8(ascii: "\""))
        }
        output.append(UInt8(ascii: ">"))
        if !name.isVoid {
            for piece in content { output.append(contentsOf: piece.markup.utf8) }
            output.append(contentsOf: "</\(name.rawValue)>".utf8)
        }
        return SafeHTML(markup: String(decoding: output, as: UTF8.self))
    }

    /// An element around its content, without attributes.
    public static func element(_ name: HTMLElementName, _ content: [SafeHTML]) -> SafeHTML {
        element(name, [:], content)
    }
}

/// The elements `SafeHTML` can be built of. `script` and `style` are not among them: their content is not text.
public enum HTMLElementName: String, Sendable {
    case a, abbr, b, br, code, div, em, i, img, kbd, li, mark, ol, p, pre, small, span, strong, time, ul, wbr
    case dd, details, dl, dt, meter, progress, summary, table, tbody, td, th, thead, tr
    case circle, defs, desc, ellipse, g, line, linearGradient, path, polygon, polyline, rect, stop, svg, symbol, text
    case title, tspan, use

    var isVoid: Bool {
        switch self {
        case .br, .img, .wbr: true
        default: false
        }
    }
}

/// The name of an attribute; only a literal in the program's text can be one.
public struct HTMLAttributeName: ExpressibleByStringLiteral, Sendable {
    let text: String

    /// Takes the name from a literal.
    public init(stringLiteral literal: StaticString) {
        text = literal.description
    }

    var isEvent: Bool { text.lowercased().hasPrefix("on") }

    var isLink: Bool { LinkScheme.attributes.contains(text.lowercased()) }
}

/// Which links a page may carry: those that only ever lead somewhere.
enum LinkScheme {
    /// The attributes that hold a link.
    static let attributes: Set<String> = [
        "action", "data", "formaction", "href", "poster", "src", "srcset", "xlink:href",
    ]

    /// Relative links, fragments, and http, https, mailto and ssh. A browser ignores spaces and control characters
    /// before and inside a scheme, so any of these before the colon makes the link harmful.
    static func isHarmless(_ link: String) -> Bool {
        let head = link.utf8.prefix { byte in
            byte != UInt8(ascii: "/") && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "#")
        }
        guard let colon = head.firstIndex(of: UInt8(ascii: ":")) else { return true }
        let scheme = String(decoding: head[..<colon], as: UTF8.self).lowercased()
        return ["http", "https", "mailto", "ssh"].contains(scheme)
    }
}
