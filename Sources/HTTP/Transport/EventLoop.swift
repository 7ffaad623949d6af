import CLinux
import Cryptography
import Glibc
import Logging
import Synchronization

/// One thread that owns sockets: it waits with epoll for what they and other threads have to say, and never blocks
/// otherwise. There is one per processor, each with listening sockets of its own, so that loops share nothing.
///
/// It is also a `TaskExecutor`: tasks started with it run on its thread between events, so asynchronous handlers
/// touch their connection without locks.
///
/// Everything but `inbox`, `thread` and `poller.wake()` belongs to the loop's thread. Other threads come in through ``execute(_:)``.
final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// What other threads have put down for this one.
    private struct Inbox {
        var work: [@Sendable () -> Void] = []
        var jobs: [UnownedJob] = []
        /// The loop is over: whoever comes late would keep it in memory for ever, and be kept by it.
        var isEnded = false
    }

    let server: ServerContext
    private let inbox = Lock(Inbox())
    /// Whether something lies in the inbox. Set and cleared under its lock, and whoever sets it has written the eventfd:
    /// one write per turn is enough.
    private let hasMail = Atomic(false)
    /// The thread's `pthread_t`; 0 before it runs.
    private let thread = Atomic<UInt>(0)
    let poller: Poller
    /// Where the connection whose turn it is puts its responses together before they are sent.
    private(set) var output = OutputBuffer()
    private var isOutputTaken = false
    /// Where sockets are read into.
    let receiveBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    /// Microseconds, read once per event.
    private(set) var now = Clock.monotonic()
    /// Whether nothing has been done since ``now`` was read: reading it again would cost and say the same.
    private var isClockRight = false
    let standardFields: StandardFields
    /// The same for requests over TLS.
    let secureStandardFields: StandardFields
    private var standardFieldsSecond = 0
    var random = FastRandom()
    /// Told of every finished request.
    private let observers: [any RequestObserver]
    /// When the observers are to write what they have put aside; `.max` when there is nothing.
    private var nextFlush = UInt64.max
    let turnCounter = TurnCounter()
    /// Tasks and deadlines dealt with in one turn: however many there are, sockets have theirs in between.
    private static let mostPerTurn = 64
    private var localJobs: [UnownedJob] = []
    /// Connections whose entry in the wheel has come up.
    private var expired: [Connection.Reference] = []
    private(set) var listeners: [Listener] = []
    private(set) var connections = ConnectionTable()
    /// Descriptors that are no client's, and that tasks wait for.
    var watched: [Connection.Reference: WatchedDescriptor] = [:]
    /// Whom to close when there is no room.
    var evictions = EvictionQueue()
    /// Whom to close when too much waits in memory.
    var slowest = EvictionQueue()
    /// What the log was told of clients that were closed for that.
    var sheddings = BoundedNote()
    /// What the log was told of clients that were turned away.
    var refusals = BoundedNote()
    /// How many more of them are told why.
    var explanations = Ration(perSecond: 100)
    private var nextSerial: UInt32 = 1
    private var wheel: TimerWheel<Connection.Reference>
    /// Set while the loop stops: the moment when what still runs is cut off.
    private var drainDeadline: UInt64?
    /// The moment from which on a loop that stops waits for no request any more.
    private(set) var lastCall = UInt64.max
    /// Handlers at work away from this thread, and tasks on it.
    var activities = 0
    private var isFinished = false

    init(server: ServerContext) throws(SystemError) {
        self.server = server
        standardFields = StandardFields(defaults: server.configuration.defaultFields)
        observers = server.configuration.observers.map { $0.makeObserver() }
        secureStandardFields = StandardFields(defaults: server.configuration.secureFields)
        poller = try Poller()
        wheel = TimerWheel(now: Clock.monotonic() / 1000)
    }

    deinit { receiveBuffer.deallocate() }

    /// Adds a socket to accept from. Before ``run()`` only.
    func add(listener socket: Socket, tls: TLSContext?, name: ListenerName?) {
        listeners.append(Listener(socket: socket, tls: tls, name: name, poller: poller))
    }

    /// Meets the clients of the listener at `index` with another certificate from now on.
    func renew(_ tls: TLSContext, at index: Int) {
        execute { [self] in listeners[index].tls = tls }
    }

    /// Accepts from one more socket from now on. From any thread; a loop that stops closes it.
    func adopt(_ file: OpenFile, _ name: ListenerName) {
        execute { [self] in
            guard drainDeadline == nil else { return }
            let listener = Listener(adopting: file, name: name, poller: poller)
            listeners.append(listener)
            listener.resume()
        }
    }

    /// Closes the adopted sockets of a name, and the connections that came through them. From any thread.
    func release(_ name: String) {
        execute { [self] in
            for listener in listeners where listener.name?.text == name { listener.close() }
            listeners.removeAll { $0.name?.text == name }
            for connection in connections.all where connection.listener?.text == name { connection.abort() }
        }
    }

    /// Gives the sockets up without having run.
    func closeListeners() {
        for listener in listeners { listener.close() }
    }

    /// Runs until drained. On the loop's own thread.
    /// - Returns: whether every handler has returned.
    func run() -> Bool {
        thread.store(UInt(pthread_self()), ordering: .releasing)
        for listener in listeners { listener.resume() }
        while !isFinished {
            refreshClock()
            var began = UInt64.max
            let wait = localJobs.isEmpty && expired.isEmpty ? timeToWait() : 0
            isClockRight = false
            poller.wait(milliseconds: wait) { token, events in
                readClock()
                began = min(began, now)
                isClockRight = false
                dispatch(token, events)
            }
            readClock()
            began = min(began, now)
            runInbox()
            runLocalJobs()
            lookAtWheel()
            resumeListeners()
            if drainDeadline != nil { continueDraining() }
            readClock()
            if now >= nextFlush { flushObservers() }
            turnCounter.add(microseconds: now - began)
        }
        inbox.withLock { $0.isEnded = true }
        runInbox()
        for _ in 0..<16 where !localJobs.isEmpty { runLocalJobs() }
        flushObservers()
        return activities == 0
    }

    /// Whether the caller is on the loop's thread.
    var isCurrent: Bool {
        thread.load(ordering: .acquiring) == UInt(pthread_self())
    }

    /// Runs `work` on the loop's thread: at once when called there, else in the next turn.
    func execute(_ work: @escaping @Sendable () -> Void) {
        if isCurrent { work() } else { post(work) }
    }

    /// Runs `work` on the loop's thread in its next turn.
    private func post(_ work: @escaping @Sendable () -> Void) {
        leave { $0.work.append(work) }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent { return localJobs.append(job) }
        leave { $0.jobs.append(job) }
    }

    private func leave(_ put: (inout Inbox) -> Void) {
        let mustSignal = inbox.withLock { inbox in
            guard !inbox.isEnded else { return false }
            put(&inbox)
            return !hasMail.exchange(true, ordering: .acquiringAndReleasing)
        }
        if mustSignal { poller.wake() }
    }

    /// Accepts no more, finishes what was begun within `grace` seconds, then ends the loop.
    func drain(grace: Duration) {
        post { [self] in
            guard drainDeadline == nil else { return }
            refreshClock()
            drainDeadline = now + grace.inMicroseconds
            lastCall = now + min(grace, server.configuration.timeouts.lastCall).inMicroseconds
            // What the kernel has already accepted for us is ours to answer.
            for listener in listeners { listener.socket.endQueue() }
            for listener in listeners { accept(from: listener, atMost: .max) }
            for listener in listeners { listener.close() }
            for connection in connections.all { connection.drain() }
        }
    }

    private func dispatch(_ token: UInt64, _ events: UInt32) {
        switch Poller.Token(token) {
        case .wake: break  // the inbox is emptied every turn
        case .descriptor(let descriptor, let serial):
            if serial == 0 {
                if let listener = listeners.first(where: { $0.socket.descriptor == descriptor }) {
                    accept(from: listener)
                }
            } else {
                let reference = Connection.Reference(descriptor: descriptor, serial: serial)
                if let connection = connections[reference] {
                    connection.handle(events)
                } else {
                    watched[reference]?.handle(events)
                }
            }
        }
    }

    private func runInbox() {
        guard hasMail.load(ordering: .acquiring) else { return }
        isClockRight = false
        let (work, jobs) = inbox.withLock { inbox in
            defer { inbox = Inbox(isEnded: inbox.isEnded) }
            hasMail.store(false, ordering: .releasing)
            return (inbox.work, inbox.jobs)
        }
        for item in work { item() }
        localJobs += jobs
    }

    /// Runs tasks in the order in which they became ready.
    private func runLocalJobs() {
        guard !localJobs.isEmpty else { return }
        isClockRight = false
        var done = 0
        // What a task makes ready stands in the same line.
        while done < localJobs.count, done < EventLoop.mostPerTurn {
            let job = localJobs[done]
            done += 1
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
        localJobs.removeFirst(done)
    }

    private func lookAtWheel() {
        expired += wheel.advance(to: now / 1000)
        guard !expired.isEmpty else { return }
        isClockRight = false
        let turn = expired.prefix(EventLoop.mostPerTurn)
        expired.removeFirst(turn.count)
        for reference in turn { connections[reference]?.wheelCameRound() }
    }

    private func timeToWait() -> Int32 {
        let milliseconds = now / 1000
        var wait = wheel.timeToNext(now: milliseconds)
        if let drainDeadline {
            let rest = drainDeadline > now ? (drainDeadline - now) / 1000 : 0
            wait = min(wait ?? .max, rest + 1)
        }
        if listeners.contains(where: { $0.isPaused && $0.pausedUntil > 0 }) { wait = min(wait ?? .max, 100) }
        if nextFlush != .max { wait = min(wait ?? .max, nextFlush > now ? (nextFlush - now) / 1000 : 0) }
        return wait.map { Int32(min($0 + 1, 60_000)) } ?? -1
    }

    /// Brings ``now`` up to date within a turn, for who measures.
    func readClock() {
        guard !isClockRight else { return }
        now = Clock.monotonic()
        isClockRight = true
    }

    private func refreshClock() {
        readClock()
        let second = Clock.wallSeconds()
        guard second != standardFieldsSecond else { return }
        standardFieldsSecond = second
        let name = server.configuration.serverName
        let serverField = name.isEmpty ? "" : "Server: \(name)\r\n"
        let text = "Date: \(HTTPDate.text(seconds: second))\r\n\(serverField)"
        standardFields.refresh(dateAndServer: text)
        secureStandardFields.refresh(dateAndServer: text)
    }
}

