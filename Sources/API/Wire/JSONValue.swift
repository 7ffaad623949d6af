import Foundation
import HTTP

/// Any JSON value (RFC 8259).
enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// Reads a text.
    /// - Throws: `APIError` 400.
    init(parsing content: [UInt8]) throws {
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: Data(content))
        } catch {
            throw APIError(.badRequest, "The request's content is not valid JSON.")
        }
    }

    /// What the value is, in a refusal: `a text`.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

extension JSONValue: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Texts first: they are most of what is sent, and each wrong guess costs an error.
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if container.decodeNil() {
            self = .null
        } else if let object = try? container.decode([String: JSONValue].self) {
            self = .object(object)
        } else if let integer = try? container.decode(Int.self) {
            self = .integer(integer)
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let list = try? container.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .number(try container.decode(Double.self))
        }
    }
}

extension JSONValue: JSONWritable {
    func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .bool(let bool): bool.write(to: &json)
        case .integer(let integer): integer.write(to: &json)
        case .number(let number): number.write(to: &json)
        case .text(let text): text.write(to: &json)
        case .list(let list): list.write(to: &json)
        case .object(let object): object.write(to: &json)
        }
    }
}
