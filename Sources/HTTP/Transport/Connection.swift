import CLinux
import Synchronization

/// One client's connection. It belongs to its loop and is touched on the loop's thread only; what other threads have
/// for it comes through ``EventLoop/execute(_:)``.
///
/// Everything happens in a ``turn(_:)``: bytes are taken, responses put together, and at the end of the turn sent
/// with one call, whatever happened in between. Files by purpose: `+Input` reads and parses, `+Handling` runs
/// handlers, `+Output` writes.
final class Connection: @unchecked Sendable {
    /// Finds a connection again, or finds that it is gone: descriptors are used again, serials are not.
    struct Reference: Hashable, Sendable {
        let descriptor: Int32
        let serial: UInt32
    }

    /// What the connection is waiting for, and for how long.
    enum Deadline: Equatable {
        case none
        case head
        case body
        case idle
        case write
        case linger
        case silence
    }

    let socket: Socket
    let reference: Reference
    let remoteAddress: String
    /// Whether a trusted proxy is at the other end.
    var isFromProxy = false
    /// What it is counted by.
    let network: ClientNetwork?
    /// The adopted listener that it came through; nil for those of the configuration.
    let listener: ListenerName?
    // The loop knows its connections and they know it: the circle is opened by `close()`.
    let loop: EventLoop
    var state = ConnectionState()
    var parser: RequestParser
    /// Bytes read but not yet understood.
    var input: [UInt8] = []
    let outbox = Outbox()
    var exchange: Exchange?
    /// What to tell the access log once everything is sent: the last response, and earlier ones still on their way.
    var lastReport: Report?
    var earlierReports: [Report] = []
    /// Bytes behind those that were parsed last have been received.
    var isMoreAtHand = false
    /// A worker has the content; parsing goes on when it is done.
    var isFeeding = false
    /// Content thrown away since the last request, or while lingering.
    var discarded: Int64 = 0
    private(set) var isClosed = false
    private var isInTurn = false
    private var isLingering = false
    private var isPeerGone = false
    /// Bytes came that nobody wants yet: epoll must be told to stop saying so.
    private var hasUnwantedInput = false
    private var interest: UInt32 = 0
    private var deadlineKind = Deadline.none
    /// Microseconds on the loop's clock; `.max` for none.
    private var deadline = UInt64.max
    private var wheelTime = UInt64.max
    /// Bytes received, and of waiting ones sent, since the deadline was set.
    private var progress: Int64 = 0
    private var bodyPatience = Patience()
    private var writePatience = Patience()
    /// Bytes in memory that were counted for all connections together.
    private var counted = 0

    var serial: UInt32 { reference.serial }
    var server: ServerContext { loop.server }
    /// What this turn sends. Nothing is written to it between turns.
    var staging: OutputBuffer { loop.output }
    var limits: Limits { loop.server.limits }

    init(
        socket: Socket, reference: Reference, remoteAddress: String, network: ClientNetwork?,
        listener: ListenerName?, loop: EventLoop
    ) {
        self.socket = socket
        self.reference = reference
        self.remoteAddress = remoteAddress
        self.network = network
        self.listener = listener
        self.loop = loop
        parser = RequestParser(limits: loop.server.limits)
    }

    /// Begins to wait for the first request.
    func begin() {
        interest = EPOLLIN.rawValue | EPOLLRDHUP.rawValue
        loop.setInterest(interest, of: self, isNew: true)
        setDeadline()
    }

    /// What epoll saw.
    func handle(_ events: UInt32) {
        if events & EPOLLERR.rawValue != 0 { return abort() }
        turn {
            if events & EPOLLRDHUP.rawValue != 0 { peerStoppedSending() }
            if let tls = socket.tls, events & EPOLLOUT.rawValue != 0, !tls.continueOutput() { return close() }
            if events & EPOLLIN.rawValue != 0 {
                if wantsInput { receive() } else { hasUnwantedInput = true }
            } else if events & EPOLLHUP.rawValue != 0 {
                close()
            }
        }
    }

    /// Does a piece of work and then everything that follows from it.
    func turn(_ work: () -> Void) {
        guard !isClosed else { return }
        guard !isInTurn else { return work() }
        isInTurn = true
        loop.withOutput {
            work()
            settle()
        }
        isInTurn = false
    }