extension EventLoop {
    /// Begins to serve a client that was admitted.
    func add(_ socket: Socket, _ peer: SocketAddress, _ network: ClientNetwork?, through listener: ListenerName?) {
        let reference = makeReference(to: socket.descriptor)
        let connection = Connection(
            socket: socket, reference: reference, remoteAddress: peer.host, network: network, listener: listener,
            loop: self)
        connection.isFromProxy = server.configuration.forwarding.trusts(peer)
        connections.insert(connection)
        connection.begin()
        if drainDeadline != nil { connection.drain() }
    }

    /// A name for a descriptor that tells its present user from earlier ones.
    func makeReference(to descriptor: Int32) -> Connection.Reference {
        defer { nextSerial = nextSerial == .max ? 1 : nextSerial + 1 }
        return Connection.Reference(descriptor: descriptor, serial: nextSerial)
    }

    /// A connection has closed its socket.
    func remove(_ connection: Connection) {
        connections.remove(connection)
        server.admission.leave(connection.network)
    }

    /// Tells whoever wants to know.
    func observe(_ request: RequestSummary) {
        for observer in observers { observer.observe(request) }
        if nextFlush == .max { nextFlush = now + 50_000 }
    }

    private func flushObservers() {
        nextFlush = .max
        for observer in observers { observer.flush() }
    }

