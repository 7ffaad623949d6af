import ComputeHost
import Networking
import ServiceCore

/// Keeps an instance as an image and takes everything of it off its host. Its addresses stay its own.
struct ShelveInstance: InstanceJobHandler {
    let kind = InstanceJob.shelve.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The instance could not be shelved.") }

    func isWanted(in state: InstanceState) -> Bool {
        switch state.task {
        case .shelving, .shelvingImageUploading, .shelvingOffloading: true
        default: false
        }
    }

    func perform(_ instance: Instance, _ job: Job) throws {
        switch instance.state.task {
        case .shelving:
            try GuestStop(work: work).stop(instance)
            try finish(instance, .guestStopped, job) { _ in }
        case .shelvingImageUploading:
            let disk = DiskSnapshot(work: work, instance: instance)
            try disk.copy()
            try disk.store()
            try finish(instance, .imageStored, job, forgetting: Self.keepImage) { $0.powerState = .shutdown }
        default:
            try offload(instance)
            try finish(instance, .offloaded, job) { $0.leaveHost() }
        }
    }

    /// Leaves nothing on the host. Repeatable.
    func offload(_ instance: Instance) throws {
        if let host = instance.host, let services = work.hosts.services(on: host) {
            try services.hypervisor.undefine(instance.id.text)
            try services.disks.deleteInstance(instance.id.text)
        }
        try work.networking.movePorts(instanceID: instance.id.text, to: "")
    }

    private static func keepImage(_ extra: inout InstanceExtra) {
        extra.shelvedImageID = extra.snapshotImageID
        extra.snapshotImageID = nil
        extra.wasRunning = nil
    }

    /// What has been copied stays when only the host could not be cleared: the instance is shelved.
    func takeBack(_ instance: Instance) throws {
        guard instance.state.task != .shelvingOffloading else { return }
        try DiskSnapshot(work: work, instance: instance).discard()
        guard instance.state.vm == .active else { return }
        _ = try GuestStart(work: work).start(instance)
    }

    func forget(_ extra: inout InstanceExtra) {
        extra.snapshotImageID = nil
        extra.wasRunning = nil
    }
}

extension Instance {
    /// It is on no host and runs nowhere.
    mutating func leaveHost() {
        host = nil
        powerState = .shutdown
        domainType = nil
        note = nil
    }
}
