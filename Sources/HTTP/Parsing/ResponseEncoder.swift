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
    static func appendHead(_ response: Response, _ context: Context, to output: inout [UInt8]) {
        appendStatusLine(response.status, to: &output)
        context.standardFields.append(to: &output, replacedBy: response.fields)
        for slot in response.fields.slots where !isOwnedByServer(slot, response.fields) {
            output += response.fields.storage[slot.name.indices]
            output += ": ".utf8
            output += response.fields.storage[slot.value.indices]
            output += "\r\n".utf8
        }
        switch context.framing {
        case .none, .close: break
        case .length(let length):
            output += "Content-Length: ".utf8
            appendDecimal(length, to: &output)
            output += "\r\n".utf8
        case .chunked: output += "Transfer-Encoding: chunked\r\n".utf8
        }
        if !context.keepsAlive {
            output += "Connection: close\r\n".utf8
        } else if context.minorVersion == 0 {
            output += "Connection: keep-alive\r\n".utf8
        }
        output += "\r\n".utf8
    }

    /// Appends one chunk; nothing for no bytes, since an empty chunk would end the content.
    static func appendChunk(_ bytes: [UInt8], to output: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        output += String(bytes.count, radix: 16).utf8
        output += "\r\n".utf8
        output += bytes
        output += "\r\n".utf8
    }

    /// What ends a chunked content.
    static let lastChunk = Array("0\r\n\r\n".utf8)

    /// The interim response to `Expect: 100-continue`.
    static let continueResponse = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    private static func appendStatusLine(_ status: Status, to output: inout [UInt8]) {
        guard status != .ok else {
            output += "HTTP/1.1 200 OK\r\n".utf8
            return
        }
        output += "HTTP/1.1 ".utf8
        appendDecimal(Int64(status.code), to: &output)
        output.append(UInt8(ascii: " "))
        output += status.reason.utf8
        output += "\r\n".utf8
    }

    private static func appendDecimal(_ value: Int64, to output: inout [UInt8]) {
        var divisor: Int64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            output.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
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

extension Range<UInt32> {
    /// The same range for indexing an array.
    var indices: Range<Int> { Int(lowerBound)..<Int(upperBound) }
}
