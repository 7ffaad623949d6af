/// Where a connection stands: what it may read, what it owes, what comes after. Pure: events in, decisions out.
///
/// Reading and writing go on side by side: a refusal is sent while content still arrives, a stream is written after
/// the request was read. A connection closes when nothing is owed any more and it may not go on.
struct ConnectionState: Equatable {
    /// How far the current request was read.
    enum Reading: Equatable {
        /// Between requests: nothing of the next one has come.
        case idle
        /// Some of a head has come.
        case head
        /// The head is known; whether its content is wanted is not.
        case held
        /// The head is known; its content is coming.
        case content
        /// The request is complete.
        case complete
        /// The connection has gone over to another protocol: what comes is no request.
        case upgraded
        /// Nothing that comes is looked at any more.
        case stopped
    }

    /// How far the current response was written.
    enum Writing: Equatable {
        /// No response is owed.
        case nothing
        /// A handler is at work.
        case handler
        /// The response is being written.
        case response
        /// The last response is complete; when it is sent the connection closes.
        case closing
    }

    private(set) var reading = Reading.idle
    private(set) var writing = Writing.nothing
    /// Whether another request may follow the current one.
    private(set) var keepsAlive = true
    /// The client will send no more.
    private(set) var isInputEnded = false
    /// The server is stopping.
    private(set) var isDraining = false

    /// Whether the parser may look at bytes that are there.
    var mayParse: Bool {
        switch reading {
        case .idle, .head: writing == .nothing
        case .content, .upgraded: true
        case .held, .complete, .stopped: false
        }
    }

    /// Whether it waits for a request of which nothing has come.
    var isIdle: Bool { reading == .idle && writing == .nothing }

    /// Whether the last word is said.
    var isClosing: Bool { writing == .closing }

    /// Bytes of a head came.
    mutating func headBegan() {
        if reading == .idle { reading = .head }
    }

    /// A head was understood; its handler or its content comes next.
    mutating func headEnded(keepsAlive: Bool) {
        reading = .content
        writing = .handler
        self.keepsAlive = keepsAlive
    }

    /// Somebody must be asked before any content is read.
    mutating func contentHeld() {
        if reading == .content { reading = .held }
    }

    /// The content is wanted, or at least nobody is asked any more.
    mutating func contentReleased() {
        if reading == .held { reading = .content }
    }

    /// The content is complete.
    mutating func contentEnded() {
        guard reading == .content else { return }
        reading = writing == .nothing ? .idle : .complete
    }

    /// A response begins. With `close` it is the last one.
    mutating func responseBegan(close: Bool) {
        contentReleased()
        writing = .response
        if close { keepsAlive = false }
    }

    /// The response says that the connection goes over to another protocol. It does not come back.
    mutating func upgraded() {
        reading = .upgraded
        writing = .response
        keepsAlive = false
    }

    /// The response is complete, though perhaps not sent.
    mutating func responseEnded() {
        guard keepsAlive else {
            writing = .closing
            reading = .stopped
            return
        }
        writing = .nothing
        if reading == .complete { reading = .idle }
    }

    /// The message on the wire makes no sense, or took too long: one refusal, then the end.
    mutating func refused() {
        reading = .stopped
        writing = .closing
        keepsAlive = false
    }

    /// The client sends no more. What it asked for before is still answered.
    mutating func inputEnded() {
        isInputEnded = true
        keepsAlive = false
        if reading != .complete { reading = .stopped }
    }

    /// The server stops. A response that has begun is the last; for others that is decided when they begin.
    mutating func drain() {
        isDraining = true
        if writing == .response { keepsAlive = false }
    }
}
