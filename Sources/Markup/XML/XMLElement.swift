/// An XML element to be written: a name, attributes and content.
///
/// ```swift
/// element("domain", ["type": "kvm"]) {
///     element("name") { "instance-00000001" }
///     if spec.configDrive { disk(for: spec) }
/// }
/// ```
public struct XMLElement: Sendable, Hashable {
    /// What stands inside an element.
    public enum Content: Sendable, Hashable {
        case element(XMLElement)
        case text(String)
    }

    /// The qualified name, `nova:owner`.
    public let name: XMLName
    /// In the order they are written.
    public private(set) var attributes: [Attribute]
    /// Elements and texts in order.
    public var content: [Content]

    /// A name and its value.
    public struct Attribute: Sendable, Hashable {
        /// The qualified name.
        public let name: XMLName
        /// The value, not escaped.
        public let value: String
    }

    /// Makes an element. An attribute whose value is nil is left out.
    public init(
        _ name: XMLName, _ attributes: KeyValuePairs<XMLName, String?> = [:],
        @XMLContentBuilder content: () -> [Content] = { [] }
    ) {
        self.name = name
        self.attributes = attributes.compactMap { name, value in value.map { Attribute(name: name, value: $0) } }
        self.content = content()
    }

    /// The first attribute of that name.
    public func attribute(_ name: XMLName) -> String? {
        attributes.first { $0.name == name }?.value
    }

    /// The elements directly inside.
    public var children: [XMLElement] {
        content.compactMap { if case .element(let child) = $0 { child } else { nil } }
    }

    /// The texts directly inside, joined.
    public var text: String {
        content.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }
}

/// An element, for writing trees: see `XMLElement`.
public func element(
    _ name: XMLName, _ attributes: KeyValuePairs<XMLName, String?> = [:],
    @XMLContentBuilder content: () -> [XMLElement.Content] = { [] }
) -> XMLElement {
    XMLElement(name, attributes, content: content)
}

/// The name of an element or attribute; only a literal in the program's text can be one, so it is never input.
public struct XMLName: ExpressibleByStringLiteral, Hashable, Sendable, CustomStringConvertible {
    let text: String

    /// Takes the name from a literal.
    public init(stringLiteral literal: StaticString) {
        text = literal.description
    }

    /// The name.
    public var description: String { text }
}

/// Collects elements and texts, with `if`, `else` and `for`.
@resultBuilder
public enum XMLContentBuilder {
    /// An element.
    public static func buildExpression(_ element: XMLElement) -> [XMLElement.Content] { [.element(element)] }
    /// An element that may be missing.
    public static func buildExpression(_ element: XMLElement?) -> [XMLElement.Content] {
        element.map { [.element($0)] } ?? []
    }
    /// Elements in order.
    public static func buildExpression(_ elements: [XMLElement]) -> [XMLElement.Content] {
        elements.map { .element($0) }
    }
    /// A text; it is escaped when it is written.
    public static func buildExpression(_ text: String) -> [XMLElement.Content] { [.text(text)] }
    /// A whole number as text.
    public static func buildExpression(_ number: some BinaryInteger) -> [XMLElement.Content] { [.text("\(number)")] }
    /// One after the other.
    public static func buildBlock(_ parts: [XMLElement.Content]...) -> [XMLElement.Content] { parts.flatMap { $0 } }
    /// `for`.
    public static func buildArray(_ parts: [[XMLElement.Content]]) -> [XMLElement.Content] { parts.flatMap { $0 } }
    /// `if` without `else`.
    public static func buildOptional(_ part: [XMLElement.Content]?) -> [XMLElement.Content] { part ?? [] }
    /// `if`.
    public static func buildEither(first part: [XMLElement.Content]) -> [XMLElement.Content] { part }
    /// `else`.
    public static func buildEither(second part: [XMLElement.Content]) -> [XMLElement.Content] { part }
}
