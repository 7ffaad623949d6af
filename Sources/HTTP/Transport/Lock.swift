import Glibc

/// A value behind a pthread mutex. Not `Synchronization.Mutex`: ThreadSanitizer does not see that one's futex and
/// reports every value behind it as a race, and this room's tests are to run clean under it.
final class Lock<Value>: @unchecked Sendable {
    // Safety: `value` is touched only between lock and unlock of `mutex`, which lives as long as this object.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    init(_ value: sending Value) {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        self.value = value
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Runs `body` alone. Never call out from it.
    func withLock<Result>(_ body: (inout Value) throws -> sending Result) rethrows -> sending Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }

    /// Runs `body` alone, again and again, until it gives a result; sleeps on `condition` in between.
    ///
    /// The waiting is done here and not in `body`: while `body` has the value `inout`, the compiler may assume that
    /// nobody else changes it, and would test a loop's condition only once.
    func waitUntil<Result>(_ condition: Condition, _ body: (inout Value) -> sending Result?) -> sending Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&value) { return result }
            condition.wait(mutex)
        }
    }
}
