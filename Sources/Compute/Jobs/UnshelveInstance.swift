import ComputeHost
import Database
import Images
import Networking
import ServiceCore

/// Takes a shelved instance back: finds it a host, as for a launch, and makes its disk of the image it was kept as.
struct UnshelveInstance: InstanceJobHandler {
    let kind = InstanceJob.unshelve.rawValue
    let work: InstanceWork
    let placement: Placement

    var failureMessage: Message { Message("The instance could not be unshelved.") }

    func isWanted(in state: InstanceState) -> Bool {
        state.task == .unshelving || state == InstanceState(.shelvedOffloaded, .spawning)
    }

    func perform(_ instance: Instance, _ job: Job) throws {
        if instance.state.task == .unshelving {
            try schedule(instance, job)
        } else {
            try spawn(instance, job)
        }
    }

    /// What a host that could not be cleared still has goes first: nothing there may be newer than the image.
    private func schedule(_ instance: Instance, _ job: Job) throws {
        try ShelveInstance(work: work).offload(instance)
        let hosts = try placement.hosts()
        var decision = SchedulingDecision(chosen: nil, verdicts: [])
        try work.commit(instance) { transaction, current in
            let specs = work.lifecycle.specs
            var spec = try specs.find(current.id, in: transaction)
            // As in nova, the host an administrator named was meant for the launch.
            spec?.placement.forcedHost = nil
            decision = try placement.decide(current, size: current.flavor, spec: spec, among: hosts, in: transaction)
            try specs.setDecision(decision, of: current.id, in: transaction)
            guard let host = decision.chosen else { return }
            let zone = try placement.zone(of: host, in: transaction)
            try work.lifecycle.apply(.hostChosen, to: current, requestID: job.requestID, in: transaction) {
                $0.host = host
                $0.availabilityZone = zone
            }
        }
        guard decision.chosen == nil else { return }
        throw InstanceFailure(
            LaunchPhase.schedule.failureMessage, code: 409, remedy: LaunchPhase.schedule.remedy,
            details: decision.details)
    }

    private func spawn(_ instance: Instance, _ job: Job) throws {
        guard let image = try work.extra(of: instance).shelvedImageID else {
            throw InstanceFailure(failureMessage, details: "no image was kept")
        }
        try work.networking.movePorts(instanceID: instance.id.text, to: instance.host ?? "")
        var deployment = try work.deployment(of: instance)
        // The row goes on naming the image the instance was launched from.
        deployment.instance.imageID = ID(image)
        deployment.request.imageFormat = .qcow2
        _ = try deployment.fetchImage()
        try deployment.createDisks()
        let status = try GuestStart(work: work).start(instance)
        try work.commit(instance) { transaction, current in
            try work.lifecycle.apply(.domainStarted, to: current, requestID: job.requestID, in: transaction) {
                $0.take(status)
            }
            try work.lifecycle.enqueue(.cleanUp, for: current.id, requestID: job.requestID, in: transaction)
        }
    }

    func takeBack(_ instance: Instance) throws { try ShelveInstance(work: work).offload(instance) }

    func settle(_ instance: inout Instance, _ extra: InstanceExtra) { instance.leaveHost() }
}
