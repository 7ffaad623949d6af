import ComputeHost
import Glibc

/// The verbs on a disk that is there.
extension QemuDiskBackend {
    func growDisk(of instanceID: String, toGiB size: Int) throws(HostError) {
        let path = try idleDisk(instanceID)
        let now = try qemuImg.information(path, "qcow2").virtualSize
        let wanted = Int64(size) << 30
        guard wanted >= now else {
            throw .failed(
                "the disk has \(now) bytes, which is more than \(size) GiB",
                remedy: "Choose a flavor with a larger disk.")
        }
        if wanted > now { try qemuImg.resize(path, to: wanted) }
    }

    func deleteDisk(of instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        try remove([files.disk(instanceID), files.disk(instanceID) + ".part", files.diskCopy(instanceID)], instanceID)
    }

    func keepDisk(of instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        let kept = files.keptDisk(instanceID)
        if FileSystem.exists(kept) { return }
        let path = try idleDisk(instanceID)
        // The copy lies over the same base file, as the disk does: it holds only what was written.
        try FileSystem.remove(kept + ".part")
        var command = Command("cp", ["--reflink=auto", "--sparse=auto", "--", path, kept + ".part"])
        command.timeout = .seconds(900)
        try runner.succeed(command, remedy: "Free space on the disk that holds \(files.root).")
        try FileSystem.synchronize(kept + ".part")
        try FileSystem.move(kept + ".part", to: kept)
        try writeDiskInfo(instanceID)
    }

    func restoreKeptDisk(of instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        guard FileSystem.exists(files.keptDisk(instanceID)) else { return }
        if FileSystem.exists(files.disk(instanceID)) { _ = try idleDisk(instanceID) }
        try FileSystem.move(files.keptDisk(instanceID), to: files.disk(instanceID))
        try writeDiskInfo(instanceID)
    }

    func dropKeptDisk(of instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        try remove([files.keptDisk(instanceID), files.keptDisk(instanceID) + ".part"], instanceID)
    }

    func createRescueDisk(_ disk: DiskSpec) throws(HostError) {
        try createOverlay(disk, at: files.rescueDisk(disk.instanceID))
    }

    func deleteRescueDisk(of instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        try remove([files.rescueDisk(instanceID), files.rescueDisk(instanceID) + ".part"], instanceID)
    }

    func snapshotDisk(of instanceID: String, to image: ImageSpec) throws(HostError) -> ImageInformation {
        try InstanceID.check(instanceID)
        guard image.format == .qcow2 else {
            throw .failed("snapshots are qcow2, not \(image.format.rawValue)", remedy: nil)
        }
        let target = try imageFile(image)
        let disk = files.disk(instanceID)
        guard FileSystem.exists(disk) else { throw .notFound("instance \(instanceID) has no disk") }
        let copy = files.diskCopy(instanceID)
        let part = target + ".snapshot.part"
        try FileSystem.remove(part)
        let isCopied = try guests?.copyDisk(disk, of: instanceID, to: copy) ?? false
        try qemuImg.compress(isCopied ? copy : disk, to: part)
        try FileSystem.remove(copy)
        try FileSystem.synchronize(part)
        let information = try qemuImg.inspect(path: part, format: .qcow2)
        try FileSystem.move(part, to: target)
        return information
    }

    /// The path of the root disk, which no guest has open.
    private func idleDisk(_ instanceID: String) throws(HostError) -> String {
        try InstanceID.check(instanceID)
        let path = files.disk(instanceID)
        guard FileSystem.exists(path) else { throw .notFound("instance \(instanceID) has no disk") }
        if try guests?.isOn(instanceID) == true {
            throw .busy("the disk of instance \(instanceID) is in use by its guest")
        }
        return path
    }

    private func remove(_ paths: [String], _ instanceID: String) throws(HostError) {
        for path in paths { try FileSystem.remove(path) }
        if FileSystem.exists(files.directory(instanceID)) { try writeDiskInfo(instanceID) }
    }
}
