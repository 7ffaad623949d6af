import ServiceCore

/// How often somebody has failed to log in since the last success, and until when the next try is refused unseen.
///
/// From the fifth failure on an account answers ever more slowly: 1, 2, 4 … 60 seconds between tries.
struct LoginFailures: Hashable {
    static let free = 5
    static let longestPause: Int64 = 60

    let count: Int
    let blockedUntil: Timestamp

    init(count: Int, blockedUntil: Timestamp) {
        self.count = count
        self.blockedUntil = blockedUntil
    }

    /// Whether every further try has to be paid for in advance, so that many at once gain nothing.
    var isSlowed: Bool { count >= Self.free }

    /// The whole seconds until the next try is looked at; nil when it is looked at now.
    func secondsToWait(at now: Timestamp) -> Int? {
        let milliseconds = blockedUntil.milliseconds - now.milliseconds
        return milliseconds > 0 ? Int((milliseconds + 999) / 1000) : nil
    }

    /// One failure more.
    static func next(after failures: LoginFailures?, at now: Timestamp) -> LoginFailures {
        let count = (failures?.count ?? 0) + 1
        guard count >= free else { return LoginFailures(count: count, blockedUntil: now) }
        let doublings = min(count - free, 6)
        let pause = min(1 << Int64(doublings), longestPause)
        return LoginFailures(count: count, blockedUntil: now.adding(seconds: pause))
    }
}
