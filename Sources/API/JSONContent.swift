import Foundation
import HTTP

/// JSON in and out. Members are written in the order of their names, so that an answer is the same every time.
enum JSONContent {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }

    /// - Throws: `APIError` 400 that names the member and what is wrong with it.
    static func decode<T: Decodable>(_ type: T.Type, from content: [UInt8]) throws -> T {
        do {
            return try JSONDecoder().decode(type, from: Data(content))
        } catch {
            throw APIError(.badRequest, reason(for: error))
        }
    }

    private static func reason(for error: any Error) -> String {
        guard let fault = error as? DecodingError else { return "The request's content is not understood." }
        func place(_ path: [any CodingKey]) -> String {
            path.isEmpty ? "The request's content" : path.map(\.stringValue).joined(separator: ".")
        }
        return switch fault {
        case .keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is required."
        case .valueNotFound(_, let context): "\(place(context.codingPath)) must not be null."
        case .typeMismatch(let type, let context): "\(place(context.codingPath)) must be \(Self.name(of: type))."
        case .dataCorrupted(let context): "\(place(context.codingPath)): \(context.debugDescription)"
        @unknown default: "The request's content is not understood."
        }
    }

    private static func name(of type: Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Int.Type, is Double.Type: "a number"
        case is Bool.Type: "true or false"
        case is [Any].Type: "a list"
        default: "an object"
        }
    }
}
