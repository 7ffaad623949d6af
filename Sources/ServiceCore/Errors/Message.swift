/// A text for people. The English text is the key of its translation; `{name}` stands for an argument.
public struct Message: Hashable, Sendable {
    /// The English text with its placeholders.
    public let text: String
    /// What to put in the places of the placeholders.
    public let arguments: [String: String]

    /// Makes a message: `Message("Network {name} is in use.", ["name": network.name])`.
    public init(_ english: String, _ arguments: [String: String] = [:]) {
        text = english
        self.arguments = arguments
    }

    /// The English text with the arguments filled in.
    public var english: String {
        filled(text)
    }

    /// A translation of ``text`` with the arguments filled in. A placeholder without an argument stays as it is; an
    /// argument is never searched for placeholders.
    public func filled(_ translation: String) -> String {
        guard !arguments.isEmpty else { return translation }
        var result = ""
        var rest = translation[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            let inside = rest[rest.index(after: open)...]
            guard let close = inside.firstIndex(of: "}"), let argument = arguments[String(inside[..<close])] else {
                result += "{"
                rest = inside
                continue
            }
            result += argument
            rest = inside[inside.index(after: close)...]
        }
        return result + rest
    }
}

extension Message: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