    /// Tells epoll what a connection waits for.
    func setInterest(_ interest: UInt32, of connection: Connection, isNew: Bool) {
        let reference = connection.reference
        poller.set(reference.descriptor, serial: reference.serial, interest: interest, isNew: isNew)
    }

    /// - Returns: when the wheel will come round to it, in microseconds.
    func schedule(_ connection: Connection, at time: UInt64) -> UInt64 {
        wheel.schedule(connection.reference, at: (time + 999) / 1000) * 1000
    }

    /// A connection's turn: has ``output`` for itself meanwhile, also when the turn comes inside another's, so that two
    /// clients' bytes can never meet.
    func withOutput(_ turn: () -> Void) {
        guard isOutputTaken else {
            isOutputTaken = true
            turn()
            output.removeAll()
            isOutputTaken = false
            return
        }
        let outer = output
        output = OutputBuffer()
        turn()
        output = outer
    }

    private func continueDraining() {
        if connections.isEmpty, activities == 0 {
            isFinished = true
        } else if let drainDeadline, now >= drainDeadline {
            for connection in connections.all { connection.abort() }
            // Handlers that do not notice their cancellation are left behind one second later.
            if activities == 0 || now >= drainDeadline + 1_000_000 { isFinished = true }
        }
    }
}

extension Duration {
    /// Whole microseconds, never negative.
    var inMicroseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds)) * 1_000_000 + UInt64(max(0, attoseconds)) / 1_000_000_000_000
    }
}
