import COpenSSL

/// AES with a 128-bit key in cipher-block chaining mode, padded as PKCS #7 does (NIST SP 800-38A, RFC 5652 6.3).
/// It hides, it does not prove: check a code over the result before decrypting, as ``Fernet`` does.
public enum AES128CBC {
    /// Bytes in a key and in an initialization vector.
    public static let blockSize = 16

    /// Encrypts; `key` and `vector` have 16 bytes each.
    public static func encrypt(_ plain: [UInt8], key: [UInt8], vector: [UInt8]) -> [UInt8] {
        // With a key and vector of the right size encryption cannot be refused.
        guard let sealed = transform(plain, key: key, vector: vector, encrypting: true) else {
            preconditionFailure("this build of OpenSSL lacks AES-128-CBC")
        }
        return sealed
    }

    /// Decrypts; nil when the padding is wrong, which means a wrong key or changed bytes.
    public static func decrypt(_ sealed: [UInt8], key: [UInt8], vector: [UInt8]) -> [UInt8]? {
        guard !sealed.isEmpty, sealed.count.isMultiple(of: blockSize) else { return nil }
        return transform(sealed, key: key, vector: vector, encrypting: false)
    }

    private static func transform(
        _ input: [UInt8], key: [UInt8], vector: [UInt8], encrypting: Bool
    ) -> [UInt8]? {
        precondition(key.count == blockSize && vector.count == blockSize, "AES-128 takes 16-byte keys and vectors")
        guard let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        guard EVP_CipherInit_ex(context, EVP_aes_128_cbc(), nil, key, vector, encrypting ? 1 : 0) == 1 else {
            return nil
        }
        var output = [UInt8](repeating: 0, count: input.count + blockSize)
        var written: Int32 = 0
        var rest: Int32 = 0
        let done = output.withUnsafeMutableBufferPointer { buffer in
            EVP_CipherUpdate(context, buffer.baseAddress, &written, input, Int32(input.count)) == 1
                && EVP_CipherFinal_ex(context, buffer.baseAddress.map { $0 + Int(written) }, &rest) == 1
        }
        guard done else {
            ERR_clear_error()
            return nil
        }
        return Array(output.prefix(Int(written + rest)))
    }
}
