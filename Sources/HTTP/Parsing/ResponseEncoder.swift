/// Writes response heads and the chunked coding (RFC 9112 sections 4 and 7.1). Pure: appends to a byte array.
enum ResponseEncoder {
    /// How the end of the content is told to the client.
    enum Framing: Equatable {
        /// No content and no length: 1xx, 204, 304.
        case none
        case length(Int64)
        case chunked
        /// To the end of the connection, for HTTP/1.0.
        case close
    }

    /// What the server itself says in every response.
    struct Context {
        let standardFields: StandardFields
        let framing: Framing
        /// Whether the connection stays open.
        let keepsAlive: Bool
        /// The minor version of the request.
        let minorVersion: Int
    }

    /// Appends status line and fields.
    static func appendHead(_ response: Response, _ context: Context, to output: OutputBuffer) {
        appendStatusLine(response.status, to: output)
        context.standardFields.append(to: output, replacedBy: response.fields)
        appendFields(response.fields, to: output)
        switch context.framing {
        case .none, .close: break
        case .length(let length):
            output.append("Content-Length: ")
            output.append(decimal: length)
            output.append("\r\n")
        case .chunked: output.append("Transfer-Encoding: chunked\r\n")
        }
        if response.status == .switchingProtocols || response.status == .upgradeRequired {
            // Upgrade is a word between neighbours and says so (RFC 9110 section 7.8).
            output.append(context.keepsAlive ? "Connection: Upgrade\r\n" : "Connection: Upgrade, close\r\n")
        } else if !context.keepsAlive {
            output.append("Connection: close\r\n")
        } else if context.minorVersion == 0 {
            output.append("Connection: keep-alive\r\n")
        }
        output.append("\r\n")
    }

    /// Appends one chunk; nothing for no bytes, since an empty chunk would end the content.
    static func appendChunk(_ bytes: [UInt8], to output: OutputBuffer) {
        guard !bytes.isEmpty else { return }
        output.append(text: String(bytes.count, radix: 16))
        output.append("\r\n")
        output.append(bytes)
        output.append("\r\n")
    }

    /// What ends a chunked content.
    static var lastChunk: StaticString { "0\r\n\r\n" }

    /// The interim response to `Expect: 100-continue`.
    static var continueResponse: StaticString { "HTTP/1.1 100 Continue\r\n\r\n" }

    private static func appendStatusLine(_ status: Status, to output: OutputBuffer) {
        guard status != .ok else { return output.append("HTTP/1.1 200 OK\r\n") }
        output.append("HTTP/1.1 ")
        output.append(decimal: Int64(status.code))
        output.append(" ")
        output.append(text: status.reason)
        output.append("\r\n")
    }

    /// What a handler set: in one piece when all of it may be sent.
    private static func appendFields(_ fields: Fields, to output: OutputBuffer) {
        if fields.isWireForm, !fields.slots.contains(where: { isOwnedByServer($0, fields) }) {
            return output.append(fields.storage)
        }
        for slot in fields.slots where !isOwnedByServer(slot, fields) {
            output.append(fields.storage[slot.name.indices])
            output.append(": ")
            output.append(fields.storage[slot.value.indices])
            output.append("\r\n")
        }
    }

    /// Fields that describe the message on the wire. A handler's word for one of them could only be wrong.
    private static func isOwnedByServer(_ slot: Fields.Slot, _ fields: Fields) -> Bool {
        switch slot.name.count {
        case 4: fields.matches(slot, "Date")
        case 10: fields.matches(slot, "Connection") || fields.matches(slot, "Keep-Alive")
        case 14: fields.matches(slot, "Content-Length")
        case 17: fields.matches(slot, "Transfer-Encoding")
        default: false
        }
    }
}
