import HTTP
import ServiceCore

/// Reads the members of an object by their names and remembers which were asked for: what nobody asked for is refused,
/// so that a misspelt member never goes unnoticed.
final class JSONReader {
    /// Where the object stands in the request: `server.networks[0]`; empty for the whole content.
    let path: String
    private let members: [String: JSONValue]
    private var asked: Set<String> = []
    private var isLenient = false

    private init(_ members: [String: JSONValue], path: String) {
        self.members = members
        self.path = path
    }

    /// Lets `body` read an object, and refuses members that it did not ask for.
    /// - Throws: `APIError` 400; what `body` throws.
    static func read<T>(_ members: [String: JSONValue], path: String, _ body: (JSONReader) throws -> T) throws -> T {
        let reader = JSONReader(members, path: path)
        let result = try body(reader)
        try reader.refuseUnknown()
        return result
    }

    /// The names of all members, sorted.
    var names: [String] { members.keys.sorted() }

    /// Whether the member is there, be it null.
    func has(_ name: String) -> Bool { members[name] != nil }

    /// A member; nil when it is absent.
    func optional(_ name: String) -> JSONMember? {
        asked.insert(name)
        return members[name].map { JSONMember(value: $0, path: place(of: name)) }
    }

    /// A member; nil when it is absent or null.
    func nullable(_ name: String) -> JSONMember? {
        optional(name).flatMap { $0.isNull ? nil : $0 }
    }

    /// A member that must be there.
    /// - Throws: `APIError` 400.
    func required(_ name: String) throws -> JSONMember {
        guard let member = optional(name) else { throw APIError(.badRequest, "\(place(of: name)) is required.") }
        return member
    }

    /// Members that nobody asks for are let pass: keystone takes any.
    func allowUnknown() {
        isLenient = true
    }

    /// Every member that nobody has asked for so far: what keystone keeps without knowing what it means.
    func others() -> [String: JSONValue] {
        isLenient = true
        return members.filter { !asked.contains($0.key) }
    }

    private func place(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func refuseUnknown() throws {
        guard !isLenient else { return }
        let unknown = names.filter { !asked.contains($0) }
        guard !unknown.isEmpty else { return }
        throw APIError(
            .badRequest,
            "Additional properties are not allowed (\(unknown.map { "'\($0)'" }.joined(separator: ", ")) "
                + "in \(path.isEmpty ? "the request's content" : path)).")
    }
}

/// A value in a request, and where it stands. Each reader throws an `APIError` 400 that names place, value and rule.
struct JSONMember {
    let value: JSONValue
    let path: String

    /// Whether it is null.
    var isNull: Bool { value == .null }

    /// A text of so many characters.
    func text(_ length: ClosedRange<Int> = 0...65_535) throws -> String {
        guard case .text(let text) = value else { throw mismatch("a text") }
        guard length.contains(text.unicodeScalars.count) else {
            throw refusal("must have \(length.lowerBound) to \(length.upperBound) characters")
        }
        return text
    }

    /// A text, or nil for null.
    func nullableText(_ length: ClosedRange<Int> = 0...65_535) throws -> String? {
        isNull ? nil : try text(length)
    }

    /// One of these texts.
    func choice(_ choices: [String]) throws -> String {
        let text = try text()
        guard choices.contains(text) else { throw refusal("must be one of \(choices.joined(separator: ", "))") }
        return text
    }

    /// A UUID, with or without hyphens, as it was sent.
    func uuid() throws -> String {
        let text = try text()
        guard text.isUUID else { throw refusal("must be a UUID") }
        return text
    }

    /// true or false, and nothing else.
    func bool() throws -> Bool {
        guard case .bool(let bool) = value else { throw mismatch("a boolean") }
        return bool
    }

    /// true or false, also as texts and numbers as nova's and neutron's converters take them.
    func looseBool() throws -> Bool {
        switch value {
        case .bool(let bool): return bool
        case .integer(0): return false
        case .integer(1): return true
        case .text(let text):
            if let bool = LooseBool.value(of: text) { return bool }
            throw refusal("must be a boolean")
        default: throw mismatch("a boolean")
        }
    }

    /// A whole number.
    func integer(_ range: ClosedRange<Int> = Int.min...Int.max) throws -> Int {
        guard case .integer(let integer) = value else { throw mismatch("an integer") }
        return try checked(integer, range)
    }

    /// A whole number, also as a text as nova and neutron take it.
    func looseInteger(_ range: ClosedRange<Int> = Int.min...Int.max) throws -> Int {
        if case .text(let text) = value, let integer = Int(text) { return try checked(integer, range) }
        return try integer(range)
    }

    /// Any number.
    func number() throws -> Double {
        switch value {
        case .integer(let integer): return Double(integer)
        case .number(let number): return number
        default: throw mismatch("a number")
        }
    }

    /// The items of a list.
    func list(_ count: ClosedRange<Int> = 0...10_000) throws -> [JSONMember] {
        guard case .list(let list) = value else { throw mismatch("a list") }
        guard count.contains(list.count) else {
            throw refusal("must have \(count.lowerBound) to \(count.upperBound) items")
        }
        return list.enumerated().map { JSONMember(value: $1, path: "\(path)[\($0)]") }
    }

    /// Lets `body` read an object; members it does not ask for are refused.
    func object<T>(_ body: (JSONReader) throws -> T) throws -> T {
        guard case .object(let members) = value else { throw mismatch("an object") }
        return try JSONReader.read(members, path: path, body)
    }

    /// An object of texts: metadata.
    func texts(
        name: ClosedRange<Int> = 1...255, text: ClosedRange<Int> = 0...255
    ) throws -> [String: String] {
        guard case .object(let members) = value else { throw mismatch("an object") }
        return try members.reduce(into: [:]) { texts, member in
            guard name.contains(member.key.unicodeScalars.count) else {
                throw refusal("has a name that has not \(name.lowerBound) to \(name.upperBound) characters")
            }
            texts[member.key] = try JSONMember(value: member.value, path: "\(path).\(member.key)").text(text)
        }
    }

    /// A refusal of this value: place, value and rule.
    func refusal(_ rule: String) -> APIError {
        let shown: String =
            switch value {
            case .text(let text): " '\(text.prefix(80))'"
            case .integer(let integer): " \(integer)"
            default: ""
            }
        return APIError(.badRequest, "Invalid input for \(path):\(shown) \(rule).")
    }

    private func mismatch(_ wanted: String) -> APIError {
        APIError(.badRequest, "Invalid input for \(path): \(value.kind) is not \(wanted).")
    }

    private func checked(_ integer: Int, _ range: ClosedRange<Int>) throws -> Int {
        guard range.contains(integer) else {
            throw refusal("must be \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }
}

extension String {
    /// Whether this is a UUID, with or without hyphens.
    var isUUID: Bool {
        let digits = utf8.filter { $0 != UInt8(ascii: "-") }
        return digits.count == 32 && (utf8.count == 32 || utf8.count == 36)
            && digits.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
    }
}
