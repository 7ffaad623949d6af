import COpenSSL

/// A certificate that a user logs in with, as nova makes them for guests that know no SSH: self-signed, RSA of 2048 bits,
/// good for ten years.
public struct UserCertificate: Sendable {
    /// PKCS #8 PEM; nil for one that was not made here.
    public let privateKey: String?
    /// PEM.
    public let certificate: String
    /// SHA-1 of the certificate in colon-separated hexadecimal, as nova shows it.
    public let fingerprint: String

    /// Makes a key and a certificate for it.
    /// - Throws: `CryptographyError.failed` when OpenSSL refuses.
    public static func generate(name: String) throws(CryptographyError) -> UserCertificate {
        let key = try SSHKey.makeKey(EVP_PKEY_RSA) { EVP_PKEY_CTX_set_rsa_keygen_bits($0, 2048) }
        defer { EVP_PKEY_free(key) }
        guard let certificate = X509_new() else { throw .failed("X509_new") }
        defer { X509_free(certificate) }
        let subject = X509_get_subject_name(certificate)
        guard X509_set_version(certificate, 2) == 1,
            ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int.random(in: 1...Int(Int32.max))) == 1,
            X509_gmtime_adj(X509_getm_notBefore(certificate), 0) != nil,
            X509_gmtime_adj(X509_getm_notAfter(certificate), 10 * 365 * 86_400) != nil,
            X509_set_pubkey(certificate, key) == 1,
            X509_NAME_add_entry_by_txt(
                subject, "CN", MBSTRING_FLAG | 0x1000, Array(name.utf8), Int32(name.utf8.count), -1, 0) == 1,
            X509_set_issuer_name(certificate, subject) == 1, X509_sign(certificate, key, EVP_sha256()) > 0
        else { throw .failed("X509_sign") }
        return UserCertificate(
            privateKey: try SSHKey.pem(key), certificate: try pem(certificate),
            fingerprint: try fingerprint(certificate))
    }

    /// Reads a certificate in PEM; nil for anything else.
    public init?(parsing text: String) {
        let bytes = Array(text.utf8)
        guard let memory = BIO_new_mem_buf(bytes, Int32(bytes.count)) else { return nil }
        defer { BIO_free(memory) }
        guard let certificate = PEM_read_bio_X509(memory, nil, nil, nil) else { return nil }
        defer { X509_free(certificate) }
        guard let fingerprint = try? Self.fingerprint(certificate) else { return nil }
        self.init(privateKey: nil, certificate: text, fingerprint: fingerprint)
    }

    private init(privateKey: String?, certificate: String, fingerprint: String) {
        self.privateKey = privateKey
        self.certificate = certificate
        self.fingerprint = fingerprint
    }

    private static func fingerprint(_ certificate: OpaquePointer) throws(CryptographyError) -> String {
        var digest = [UInt8](repeating: 0, count: 20)
        var length: UInt32 = 20
        guard X509_digest(certificate, EVP_sha1(), &digest, &length) == 1 else { throw .failed("X509_digest") }
        let digits = Array("0123456789abcdef")
        return digest.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined(separator: ":")
    }

    private static func pem(_ certificate: OpaquePointer) throws(CryptographyError) -> String {
        guard let memory = BIO_new(BIO_s_mem()) else { throw .failed("BIO_new") }
        defer { BIO_free(memory) }
        guard PEM_write_bio_X509(memory, certificate) == 1 else { throw .failed("PEM_write_bio_X509") }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = BIO_read(memory, &buffer, Int32(buffer.count))
            guard count > 0 else { break }
            text += buffer.prefix(Int(count))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
