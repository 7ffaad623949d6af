import CLinux
import Cryptography
import Glibc

/// epoll with an eventfd to wake it: level-triggered, so that nothing can be missed.
final class Poller {
    /// What an event is about.
    enum Token {
        case wake
        /// A descriptor, and the serial that tells its present user from earlier ones. 0 for listeners.
        case descriptor(Int32, serial: UInt32)

        init(_ raw: UInt64) {
            self = raw == .max ? .wake : .descriptor(Int32(truncatingIfNeeded: raw), serial: UInt32(raw >> 32))
        }
    }

    private let epoll: Int32
    private let event: Int32
    private let buffer = UnsafeMutablePointer<epoll_event>.allocate(capacity: 256)

    init() throws(SystemError) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemError.last("epoll_create1") }
        event = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard event >= 0 else { throw SystemError.last("eventfd") }
        var wish = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: .max))
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, event, &wish) == 0 else { throw SystemError.last("epoll_ctl") }
    }

    deinit {
        close(event)
        close(epoll)
        buffer.deallocate()
    }

    /// Waits and reports every event. -1 waits without end.
    func wait(milliseconds: Int32, _ report: (_ token: UInt64, _ events: UInt32) -> Void) {
        let count = epoll_wait(epoll, buffer, 256, milliseconds)
        // EINTR: nothing happened to our descriptors.
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let token = buffer[index].data.u64
            if token == .max {
                var value: UInt64 = 0
                _ = read(event, &value, MemoryLayout<UInt64>.size)
            }
            report(token, buffer[index].events)
        }
    }

    /// Makes ``wait(milliseconds:_:)`` return. From any thread.
    func wake() {
        var one: UInt64 = 1
        _ = write(event, &one, MemoryLayout<UInt64>.size)
    }

    func set(_ descriptor: Int32, serial: UInt32, interest: UInt32, isNew: Bool) {
        let token = UInt64(serial) << 32 | UInt64(UInt32(bitPattern: descriptor))
        var wish = epoll_event(events: interest, data: epoll_data_t(u64: token))
        epoll_ctl(epoll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &wish)
    }

    func remove(_ descriptor: Int32) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    }
}

/// A listening socket and whether the loop looks at it at present.
final class Listener {
    let socket: Socket
    /// What its clients are met with; nil for plain HTTP.
    var tls: TLSContext?
    /// What sets it apart; nil for a plain address of the configuration.
    let name: ListenerName?
    /// The descriptor of an adopted one, which is closed with it.
    private var file: OpenFile?
    private let poller: Poller
    private(set) var isPaused = true
    private(set) var isClosed = false
    /// Microseconds on the loop's clock before which it stays paused.
    private(set) var pausedUntil: UInt64 = 0
    /// Whether the last attempt failed for want of descriptors, which the log has been told.
    var isStarved = false

    init(socket: Socket, tls: TLSContext?, name: ListenerName?, poller: Poller) {
        self.socket = socket
        self.tls = tls
        self.poller = poller
        self.name = name
    }

    /// A socket that somebody else has opened.
    init(adopting file: OpenFile, name: ListenerName, poller: Poller) {
        socket = Socket(descriptor: file.descriptor)
        self.file = file
        self.name = name
        self.poller = poller
    }

    func resume() {
        guard isPaused, !isClosed else { return }
        isPaused = false
        poller.set(socket.descriptor, serial: 0, interest: EPOLLIN.rawValue, isNew: true)
    }

    func pause(until time: UInt64 = 0) {
        pausedUntil = time
        guard !isPaused, !isClosed else { return }
        isPaused = true
        poller.remove(socket.descriptor)
    }

    func close() {
        guard !isClosed else { return }
        isPaused = false
        isClosed = true
        if file == nil { socket.close() } else { file = nil }
    }
}
