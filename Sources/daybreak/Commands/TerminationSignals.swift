import Glibc

/// Makes the signals that ask for an end something to wait for. Plain functions: what C calls back must not belong to
/// the main actor.
enum TerminationSignals {
    /// Must run before the first thread is started, which inherits the mask. A client that goes away while it is being
    /// written to is an error of that write and no signal.
    static func block() {
        signal(SIGPIPE, SIG_IGN)
        var set = Self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for SIGTERM or SIGINT. A second one ends the program at once.
    static func wait() -> Int32 {
        var set = Self.set
        var received: Int32 = 0
        while sigwait(&set, &received) != 0 {}
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        return received
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        return set
    }
}
