import CLinux
import Cryptography
import Glibc

/// TLS over one connection's socket, in the terms of ``Socket``.
final class TLSChannel: @unchecked Sendable {
    // Safety: belongs to its connection and is touched on the loop's thread only.
    private let session: TLSSession
    /// Whether bytes go through the session; false once it has said its last word, or was never spoken.
    private(set) var isActive = true
    /// Why the session is over, when it did not end as it should.
    private(set) var failure: TLSSession.Failure?
    /// The protocol has something of its own to send first.
    private(set) var needsOutput = false
    /// The protocol must hear something first.
    private var sendingNeedsInput = false

    /// nil without memory.
    init?(_ context: TLSContext, descriptor: Int32) {
        guard let session = TLSSession(context, descriptor: descriptor) else { return nil }
        self.session = session
    }

    var isHandshaking: Bool { isActive && !session.isEstablished }

    /// Receives what one record holds; first goes on with the handshake.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Transfer {
        needsOutput = false
        switch session.read(into: buffer) {
        case .bytes(let count): return .bytes(count)
        case .needsInput: return .wouldBlock
        case .needsOutput:
            needsOutput = true
            return .wouldBlock
        case .ended:
            if isHandshaking { fail(TLSSession.Failure(reason: "the client went away")) }
            return .ended
        case .failed(let failure):
            fail(failure)
            return .ended
        }
    }

    /// Sends what the kernel takes, record by record. What did not go must be what is sent next.
    func send(_ bytes: UnsafeRawBufferPointer) -> Socket.Transfer {
        sendingNeedsInput = false
        var sent = 0
        repeat {
            switch session.write(UnsafeRawBufferPointer(rebasing: bytes[sent...])) {
            case .bytes(let count): sent += count
            case .needsOutput: return sent > 0 ? .bytes(sent) : .wouldBlock
            case .needsInput:
                sendingNeedsInput = true
                return sent > 0 ? .bytes(sent) : .wouldBlock
            case .ended: return .ended
            case .failed(let failure):
                fail(failure)
                return .ended
            }
        } while sent < bytes.count
        return .bytes(sent)
    }

    /// Sends a piece of a file, which has to be read for that: the kernel cannot encrypt it.
    func send(file: Int32, from offset: Int64, count: Int) -> Socket.Transfer {
        withUnsafeTemporaryAllocation(byteCount: TLSSession.longestRecord, alignment: 16) { buffer in
            var read: Int
            repeat {
                read = pread(file, buffer.baseAddress, min(count, buffer.count), off_t(offset))
            } while read < 0 && errno == EINTR
            // The file became shorter, or its disk fails: the promised length cannot be kept.
            guard read > 0 else { return .ended }
            return send(UnsafeRawBufferPointer(rebasing: buffer[..<read]))
        }
    }

    /// What epoll is to look for, where the connection by itself would look for `wanted`.
    func interest(_ wanted: UInt32) -> UInt32 {
        var wanted = wanted
        if sendingNeedsInput, wanted & EPOLLOUT.rawValue != 0 {
            wanted = wanted & ~EPOLLOUT.rawValue | EPOLLIN.rawValue
        }
        if needsOutput { wanted |= EPOLLOUT.rawValue }
        return wanted
    }

    /// The socket can be written: sends what receiving had to wait for.
    /// - Returns: false when the session is over.
    func continueOutput() -> Bool {
        guard needsOutput else { return true }
        needsOutput = false
        switch session.advance() {
        case .bytes, .needsInput: return true
        case .needsOutput:
            needsOutput = true
            return true
        case .ended:
            return false
        case .failed(let failure):
            fail(failure)
            return false
        }
    }

    /// Tells the client that everything was said (close_notify). What it sends from now on is not decrypted any more.
    /// - Returns: false when that has to wait for the socket.
    func endSending() -> Bool {
        guard isActive, failure == nil else { return true }
        needsOutput = session.endSending() == .needsOutput
        isActive = needsOutput
        return !needsOutput
    }

    /// Goes on without TLS: the client never spoke it.
    func giveUp() {
        isActive = false
    }

    private func fail(_ failure: TLSSession.Failure) {
        if self.failure == nil { self.failure = failure }
    }
}

extension Socket {
    /// The same socket, encrypted when there is a context; nil without memory for that.
    func secured(by context: TLSContext?) -> Socket? {
        guard let context else { return self }
        guard let channel = TLSChannel(context, descriptor: descriptor) else { return nil }
        return Socket(descriptor: descriptor, tls: channel)
    }
}
