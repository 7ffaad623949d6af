import Foundation
import ServiceCore

/// A message as it is kept: translated when it is shown, not when it is written.
struct StoredMessage: Codable {
    private let text: String
    private let arguments: [String: String]

    init(_ message: Message) {
        text = message.text
        arguments = message.arguments
    }

    var message: Message { Message(text, arguments) }
}

/// Small JSON columns.
enum StoredJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<T: Decodable>(_ text: String, as type: T.Type = T.self) throws -> T {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    static func text(_ message: Message?) throws -> String? {
        try message.map { try text(StoredMessage($0)) }
    }

    static func message(_ text: String?) throws -> Message? {
        try text.map { try value($0, as: StoredMessage.self).message }
    }
}