    /// Notes that the client sent or took something, which buys it time.
    func noteProgress(_ bytes: Int64) {
        progress += bytes
    }

    /// A head is complete: the next one has its own time.
    func restartHeadDeadline() {
        if deadlineKind == .head { deadlineKind = .none }
        bodyPatience = Patience()
    }

    /// The server stops: finishes what was begun, answers what comes until the loop's last call, then closes.
    func drain() {
        turn {
            state.drain()
            // The deadline is to be set anew.
            deadlineKind = .none
            guard let exchange else { return }
            if exchange.webSocket != nil { goAway(exchange) } else if exchange.isEndless { exchange.task?.cancel() }
        }
    }

    /// Whether the response that begins now is the last, because the server stops: the client has sent no more
    /// requests, or has had its time for them.
    var isLastCall: Bool {
        state.isDraining && (loop.now >= loop.lastCall || !isMoreAtHand && !socket.hasInput)
    }

    /// Closes at once; whoever works for this client is told.
    func abort() {
        close()
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        if let exchange {
            exchange.isAbandoned.store(true, ordering: .relaxed)
            exchange.task?.cancel()
            exchange.upload?.finish(.failure(CancellationError()))
            exchange.webSocket?.finish(.failure(CancellationError()))
            for writer in exchange.waitingWriters { writer.resume(throwing: CancellationError()) }
            exchange.waitingWriters = []
            remember(.exchange(exchange))
        }
        let isComplete = outbox.isEmpty && exchange == nil
        report(isComplete: isComplete)
        exchange = nil
        countMemory()
        loop.remove(self)
        if let tls = socket.tls, isComplete { _ = tls.endSending() }
        socket.close()
    }

    /// The wheel's entry came up: has the time really passed?
    func wheelCameRound() {
        wheelTime = .max
        guard !isClosed, deadline != .max else { return }
        guard deadline <= loop.now else {
            wheelTime = loop.schedule(self, at: deadline)
            return
        }
        turn { timedOut() }
    }

    /// Present while it waits for a request or its own end, and nobody would miss it.
    var evictionCandidate: EvictionQueue.Candidate? {
        let since: UInt64
        switch deadlineKind {
        case .idle: since = deadline &- server.timeouts.idle
        case .head: since = deadline &- server.timeouts.head
        case .linger: since = 0
        case .none, .body, .write, .silence: return nil
        }
        return isClosed || isInTurn ? nil : EvictionQueue.Candidate(reference: reference, since: since)
    }

    /// Whether it is still the one it was when it became a candidate, and no request has come in this moment.
    func mayBeEvicted(_ candidate: EvictionQueue.Candidate) -> Bool {
        evictionCandidate?.since == candidate.since && !(deadlineKind == .idle && socket.hasInput)
    }

    private func timedOut() {
        switch deadlineKind {
        case .none: break
        case .idle, .linger, .write: close()
        case .head where socket.tls?.isHandshaking == true: handshakeTimedOut()
        case .head, .body:
            refuse(RequestError(.requestTimeout, "the request took too long to arrive"))
        case .silence: webSocketWasSilent()
        }
        deadlineKind = .none
    }

    /// The end of a turn: sends, closes when it is time, and says what is waited for next.
    private func settle() {
        guard !isClosed else { return }
        let waiting = outbox.count + Int64(staging.count)
        switch flush() {
        case .failed: return close()
        case .blocked(let progress): if progress { noteProgress(waiting - outbox.count) }
        case .drained:
            report(isComplete: true)
            if state.isClosing, !isLingering { return beginLingering() }
        }
        resumeWriters()
        // Parsing may have stopped because too much was waiting to be sent.
        if outbox.isEmpty, !input.isEmpty, mayParse, stalledOnOutput {
            stalledOnOutput = false
            parseInput()
            return settle()
        }
        guard !isClosed else { return }
        setInterest()
        setDeadline()
        countMemory()
    }

    /// Counts what this connection keeps in memory for a client that is slow to send or to take it.
    private func countMemory() {
        let held = isClosed ? 0 : outbox.memory + input.count + (exchange?.memory ?? 0)
        guard held != counted else { return }
        let isGrowing = held > counted
        let total = server.admission.buffered.add(held - counted, ordering: .relaxed).newValue
        counted = held
        if isGrowing, total > limits.bufferedBytes { loop.shedMemory(for: self) }
    }

