/// A media type or another value with parameters, as in Content-Type and Content-Disposition
/// (RFC 9110 sections 5.6.6 and 8.3.1).
struct MediaType: Sendable {
    /// Lower case: "multipart/form-data".
    let name: String
    /// Names in lower case; quoted strings without their quotes.
    let parameters: [String: String]

    /// nil when the text does not follow the grammar, or names a parameter twice.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        let nameEnd = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.endIndex
        name = String(decoding: bytes[..<nameEnd], as: UTF8.self).trimmingBlanks().lowercased()
        guard !name.isEmpty, name.utf8.allSatisfy({ Grammar.isToken($0) || $0 == UInt8(ascii: "/") }) else {
            return nil
        }
        var parameters: [String: String] = [:]
        var scanner = ParameterScanner(bytes: bytes, index: nameEnd)
        while !scanner.isAtEnd {
            guard let parameter = scanner.next() else { return nil }
            guard let (name, value) = parameter else { continue }
            guard parameters.updateValue(value, forKey: name) == nil else { return nil }
        }
        self.parameters = parameters
    }
}

/// Walks along `; name=value; name="quoted"`.
private struct ParameterScanner {
    let bytes: [UInt8]
    var index: Int

    var isAtEnd: Bool { index >= bytes.count }

    /// The next parameter; an inner nil for an empty one (`;;`), an outer nil for a malformed one.
    mutating func next() -> (name: String, value: String)?? {
        guard bytes[index] == UInt8(ascii: ";") else { return nil }
        index += 1
        skipBlanks()
        let start = index
        while index < bytes.count, Grammar.isToken(bytes[index]) { index += 1 }
        let name = String(decoding: bytes[start..<index], as: UTF8.self).lowercased()
        if name.isEmpty {
            skipBlanks()
            return isAtEnd || bytes[index] == UInt8(ascii: ";") ? .some(nil) : nil
        }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { return nil }
        index += 1
        guard let value = index < bytes.count && bytes[index] == UInt8(ascii: "\"") ? quoted() : token() else {
            return nil
        }
        skipBlanks()
        return .some((name, value))
    }

    private mutating func token() -> String? {
        let start = index
        while index < bytes.count, Grammar.isToken(bytes[index]) { index += 1 }
        return start < index ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }

    private mutating func quoted() -> String? {
        var value: [UInt8] = []
        index += 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return String(validating: value, as: UTF8.self)
            case UInt8(ascii: "\\") where index + 1 < bytes.count && isQuotable(bytes[index + 1]):
                value.append(bytes[index + 1])
                index += 2
            case let byte:
                value.append(byte)
                index += 1
            }
        }
        return nil
    }

    /// Browsers send a bare backslash in file names (`C:\x`), so only these two are taken as escapes.
    private func isQuotable(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func skipBlanks() {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    }
}
