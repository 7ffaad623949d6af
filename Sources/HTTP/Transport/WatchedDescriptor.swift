import CLinux
import Glibc

/// A socket that is no client's, such as that of a guest's console, read and written by tasks of an event loop: the
/// loop says when they can go on, so that no thread waits for it.
///
/// One task may read and one may write at a time. Nothing is read before somebody asks for it: that is its
/// back-pressure.
final class WatchedDescriptor: @unchecked Sendable {
    // Safety: touched on the loop's thread only; the asynchronous methods go there.

    /// One call of a method. A task that is cancelled gives up waiting; what needs no waiting is done all the same, so that
    /// the last that came still goes out.
    private final class Call: @unchecked Sendable {
        var isCancelled = false
    }

    private struct Reading {
        let call: Call
        let continuation: CheckedContinuation<[UInt8]?, any Error>
    }

    private struct Writing {
        let call: Call
        var rest: ArraySlice<UInt8>
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let loop: EventLoop
    private let descriptor: Int32
    /// nil once it has ended: then the descriptor is closed.
    private var file: OpenFile?
    private var reference: Connection.Reference?
    private var reading: Reading?
    private var writing: Writing?

    /// - Parameter file: a connected stream socket. It is closed at the end.
    init(_ file: OpenFile, on loop: EventLoop) {
        self.file = file
        self.loop = loop
        descriptor = file.descriptor
    }

    /// What has come, 64 KiB at most; nil when the other side has closed.
    /// - Throws: `CancellationError` when it has ended or the task is cancelled.
    func read() async throws -> [UInt8]? {
        try await waiting { self.begin(Reading(call: $0, continuation: $1)) }
    }

    /// Writes all of it.
    /// - Throws: `CancellationError` when it has ended, the other side has closed, or the task is cancelled.
    func write(_ bytes: [UInt8]) async throws {
        try await waiting { self.begin(Writing(call: $0, rest: bytes[...], continuation: $1)) }
    }

    /// Closes it. Whoever reads or writes is told.
    func end() {
        loop.execute { [self] in
            guard file != nil else { return }
            if let reference {
                loop.watched[reference] = nil
                loop.poller.remove(descriptor)
            }
            file = nil
            giveUp { _ in true }
        }
    }

    /// What epoll saw. It looks at the descriptor no more until it is asked to again, or a side that was closed while
    /// nobody reads would wake it for ever.
    func handle(_ events: UInt32) {
        let isOver = events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        if isOver || events & EPOLLIN.rawValue != 0, let reading {
            self.reading = nil
            begin(reading)
        }
        if isOver || events & EPOLLOUT.rawValue != 0, let writing {
            self.writing = nil
            begin(writing)
        }
        if reading != nil || writing != nil { watch() }
    }

    private func waiting<T: Sendable>(
        _ begin: @escaping @Sendable (Call, CheckedContinuation<T, any Error>) -> Void
    ) async throws -> T {
        let call = Call()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                loop.execute { begin(call, continuation) }
            }
        } onCancel: {
            loop.execute { [self] in
                call.isCancelled = true
                giveUp { $0 === call }
            }
        }
    }

    /// Tells those that wait that there is nothing to wait for.
    private func giveUp(_ isMeant: (Call) -> Bool) {
        if let reading, isMeant(reading.call) {
            self.reading = nil
            reading.continuation.resume(throwing: CancellationError())
        }
        if let writing, isMeant(writing.call) {
            self.writing = nil
            writing.continuation.resume(throwing: CancellationError())
        }
    }

    private func begin(_ work: Reading) {
        guard file != nil, reading == nil else { return work.continuation.resume(throwing: CancellationError()) }
        while true {
            let buffer = loop.receiveBuffer
            let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 { return work.continuation.resume(returning: Array(buffer[..<count])) }
            if count < 0, errno == EINTR { continue }
            guard count < 0, errno == EAGAIN else { return work.continuation.resume(returning: nil) }
            guard !work.call.isCancelled else { return work.continuation.resume(throwing: CancellationError()) }
            reading = work
            return watch()
        }
    }

    private func begin(_ work: Writing) {
        var work = work
        guard file != nil, writing == nil else { return work.continuation.resume(throwing: CancellationError()) }
        while !work.rest.isEmpty {
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
            let count = work.rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
            if count > 0 {
                work.rest = work.rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN, !work.call.isCancelled {
                writing = work
                return watch()
            } else if count == 0 || errno != EINTR {
                return work.continuation.resume(throwing: CancellationError())
            }
        }
        work.continuation.resume()
    }

    /// Has epoll tell of what is waited for, once.
    private func watch() {
        var interest = EPOLLONESHOT.rawValue
        if reading != nil { interest |= EPOLLIN.rawValue }
        if writing != nil { interest |= EPOLLOUT.rawValue }
        if let reference {
            loop.poller.set(descriptor, serial: reference.serial, interest: interest, isNew: false)
        } else {
            let reference = loop.makeReference(to: descriptor)
            self.reference = reference
            loop.watched[reference] = self
            loop.poller.set(descriptor, serial: reference.serial, interest: interest, isNew: true)
        }
    }
}
