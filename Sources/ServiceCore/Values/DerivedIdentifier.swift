import Cryptography

/// Identifiers that are made of others: always the same for the same.
public enum DerivedIdentifier {
    /// The UUID of version 5 (RFC 9562, section 5.5) of a name in a namespace, in lower case.
    /// - Parameter namespace: a UUID.
    public static func uuid(of name: String, in namespace: String) -> String {
        let digits = namespace.compactMap(\.hexDigitValue)
        let space = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        var sum = Array(SHA1.hash(space + Array(name.utf8)).prefix(16))
        sum[6] = sum[6] & 0x0F | 0x50
        sum[8] = sum[8] & 0x3F | 0x80
        var text = ""
        for (index, byte) in sum.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}
