import ComputeHost
import ServiceCore

/// Boots a guest from another image, with its own disk as the second one, so that its owner can repair it.
struct RescueInstance: InstanceJobHandler {
    let kind = InstanceJob.rescue.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The instance could not be rescued.") }

    func isWanted(in state: InstanceState) -> Bool { state.task == .rescuing }

    func perform(_ instance: Instance, _ job: Job) throws {
        guard let image = try work.extra(of: instance).rescueImage else {
            throw InstanceFailure(failureMessage, details: "no image was chosen")
        }
        try GuestStop(work: work).stop(instance)
        let host = try work.services(of: instance)
        _ = try host.disks.fetchBase(ImageSpec(id: image.id, format: image.format))
        try host.disks.createRescueDisk(DiskSpec(instanceID: instance.id.text, imageID: image.id, sizeGiB: 0))
        try work.deployment(of: instance).writeConfigDrive(adminPassword: work.adminPassword(of: instance))
        let status = try GuestStart(work: work).start(instance, rescue: image.id)
        try finish(instance, .rescued, job) { $0.take(status) }
    }

    func takeBack(_ instance: Instance) throws {
        let host = try work.services(of: instance)
        try host.hypervisor.powerOff(instance.id.text)
        try host.disks.deleteRescueDisk(of: instance.id.text)
        try work.deployment(of: instance).writeConfigDrive()
        if instance.state.vm == .active {
            _ = try GuestStart(work: work).start(instance)
        } else {
            try GuestStart(work: work).define(instance)
        }
    }

    func forget(_ extra: inout InstanceExtra) { extra.rescueImage = nil }
}

/// Boots the guest from its own disk again.
struct UnrescueInstance: InstanceJobHandler {
    let kind = InstanceJob.unrescue.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The rescue of the instance could not be ended.") }

    func isWanted(in state: InstanceState) -> Bool { state.task == .unrescuing }

    /// The rescue disk goes last: until the guest runs from its own, a repeat may need it to boot at all.
    func perform(_ instance: Instance, _ job: Job) throws {
        let host = try work.services(of: instance)
        try host.hypervisor.powerOff(instance.id.text)
        // What was for the guest that repaired is not for the one that was repaired.
        try work.deployment(of: instance).writeConfigDrive()
        let status = try GuestStart(work: work).start(instance)
        try host.disks.deleteRescueDisk(of: instance.id.text)
        try finish(instance, .unrescued, job, forgetting: { $0.rescueImage = nil }) { $0.take(status) }
    }
}
