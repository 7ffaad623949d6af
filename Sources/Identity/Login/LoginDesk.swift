import Dispatch
import ServiceCore
import Synchronization

/// Where passwords are checked: a few at a time, a few more in line, the rest turned away.
///
/// Checking one takes tens of milliseconds of processor time by intention. Without a limit a flood of logins would take
/// every processor, and every thread that answers pages, from those who are logged in already.
final class LoginDesk: Sendable {
    private let places: DispatchSemaphore
    private let capacity: Int
    /// At the desk and in line.
    private let present = Mutex(0)

    /// - Parameters:
    ///   - places: how many are served at the same time.
    ///   - line: how many may wait, each blocking its thread.
    init(places: Int, line: Int) {
        self.places = DispatchSemaphore(value: places)
        capacity = places + line
    }

    /// Runs `body` when it is its turn.
    /// - Throws: `ServiceError` of kind tooManyRequests, code `too_many_logins`, when the line is too long; what `body`
    ///   throws.
    func serve<Result>(_ body: () throws -> Result) throws -> Result {
        let mayEnter = present.withLock { present in
            guard present < capacity else { return false }
            present += 1
            return true
        }
        guard mayEnter else { throw ServiceError.tooManyLogins }
        defer { present.withLock { $0 -= 1 } }
        places.wait()
        defer { places.signal() }
        return try body()
    }
}

extension ServiceError {
    static let tooManyLogins = ServiceError(
        .tooManyRequests, code: "too_many_logins",
        "Too many people are logging in at this moment. Please try again in a second.", retryAfterSeconds: 1)
}
