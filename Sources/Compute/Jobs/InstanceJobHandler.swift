import ComputeHost
import Database
import Logging
import ServiceCore

/// A job that does one thing, in one step or several, to a finished instance on its host, and gives the instance back
/// with a fault when it cannot.
protocol InstanceJobHandler: JobHandler {
    var work: InstanceWork { get }
    /// Whether the row still asks for this. When it does not, somebody was quicker or it is done.
    func isWanted(in state: InstanceState) -> Bool
    /// Does the step the row is at, and records it. Repeatable.
    func perform(_ instance: Instance, _ job: Job) throws
    /// What a failure means to the owner.
    var failureMessage: Message { get }
    /// Undoes, after a failure, what has been done in the step the row is at and before. Repeatable.
    func takeBack(_ instance: Instance) throws
    /// What need not be remembered after a failure.
    func forget(_ extra: inout InstanceExtra)
    /// What else is different about the row after a failure.
    func settle(_ instance: inout Instance, _ extra: InstanceExtra)
}

extension InstanceJobHandler {
    func takeBack(_ instance: Instance) {}
    func forget(_ extra: inout InstanceExtra) {}
    func settle(_ instance: inout Instance, _ extra: InstanceExtra) {}

    func run(_ job: Job) throws {
        while let instance = try work.instance(of: job), isWanted(in: instance.state) {
            do {
                try perform(instance, job)
            } catch {
                if error is Superseded { return }
                if error is RetryLater { throw error }
                switch InstanceFailure.classify(error, failureMessage) {
                case let failure as InstanceFailure: return try giveUp(instance, failure, job)
                case let transient: throw transient
                }
            }
        }
    }

    func abandoned(_ job: Job, because error: ServiceError) {
        do {
            guard let instance = try work.instance(of: job), isWanted(in: instance.state) else { return }
            try giveUp(instance, InstanceFailure(abandoned: error, failureMessage), job)
        } catch {
            work.log.error("a job could not be given up", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
    }

    /// Brings the instance back to where it was, as far as that can be done, and says why.
    private func giveUp(_ instance: Instance, _ failure: InstanceFailure, _ job: Job) throws {
        var event = InstanceEvent.failed
        do {
            try takeBack(instance)
        } catch {
            if error is Superseded { return }
            work.log.error(
                "what a failed action did could not be undone",
                metadata: ["instance": "\(instance.id)", "state": "\(instance.state)", "cause": "\(error)"])
            if (try? instance.state.after(.broken)) != nil { event = .broken }
        }
        try work.fail(instance, because: failure, event: event, requestID: job.requestID) { transaction, row in
            let extra = try work.lifecycle.extras.find(instance.id, in: transaction)
            settle(&row, extra)
            var left = extra
            forget(&left)
            if left != extra { try work.lifecycle.extras.update(instance.id, in: transaction) { $0 = left } }
        }
    }

    /// Records what the host said and moves the instance.
    func finish(
        _ instance: Instance, _ event: InstanceEvent, _ job: Job,
        forgetting forget: ((inout InstanceExtra) -> Void)? = nil, _ change: (inout Instance) -> Void
    ) throws {
        try work.commit(instance) { transaction, current in
            if let forget { try work.lifecycle.extras.update(current.id, in: transaction, forget) }
            try work.lifecycle.apply(event, to: current, requestID: job.requestID, in: transaction, change)
        }
    }
}
