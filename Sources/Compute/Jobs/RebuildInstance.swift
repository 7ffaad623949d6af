import ComputeHost
import Images
import ServiceCore

/// Replaces a guest's disk by a fresh one. The image is fetched before the old disk goes: one that is no good harms
/// nothing.
struct RebuildInstance: InstanceJobHandler {
    let kind = InstanceJob.rebuild.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The instance could not be rebuilt.") }

    func isWanted(in state: InstanceState) -> Bool {
        switch state.task {
        case .rebuilding, .rebuildBlockDeviceMapping, .rebuildSpawning: true
        default: false
        }
    }

    func perform(_ instance: Instance, _ job: Job) throws {
        switch instance.state.task {
        case .rebuilding: try removeGuest(instance, job)
        case .rebuildBlockDeviceMapping: try replaceDisk(instance, job)
        default: try spawn(instance, job)
        }
    }

    private func removeGuest(_ instance: Instance, _ job: Job) throws {
        let image = try image(of: instance)
        let host = try work.services(of: instance)
        _ = try host.disks.fetchBase(ImageSpec(id: image.id, format: image.format))
        try host.hypervisor.powerOff(instance.id.text)
        try finish(instance, .guestRemoved, job) { $0.powerState = .shutdown }
    }

    private func replaceDisk(_ instance: Instance, _ job: Job) throws {
        let image = try image(of: instance)
        var deployment = try work.deployment(of: instance)
        deployment.instance.imageID = ID(image.id)
        deployment.instance.imageName = image.name
        deployment.request.imageFormat = image.format
        _ = try deployment.fetchImage()
        try deployment.host.disks.deleteDisk(of: instance.id.text)
        try deployment.createDisks(adminPassword: work.adminPassword(of: instance))
        try work.commit(instance) { transaction, current in
            try work.lifecycle.specs.setImage(
                image.format, properties: image.properties, of: current.id, in: transaction)
            try work.lifecycle.apply(.disksReady, to: current, requestID: job.requestID, in: transaction) {
                // What was asked for before rows named the new image at once is named here.
                $0.imageID = ID(image.id)
                $0.imageName = image.name
            }
        }
    }

    private func spawn(_ instance: Instance, _ job: Job) throws {
        var status: DomainStatus?
        if instance.state.vm == .stopped {
            try GuestStart(work: work).define(instance)
        } else {
            status = try GuestStart(work: work).start(instance)
        }
        try finish(instance, .rebuilt, job, forgetting: forget) { if let status { $0.take(status) } }
    }

    /// A guest that was only switched off goes on as it was.
    func takeBack(_ instance: Instance) throws {
        guard instance.state == InstanceState(.active, .rebuilding) else { return }
        _ = try GuestStart(work: work).start(instance)
    }

    func forget(_ extra: inout InstanceExtra) {
        extra.rebuildImage = nil
        extra.replacedImage = nil
        extra.wasRunning = nil
    }

    /// While the old disk is there, the instance is made of the old image.
    func settle(_ instance: inout Instance, _ extra: InstanceExtra) {
        guard instance.state.task == .rebuilding, let image = extra.replacedImage else { return }
        instance.imageID = ID(image.id)
        instance.imageName = image.name
    }

    private func image(of instance: Instance) throws -> PinnedImage {
        guard let image = try work.extra(of: instance).rebuildImage else {
            throw InstanceFailure(failureMessage, details: "no image was chosen")
        }
        return image
    }
}
