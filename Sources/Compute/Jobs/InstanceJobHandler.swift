import ComputeHost
import Database
import Logging
import ServiceCore

/// A job that does one thing to a finished instance on its host, and gives the instance back with a fault when it
/// cannot.
protocol InstanceJobHandler: JobHandler {
    var work: InstanceWork { get }
    /// Whether the row still asks for this. When it does not, somebody was quicker and the job has nothing to do.
    func isWanted(in state: InstanceState) -> Bool
    /// Does it, and records it. Repeatable.
    func perform(_ instance: Instance, _ job: Job) throws
    /// What a failure means to the owner.
    var failureMessage: Message { get }
}

extension InstanceJobHandler {
    func run(_ job: Job) throws {
        guard let instance = try work.instance(of: job), isWanted(in: instance.state) else { return }
        do {
            try perform(instance, job)
        } catch {
            if error is Superseded { return }
            if error is RetryLater { throw error }
            switch InstanceFailure.classify(error, failureMessage) {
            case let failure as InstanceFailure:
                try work.fail(instance, because: failure, requestID: job.requestID)
            case let transient:
                throw transient
            }
        }
    }

    func abandoned(_ job: Job, because error: ServiceError) {
        do {
            guard let instance = try work.instance(of: job), isWanted(in: instance.state) else { return }
            try work.fail(
                instance, because: InstanceFailure(abandoned: error, failureMessage), requestID: job.requestID)
        } catch {
            work.log.error("a job could not be given up", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
    }

    /// Records what the host said and moves the instance.
    func finish(
        _ instance: Instance, _ event: InstanceEvent, _ job: Job, _ change: (inout Instance) -> Void
    ) throws {
        try work.commit(instance) { transaction, current in
            try work.lifecycle.apply(event, to: current, requestID: job.requestID, in: transaction, change)
        }
    }
}
