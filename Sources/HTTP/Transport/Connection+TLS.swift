import Cryptography
import Logging

extension Connection {
    /// The handshake failed, or what came after it was not TLS. Whoever speaks HTTP here without TLS is told so, in
    /// the only language it understands.
    func secureTransportFailed(_ failure: TLSSession.Failure) {
        server.logger.debug(
            "TLS failed", metadata: ["reason": "\(failure.reason)", "client": "\(remoteAddress)"])
        guard failure.isPlainHTTP else { return close() }
        socket.tls?.giveUp()
        refuse(RequestError(.badRequest, "this port speaks TLS: the address begins with https://"))
    }

    /// The handshake is not done in the time a request has.
    func handshakeTimedOut() {
        secureTransportFailed(TLSSession.Failure(reason: "the handshake took too long"))
    }
}
