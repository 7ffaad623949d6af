import Foundation

/// Seals bytes into a text that only the holder of the key can make or read, stamped with the time of sealing: the
/// public Fernet specification (version 0x80, AES-128-CBC, HMAC-SHA256), base64url without padding as keystone has it.
public struct Fernet: Sendable {
    private static let version: UInt8 = 0x80
    private static let headSize = 1 + 8 + AES128CBC.blockSize
    private static let codeSize = 32

    private let signingKey: [UInt8]
    private let encryptionKey: [UInt8]

    /// Takes a key of 32 bytes: 16 to sign with, 16 to encrypt with. Nil for another size.
    public init?(key: [UInt8]) {
        guard key.count == 32 else { return nil }
        signingKey = Array(key[..<16])
        encryptionKey = Array(key[16...])
    }

    /// Derives the key from the program's secret. Seals of one purpose do not open for another.
    public init(secret: [UInt8], purpose: String) {
        let key = HKDF.derive(from: secret, purpose: Array("fernet \(purpose)".utf8), count: 32)
        signingKey = Array(key[..<16])
        encryptionKey = Array(key[16...])
    }

    /// Seals; `seconds` is the moment of sealing since 1970, now unless told otherwise.
    public func seal(_ plain: [UInt8], at seconds: Int64? = nil) -> String {
        seal(plain, at: seconds ?? Int64(time(nil)), vector: Random.bytes(AES128CBC.blockSize))
    }

    func seal(_ plain: [UInt8], at seconds: Int64, vector: [UInt8]) -> String {
        let stamp = UInt64(bitPattern: seconds)
        var token = [Self.version]
        token += (0..<8).map { UInt8(truncatingIfNeeded: stamp >> UInt64(56 - 8 * $0)) }
        token += vector
        token += AES128CBC.encrypt(plain, key: encryptionKey, vector: vector)
        return Base64.url.encode(token + HMAC.sha256(key: signingKey, message: token))
    }

    /// Opens a seal.
    /// - Parameters:
    ///   - maximumAge: seconds since sealing after which it no longer opens; nil for no limit. One that claims to be
    ///     from more than a minute in the future does not open either.
    ///   - now: seconds since 1970; the machine's clock unless told otherwise.
    /// - Throws: `malformed`, `forged` or `expired`.
    public func open(
        _ text: String, maximumAge: Int64? = nil, now: Int64? = nil
    ) throws(CryptographyError) -> [UInt8] {
        guard let token = Base64.url.decode(text), token.first == Self.version,
            token.count >= Self.headSize + AES128CBC.blockSize + Self.codeSize
        else { throw .malformed }
        let signed = Array(token.dropLast(Self.codeSize))
        let code = Array(token.suffix(Self.codeSize))
        guard constantTimeEqual(HMAC.sha256(key: signingKey, message: signed), code) else { throw .forged }
        if let maximumAge {
            let stamp = Int64(bitPattern: signed[1...8].reduce(0) { $0 << 8 | UInt64($1) })
            let (age, overflow) = (now ?? Int64(time(nil))).subtractingReportingOverflow(stamp)
            guard !overflow, age <= maximumAge, age >= -60 else { throw .expired }
        }
        let vector = Array(signed[9..<Self.headSize])
        let sealed = Array(signed[Self.headSize...])
        guard let plain = AES128CBC.decrypt(sealed, key: encryptionKey, vector: vector) else { throw .malformed }
        return plain
    }
}
