/// Forgets finished jobs after a week, once an hour.
public struct PruneJobHistory: JobHandler {
    /// How long a finished job stays to be looked at.
    static let kept = Duration.seconds(7 * 86_400)

    public let kind = "core.prune_job_history"
    public let period: Duration? = .seconds(3600)
    private let queue: JobQueue

    /// Makes the handler for a queue; register it there.
    public init(queue: JobQueue) {
        self.queue = queue
    }

    public func run(_ job: Job) throws {
        _ = try queue.prune(finishedBefore: queue.clock.now().adding(.zero - Self.kept))
    }
}
