import COpenSSL
import Glibc

/// The client's side of TLS on one connected, blocking socket: TLS 1.2 or 1.3 with a server whose certificate the
/// machine's authorities vouch for and which bears the name that was asked for (RFC 9525).
///
/// Not for two threads at once. Does not own the descriptor, and does not wait longer than the socket does. The process
/// must ignore SIGPIPE, which OpenSSL raises when the server has gone.
public final class TLSClient {
    /// Why there is no secure connection, in OpenSSL's words.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// "certificate verify failed: self-signed certificate"
        public let description: String
    }

    private let context: OpaquePointer
    private let session: OpaquePointer

    /// Shakes hands.
    /// - Parameters:
    ///   - host: a name or an address; the certificate must be for it.
    ///   - authorities: a file of certificates in PEM to trust; nil: the machine's.
    /// - Throws: ``Failure``.
    public init(host: String, descriptor: Int32, authorities: String? = nil) throws(Failure) {
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw TLSClient.failure("no memory") }
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        let knows =
            authorities.map { SSL_CTX_load_verify_locations(context, $0, nil) }
            ?? SSL_CTX_set_default_verify_paths(context)
        guard knows == 1, let session = SSL_new(context) else {
            SSL_CTX_free(context)
            throw TLSClient.failure("no authorities to trust")
        }
        self.context = context
        self.session = session
        guard SSL_set_fd(session, descriptor) == 1, TLSClient.expect(host, session) else {
            throw TLSClient.failure("\(host) is no name for a certificate")
        }
        guard SSL_connect(session) == 1 else {
            let verdict = SSL_get_verify_result(session)
            let detail = verdict == Int(X509_V_OK) ? nil : X509_verify_cert_error_string(verdict)
            throw TLSClient.failure(detail.map { "the certificate is not trusted: \(String(cString: $0))" })
        }
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    /// Sends bytes.
    /// - Throws: ``Failure``.
    public func write(_ bytes: [UInt8]) throws(Failure) {
        guard !bytes.isEmpty else { return }
        ERR_clear_error()
        var count = 0
        let result = bytes.withUnsafeBytes { SSL_write_ex(session, $0.baseAddress, $0.count, &count) }
        guard result == 1, count == bytes.count else { throw TLSClient.failure(nil) }
    }

    /// What has come, the content of one record at most; empty at the end.
    /// - Throws: ``Failure``; also when the connection ends without saying so, for then some may be missing.
    public func read() throws(Failure) -> [UInt8] {
        ERR_clear_error()
        var result: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: TLSSession.longestRecord) { buffer, length in
            var count = 0
            result = SSL_read_ex(session, buffer.baseAddress, buffer.count, &count)
            length = result == 1 ? count : 0
        }
        guard result != 1, SSL_get_error(session, result) != SSL_ERROR_ZERO_RETURN else { return bytes }
        throw TLSClient.failure(nil)
    }

    /// Whom the certificate must be for. Addresses are not sent as a server name (RFC 6066 section 3).
    private static func expect(_ host: String, _ session: OpaquePointer) -> Bool {
        var address = in6_addr()
        if inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1 {
            return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1
        }
        let named = host.withCString {
            SSL_ctrl(
                session, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name),
                UnsafeMutableRawPointer(mutating: $0))
        }
        return named == 1 && SSL_set1_host(session, host) == 1
    }

    private static func failure(_ reason: String?) -> Failure {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        let detail = code == 0 ? nil : ERR_reason_error_string(code).map { String(cString: $0) }
        return Failure(description: reason ?? detail ?? "the secure connection was lost")
    }
}
