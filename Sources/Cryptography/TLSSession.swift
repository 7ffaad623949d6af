import COpenSSL
import Glibc

/// The server's side of TLS on one connected, non-blocking socket.
///
/// OpenSSL reads and writes the socket itself, and reads no further than the record it is asked for. So what has
/// arrived is either in the caller's hands or still with the kernel, never in between, and a level-triggered poll tells
/// the whole truth; and what a write reports as written is with the kernel. With buffers in memory instead (BIO_s_mem)
/// both would be one more place to look at, to bound and to empty. The price is one more `read` for each record.
///
/// Not for two threads at once. Does not own the descriptor.
public final class TLSSession {
    /// How a call ended.
    public enum Outcome: Equatable {
        /// This many bytes of content were read or written; 0 when there was only protocol work to do.
        case bytes(Int)
        /// Nothing happens until the socket can be read.
        case needsInput
        /// Nothing happens until the socket can be written.
        case needsOutput
        /// The peer sends no more, or is gone.
        case ended
        /// The peer does not speak the protocol, or not well enough. The session is over.
        case failed(Failure)
    }

    /// Why a session failed.
    public struct Failure: Equatable, Sendable {
        /// In OpenSSL's words: "unsupported protocol".
        public let reason: String
        /// The peer sent an HTTP request without TLS.
        public let isPlainHTTP: Bool

        /// A failure seen from outside.
        public init(reason: String, isPlainHTTP: Bool = false) {
            self.reason = reason
            self.isPlainHTTP = isPlainHTTP
        }
    }

    /// What ``read(into:)`` must have room for: the content of the longest record (RFC 8446 section 5.1).
    public static let longestRecord = 16_384

    private let session: OpaquePointer
    /// Whether the handshake is complete.
    public private(set) var isEstablished = false

    /// Ready for the client's first bytes; nil without memory.
    public init?(_ context: TLSContext, descriptor: Int32) {
        guard let session = SSL_new(context.context) else { return nil }
        guard SSL_set_fd(session, descriptor) == 1 else {
            SSL_free(session)
            return nil
        }
        SSL_set_accept_state(session)
        self.session = session
    }

    deinit { SSL_free(session) }

    /// Reads the content of one record, after what is left of the handshake.
    public func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        precondition(buffer.count >= TLSSession.longestRecord, "the rest of a record would be forgotten")
        var count = 0
        return run {
            SSL_read_ex(session, buffer.baseAddress, buffer.count, &count)
        } then: {
            count
        }
    }

    /// Writes at most one record. After ``Outcome/needsOutput`` it must be called again with the same bytes first;
    /// more may follow them.
    public func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        guard !bytes.isEmpty else { return .bytes(0) }
        var count = 0
        return run {
            SSL_write_ex(session, bytes.baseAddress, bytes.count, &count)
        } then: {
            count
        }
    }

    /// Goes on with the protocol's own messages: the handshake, or the answer to a client's new key.
    public func advance() -> Outcome {
        run {
            SSL_do_handshake(session)
        } then: {
            0
        }
    }

    /// Tells the peer that nothing more will come (close_notify). Only after everything was written: it is what tells
    /// a complete answer from one that was cut off.
    public func endSending() -> Outcome {
        guard isEstablished else { return .bytes(0) }
        return run {
            SSL_shutdown(session) >= 0 ? 1 : -1
        } then: {
            0
        }
    }

    private func run(_ call: () -> Int32, then count: () -> Int) -> Outcome {
        // What is left in the thread's queue from elsewhere would be taken for this call's.
        ERR_clear_error()
        let result = call()
        if !isEstablished, SSL_is_init_finished(session) == 1 { isEstablished = true }
        guard result != 1 else { return .bytes(count()) }
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: return .needsInput
        case SSL_ERROR_WANT_WRITE: return .needsOutput
        case SSL_ERROR_SSL: return .failed(TLSSession.lastFailure())
        default: return .ended
        }
    }

    private static func lastFailure() -> Failure {
        let code = ERR_peek_error()
        defer { ERR_clear_error() }
        let reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
        let isHTTP = ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST
        return Failure(reason: reason, isPlainHTTP: isHTTP)
    }
}
