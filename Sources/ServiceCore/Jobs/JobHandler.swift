/// Does the jobs of one kind.
///
/// A job is taken again when the program dies while it runs, so `run` must be repeatable: it brings about a state,
/// keyed by the resource's identifier, and finds done what was done before.
public protocol JobHandler: Sendable {
    /// The kind it does: `compute.build_instance`.
    var kind: String { get }
    /// For work that recurs: how long after one run the next is due. Nil for ordinary jobs.
    var period: Duration? { get }
    /// Does the job, on a worker thread; may block.
    /// - Throws: `RetryLater` to be asked again; `ServiceError` of kind unavailable to be tried again with growing
    ///   pauses; anything else ends the job.
    func run(_ job: Job) throws
    /// Records that the job will not be done: puts the resource into its error state. Repeatable as well.
    /// - Throws: when that could not be recorded; it is then asked to again.
    func abandoned(_ job: Job, because error: ServiceError) throws
}

extension JobHandler {
    public var period: Duration? { nil }
    /// Nothing is to be done when the job is given up.
    public func abandoned(_ job: Job, because error: ServiceError) {}
}

/// Thrown by a handler that has to wait for something. Not a failure: it may be thrown any number of times.
public struct RetryLater: Error, Sendable {
    /// How long to wait.
    public let after: Duration
    /// What for, in the log.
    public let reason: String

    /// Makes the request.
    public init(after: Duration, reason: String) {
        self.after = after
        self.reason = reason
    }
}

/// How often a job is tried.
enum JobPatience {
    /// Pauses after the first, second, … failure of kind unavailable; then the job is abandoned.
    static let pauses: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16)]
    /// A job that was started this often without ending (it may be what kills the program) is abandoned.
    static let starts = 20
}
