import COpenSSL

/// A key pair for logging in by SSH.
public struct SSHKey: Sendable {
    /// What can be generated.
    public enum Algorithm: String, Sendable, CaseIterable {
        case ed25519, rsa2048
    }

    /// The file for `ssh -i`, unencrypted: OpenSSH's own format for Ed25519, PKCS #8 PEM for RSA.
    public let privateKey: String
    /// The public half.
    public let publicKey: SSHPublicKey

    /// Makes a key pair; RSA takes some tenths of a second.
    /// - Throws: `CryptographyError.failed` when OpenSSL refuses.
    public static func generate(_ algorithm: Algorithm, comment: String = "") throws(CryptographyError) -> SSHKey {
        switch algorithm {
        case .ed25519: try ed25519(comment)
        case .rsa2048: try rsa(bits: 2048, comment)
        }
    }

    private static func ed25519(_ comment: String) throws(CryptographyError) -> SSHKey {
        let key = try makeKey(EVP_PKEY_ED25519) { _ in 1 }
        defer { EVP_PKEY_free(key) }
        let seed = try raw(key, EVP_PKEY_get_raw_private_key)
        let point = try raw(key, EVP_PKEY_get_raw_public_key)
        var blob = SSHWriter()
        blob.write(string: "ssh-ed25519")
        blob.write(string: point)
        let publicKey = SSHPublicKey(type: "ssh-ed25519", blob: blob.bytes, comment: comment)
        return SSHKey(privateKey: openSSHFile(seed: seed, point: point, publicKey), publicKey: publicKey)
    }

    /// The file format of OpenSSH's PROTOCOL.key, with cipher and key derivation "none".
    private static func openSSHFile(seed: [UInt8], point: [UInt8], _ publicKey: SSHPublicKey) -> String {
        let check = UInt32.random(in: .min ... .max)
        var secret = SSHWriter()
        secret.write(check)
        secret.write(check)
        secret.append(publicKey.blob)
        secret.write(string: seed + point)
        secret.write(string: publicKey.comment)
        let blockSize = 8
        let padding = (blockSize - secret.bytes.count % blockSize) % blockSize
        secret.append((0..<padding).map { UInt8($0 + 1) })

        var file = SSHWriter()
        file.append(Array("openssh-key-v1\0".utf8))
        file.write(string: "none")
        file.write(string: "none")
        file.write(string: "")
        file.write(1)
        file.write(string: publicKey.blob)
        file.write(string: secret.bytes)

        var text = Base64.standard.encode(file.bytes)[...]
        var lines: [Substring] = []
        while !text.isEmpty {
            lines.append(text.prefix(70))
            text = text.dropFirst(70)
        }
        return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + lines.joined(separator: "\n")
            + "\n-----END OPENSSH PRIVATE KEY-----\n"
    }

    private static func rsa(bits: Int32, _ comment: String) throws(CryptographyError) -> SSHKey {
        let key = try makeKey(EVP_PKEY_RSA) { EVP_PKEY_CTX_set_rsa_keygen_bits($0, bits) }
        defer { EVP_PKEY_free(key) }
        var blob = SSHWriter()
        blob.write(string: "ssh-rsa")
        blob.write(integer: try number(key, OSSL_PKEY_PARAM_RSA_E))
        blob.write(integer: try number(key, OSSL_PKEY_PARAM_RSA_N))
        let publicKey = SSHPublicKey(type: "ssh-rsa", blob: blob.bytes, comment: comment)
        return SSHKey(privateKey: try pem(key), publicKey: publicKey)
    }

    static func makeKey(
        _ type: Int32, _ configure: (OpaquePointer) -> Int32
    ) throws(CryptographyError) -> OpaquePointer {
        guard let context = EVP_PKEY_CTX_new_id(type, nil) else { throw .openSSL("key type") }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, configure(context) == 1, EVP_PKEY_keygen(context, &key) == 1,
            let key
        else { throw .openSSL("key generation") }
        return key
    }

    private static func raw(
        _ key: OpaquePointer, _ get: (OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?) -> Int32
    ) throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        var count = bytes.count
        guard get(key, &bytes, &count) == 1, count == bytes.count else { throw .openSSL("raw key") }
        return bytes
    }

    private static func number(_ key: OpaquePointer, _ name: String) throws(CryptographyError) -> [UInt8] {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(key, name, &number) == 1 else { throw .openSSL(name) }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return bytes
    }

    static func pem(_ key: OpaquePointer) throws(CryptographyError) -> String {
        guard let output = BIO_new(BIO_s_mem()) else { throw .openSSL("memory") }
        defer { BIO_free(output) }
        guard PEM_write_bio_PrivateKey(output, key, nil, nil, 0, nil, nil) == 1 else { throw .openSSL("PEM") }
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = BIO_read(output, &bytes, Int32(bytes.count))
        guard count > 0 else { throw .openSSL("PEM") }
        return String(decoding: bytes.prefix(Int(count)), as: UTF8.self)
    }
}
