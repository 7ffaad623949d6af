/// Something did not come true in time.
public struct NeverHappened: Error, CustomStringConvertible {
    /// What was waited for, and for how long.
    public let description: String

    /// Says what was waited for.
    public init(description: String) {
        self.description = description
    }
}

/// Asks again and again until there is an answer. The pause between two questions is short at first and grows to a
/// quarter of a second, so that a thing that happens at once is seen at once.
public func waitUntil<T: Sendable>(
    _ what: String, seconds: Double = 20, _ question: @Sendable () async throws -> T?
) async throws -> T {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    var pause = Duration.milliseconds(5)
    var lastFault: (any Error)?
    while true {
        // Looked at before the question is asked: a test that was kept from running asks once more.
        let isLast = clock.now >= deadline
        do {
            if let answer = try await question() { return answer }
            lastFault = nil
        } catch {
            lastFault = error
        }
        if isLast { break }
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(250))
    }
    let because = lastFault.map { " (\($0))" } ?? ""
    throw NeverHappened(description: "waited \(seconds) s until \(what)\(because)")
}