    /// Present while the client is waited for, and bytes of it or for it lie in memory. Who has least time left comes
    /// first.
    var memoryCandidate: EvictionQueue.Candidate? {
        guard counted > 0, !isClosed else { return nil }
        switch deadlineKind {
        case .head, .body, .write, .silence: return EvictionQueue.Candidate(reference: reference, since: deadline)
        case .none, .idle, .linger: return nil
        }
    }

    /// Set when parsing stopped for want of room in the outbox.
    var stalledOnOutput = false

    /// Everything is sent and nothing more will be. Closing at once would reset the connection if bytes are still
    /// coming, and the reset can overtake the response (RFC 9112 section 9.6).
    private func beginLingering() {
        if let tls = socket.tls, !tls.endSending() {
            setInterest()
            return setDeadline()
        }
        if state.isInputEnded || isPeerGone { return close() }
        isLingering = true
        discarded = 0
        input = []
        socket.shutdownSending()
        setInterest()
        setDeadline()
    }

    /// The client has closed its half. A handler that runs as a task is cancelled: in practice nobody is there any
    /// more. A request in the hands of a worker is answered, should somebody still listen.
    private func peerStoppedSending() {
        isPeerGone = true
        if exchange?.task != nil, state.reading == .complete { close() }
        // What it sent last on a WebSocket is still read; nobody can say when, while its handler takes nothing.
        if let exchange, exchange.webSocket?.isFull == true { exchange.task?.cancel() }
    }

    private func setInterest() {
        var wanted: UInt32 = isPeerGone ? 0 : EPOLLRDHUP.rawValue
        if wantsInput { wanted |= EPOLLIN.rawValue }
        if !outbox.isEmpty { wanted |= EPOLLOUT.rawValue }
        if let tls = socket.tls { wanted = tls.interest(wanted) }
        // A handler that answers before the next bytes come never needs this call.
        let surplus = interest & ~wanted
        guard wanted & ~interest != 0 || surplus & ~EPOLLIN.rawValue != 0 || surplus != 0 && hasUnwantedInput else {
            return
        }
        hasUnwantedInput = false
        interest = wanted
        loop.setInterest(wanted, of: self, isNew: false)
    }

    private var wantsInput: Bool {
        isLingering || mayParse && !state.isInputEnded && !state.isClosing
    }

    private func setDeadline() {
        let timeouts = server.timeouts
        let (kind, time): (Deadline, UInt64)
        if isLingering {
            (kind, time) = (.linger, timeouts.linger)
        } else if socket.tls?.isHandshaking == true {
            (kind, time) = (.head, timeouts.head)
        } else if !outbox.isEmpty || socket.tls?.needsOutput == true {
            (kind, time) = (.write, timeouts.write)
        } else if state.isIdle {
            (kind, time) = (.idle, timeouts.idle)
        } else if state.reading == .head {
            (kind, time) = (.head, timeouts.head)
        } else if state.reading == .content, mayParse {
            (kind, time) = (.body, timeouts.body)
        } else if let webSocket = exchange?.webSocket, mayParse {
            (kind, time) = webSocket.isClosing ? (.linger, timeouts.linger) : (.silence, timeouts.silence)
        } else {
            (kind, time) = (.none, 0)
        }
        let bytes = progress
        progress = 0
        guard kind != deadlineKind || kind != .head && kind != .linger && bytes > 0 else { return }
        if kind != deadlineKind {
            if deadlineKind == .body { bodyPatience.pause(now: loop.now) }
            if deadlineKind == .write { writePatience = Patience() }
        }
        deadlineKind = kind
        switch kind {
        case .none: deadline = .max
        case .body: deadline = bodyPatience.wait(now: loop.now, whole: time, bytes: bytes, rate: timeouts.minimumRate)
        case .write: deadline = writePatience.wait(now: loop.now, whole: time, bytes: bytes, rate: timeouts.minimumRate)
        case .head, .idle, .linger, .silence: deadline = loop.now + time
        }
        if state.isDraining, kind == .idle || kind == .head { deadline = min(deadline, loop.lastCall) }
        if deadline < wheelTime { wheelTime = loop.schedule(self, at: deadline) }
    }
}
