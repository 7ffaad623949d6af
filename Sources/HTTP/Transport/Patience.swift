/// How long a client may still keep the server waiting. Time runs out while the client is waited for; its bytes buy
/// some back, at a minimum rate and never more than the whole. So a byte now and then holds nothing for long, and who
/// is merely slow is left in peace.
struct Patience {
    /// Microseconds; more than any whole before the first wait.
    private var left = UInt64.max
    /// The moment up to which `left` is reckoned; nil while nobody waits.
    private var reckoned: UInt64?

    /// Waits, or goes on waiting.
    /// - Parameters:
    ///   - whole: microseconds, the most there can be left.
    ///   - bytes: what has come, or gone, since the last call.
    ///   - rate: bytes that buy a second; 0 lets any byte buy the whole.
    /// - Returns: the moment when it is over, if no more bytes come.
    mutating func wait(now: UInt64, whole: UInt64, bytes: Int64, rate: Int) -> UInt64 {
        pause(now: now)
        reckoned = now
        let bought = rate > 0 ? UInt64(max(0, bytes)) * 1_000_000 / UInt64(rate) : bytes > 0 ? whole : 0
        left = min(whole, min(left, whole) + bought)
        return now + left
    }

    /// Somebody else keeps everybody waiting.
    mutating func pause(now: UInt64) {
        if let reckoned { left -= min(left, now - reckoned) }
        reckoned = nil
    }
}
