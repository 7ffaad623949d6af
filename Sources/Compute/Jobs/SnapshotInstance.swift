import ComputeHost
import Images
import ServiceCore

/// Makes an image of a guest's disk while the guest goes on.
struct SnapshotInstance: InstanceJobHandler {
    let kind = InstanceJob.snapshot.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The snapshot could not be made.") }

    func isWanted(in state: InstanceState) -> Bool {
        state.task == .imageSnapshot || state.task == .imageUploading
    }

    func perform(_ instance: Instance, _ job: Job) throws {
        let disk = DiskSnapshot(work: work, instance: instance)
        if instance.state.task == .imageSnapshot {
            try disk.copy()
            try finish(instance, .diskCopied, job) { _ in }
        } else {
            try disk.store()
            try finish(instance, .imageStored, job, forgetting: forget) { _ in }
        }
    }

    func takeBack(_ instance: Instance) throws { try DiskSnapshot(work: work, instance: instance).discard() }

    func forget(_ extra: inout InstanceExtra) { extra.snapshotImageID = nil }
}

/// The image that is being made of an instance's disk.
struct DiskSnapshot {
    let work: InstanceWork
    let instance: Instance

    /// Has the host write the image's file.
    func copy() throws {
        let id = try imageID()
        _ = try work.images.beginSnapshot(id)
        let deployment = try work.deployment(of: instance)
        try GuestStart(work: work).restoreFiles(deployment)
        _ = try deployment.host.disks.snapshotDisk(
            of: instance.id.text, to: ImageSpec(id: id.text, format: .qcow2))
    }

    /// Has Images take the file over.
    func store() throws { _ = try work.images.finishSnapshot(try imageID()) }

    /// Gives it up. An owner's snapshot that has become active meanwhile stays; the image of a shelving that came to nothing
    /// is nobody's.
    func discard() throws {
        let extra = try work.extra(of: instance)
        guard let id = extra.snapshotImageID else { return }
        try work.images.discardSnapshot(ID(id))
        if extra.isOfShelving { try work.images.removeSnapshot(ID(id)) }
    }

    private func imageID() throws -> ID<Image> {
        guard let id = try work.extra(of: instance).snapshotImageID else {
            throw InstanceFailure(Message("The snapshot could not be made."), details: "no image was reserved")
        }
        return ID(id)
    }
}
