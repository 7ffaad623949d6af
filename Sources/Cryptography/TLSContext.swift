import COpenSSL
import Glibc

/// What a server is over TLS: its certificate, the chain above it, its private key, and the rules of every session.
///
/// TLS 1.2 and 1.3, suites with forward secrecy and authenticated encryption only (RFC 9325), `http/1.1` where the
/// client asks for a protocol (RFC 7301). No compression, no renegotiation, no early data. Sessions are resumed from
/// tickets alone, so the server keeps nothing; the key that seals them is made with the context and dies with it, which
/// is why a long-lived server should make a new context now and then.
public final class TLSContext: @unchecked Sendable {
    // Safety: OpenSSL lets threads share a context once it is set up, and nothing changes it after `init`.
    let context: OpaquePointer

    /// When the certificate begins and ceases to be valid, in seconds since 1970.
    public let validity: Range<Int>

    /// Reads certificate and key.
    /// - Parameters:
    ///   - certificateFile: PEM: the server's certificate first, then those between it and the root.
    ///   - keyFile: PEM, without a passphrase.
    /// - Throws: ``TLSFileError`` naming the file that cannot be used, and why.
    public init(certificateFile: String, keyFile: String) throws(TLSFileError) {
        guard let context = SSL_CTX_new(TLS_server_method()) else {
            throw TLSFileError(path: certificateFile, reason: TLSFileError.lastReason())
        }
        do {
            try TLSContext.loadCertificate(certificateFile, into: context)
            try TLSContext.loadKey(keyFile, of: certificateFile, into: context)
            validity = try TLSContext.validity(context, certificateFile)
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        self.context = context
        setRules()
    }

    deinit { SSL_CTX_free(context) }

    private func setRules() {
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20")
        "X25519:P-256:P-384".withCString {
            _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_GROUPS_LIST, 0, UnsafeMutableRawPointer(mutating: $0))
        }
        // A client that ends without close_notify (many do) has ended all the same: where a message of HTTP/1.1 ends,
        // the message itself says.
        SSL_CTX_set_options(
            context,
            COSSL_NO_RENEGOTIATION | COSSL_NO_COMPRESSION | COSSL_CIPHER_SERVER_PREFERENCE | COSSL_PRIORITIZE_CHACHA
                | COSSL_IGNORE_UNEXPECTED_EOF)
        // An idle session gives its buffers (34 KiB) back. A write that could not be finished may go on from another
        // copy of the same bytes, and says after each record how far it got.
        SSL_CTX_ctrl(
            context, SSL_CTRL_MODE,
            Int(SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER), nil)
        SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
        SSL_CTX_set_timeout(context, 3600)
        SSL_CTX_set_num_tickets(context, 1)
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, chosen, length, offered, count, _ in
                TLSContext.chooseProtocol(chosen, length, UnsafeBufferPointer(start: offered, count: Int(count)))
            }, nil)
    }

    /// The one protocol there is. A client that offers others only is turned away (RFC 7301 section 3.2): whatever it
    /// wants to speak, it would be misunderstood.
    private static func chooseProtocol(
        _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ length: UnsafeMutablePointer<UInt8>?,
        _ offered: UnsafeBufferPointer<UInt8>
    ) -> Int32 {
        var index = 0
        while index < offered.count {
            let count = Int(offered[index])
            let name = index + 1..<index + 1 + count
            guard name.upperBound <= offered.count else { break }
            if offered[name].elementsEqual("http/1.1".utf8) {
                // The answer may point into the offer.
                chosen?.pointee = offered.baseAddress.map { $0 + name.lowerBound }
                length?.pointee = UInt8(count)
                return SSL_TLSEXT_ERR_OK
            }
            index = name.upperBound
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
}

extension TLSContext {
    private static func loadCertificate(_ path: String, into context: OpaquePointer) throws(TLSFileError) {
        try checkReadable(path)
        ERR_clear_error()
        guard SSL_CTX_use_certificate_chain_file(context, path) == 1 else {
            throw TLSFileError(path: path, reason: "no usable certificate in PEM form: \(TLSFileError.lastReason())")
        }
    }

    private static func loadKey(
        _ path: String, of certificate: String, into context: OpaquePointer
    ) throws(TLSFileError) {
        try checkReadable(path)
        ERR_clear_error()
        guard let file = BIO_new_file(path, "r") else {
            throw TLSFileError(path: path, reason: TLSFileError.lastReason())
        }
        defer { BIO_free(file) }
        var isEncrypted = false
        // Asked for a passphrase, we have none. Without an answer of ours OpenSSL would ask at the terminal.
        let key = PEM_read_bio_PrivateKey(
            file, nil,
            { _, _, _, isEncrypted in
                isEncrypted?.assumingMemoryBound(to: Bool.self).pointee = true
                return -1
            }, &isEncrypted)
        guard let key else {
            let reason = TLSFileError.lastReason()
            throw TLSFileError(
                path: path,
                reason: isEncrypted
                    ? "the key is locked with a passphrase; store it without one, readable by this user alone"
                    : "no private key in PEM form: \(reason)")
        }
        defer { EVP_PKEY_free(key) }
        guard SSL_CTX_use_PrivateKey(context, key) == 1, SSL_CTX_check_private_key(context) == 1 else {
            ERR_clear_error()
            throw TLSFileError(path: path, reason: "this key does not belong to the certificate in \(certificate)")
        }
    }

    private static func checkReadable(_ path: String) throws(TLSFileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw TLSFileError(path: path, reason: String(cString: strerror(errno))) }
        close(file)
    }

    private static func validity(_ context: OpaquePointer, _ path: String) throws(TLSFileError) -> Range<Int> {
        let certificate = SSL_CTX_get0_certificate(context)
        var (from, to) = (tm(), tm())
        guard ASN1_TIME_to_tm(X509_get0_notBefore(certificate), &from) == 1,
            ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &to) == 1
        else { throw TLSFileError(path: path, reason: "the certificate does not say when it is valid") }
        let (first, last) = (timegm(&from), timegm(&to))
        return first..<max(first, last)
    }
}

/// A certificate or key that cannot be used.
public struct TLSFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, as it was given.
    public let path: String
    /// What is wrong with it.
    public let reason: String

    /// For people: "tls/key.pem: Permission denied".
    public var description: String { "\(path): \(reason)" }

    /// What OpenSSL says about its last refusal on this thread.
    static func lastReason() -> String {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard let reason = ERR_reason_error_string(code) else { return "error \(code)" }
        return String(cString: reason)
    }
}
