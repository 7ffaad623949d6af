import COpenSSL

/// Codes that only somebody with the key can make (RFC 2104).
public enum HMAC {
    /// The 32-byte code of a message.
    public static func sha256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        code(EVP_sha256(), 32, key, message)
    }

    /// The 20-byte code of a message, for one-time passwords.
    static func sha1(key: [UInt8], message: [UInt8]) -> [UInt8] {
        code(EVP_sha1(), 20, key, message)
    }

    private static func code(
        _ algorithm: OpaquePointer?, _ size: Int, _ key: [UInt8], _ message: [UInt8]
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            var length: UInt32 = 0
            let code = COpenSSL.HMAC(
                algorithm, key, Int32(key.count), message, message.count, buffer.baseAddress, &length)
            precondition(code != nil, "this build of OpenSSL lacks HMAC")
            count = Int(length)
        }
    }
}

/// Makes keys for several purposes of one secret (RFC 5869, with SHA-256).
public enum HKDF {
    /// A key of up to 8160 bytes. Different `purpose`s give keys that tell nothing about one another.
    public static func derive(from secret: [UInt8], salt: [UInt8] = [], purpose: [UInt8], count: Int) -> [UInt8] {
        precondition((0...255 * 32).contains(count), "RFC 5869 section 2.3: at most 255 blocks")
        let extracted = HMAC.sha256(
            key: salt.isEmpty ? [UInt8](repeating: 0, count: 32) : salt, message: secret)
        var key: [UInt8] = []
        var block: [UInt8] = []
        var number: UInt8 = 0
        while key.count < count {
            number += 1
            block = HMAC.sha256(key: extracted, message: block + purpose + [number])
            key += block
        }
        return Array(key.prefix(count))
    }
}
