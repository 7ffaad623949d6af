/// The verbs on a disk that is there.
extension InMemoryHost {
    /// See `DiskBackend`.
    @discardableResult
    public func removeUnusedBases(keeping imageIDs: Set<String>) throws(HostError) -> [String] {
        try perform(.removeUnusedBases) { state, _ throws(HostError) in
            let disks = [state.disks, state.keptDisks, state.rescueDisks].flatMap(\.values)
            let used = imageIDs.union(disks.map(\.imageID))
            let unused = state.bases.filter { !used.contains($0.key) }
            for imageID in unused.keys { state.bases[imageID] = nil }
            return unused.values.map(\.name).sorted()
        }
    }

    /// See `DiskBackend`.
    public func growDisk(of instanceID: String, toGiB size: Int) throws(HostError) {
        try InstanceID.check(instanceID)
        try perform(.growDisk) { state, _ throws(HostError) in
            let disk = try requireIdleDisk(instanceID, in: state)
            let now = state.bases[disk.imageID].map(disk.virtualSize) ?? 0
            guard Int64(size) << 30 >= now else {
                throw .failed(
                    "the disk has \(now) bytes, which is more than \(size) GiB",
                    remedy: "Choose a flavor with a larger disk.")
            }
            state.disks[instanceID]?.sizeGiB = size
        }
    }

    /// See `DiskBackend`.
    public func deleteDisk(of instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        try perform(.deleteDisk) { state, _ throws(HostError) in state.disks[instanceID] = nil }
    }

    /// See `DiskBackend`.
    public func keepDisk(of instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        try perform(.keepDisk) { state, _ throws(HostError) in
            if state.keptDisks[instanceID] != nil { return }
            state.keptDisks[instanceID] = try requireIdleDisk(instanceID, in: state)
        }
    }

    /// See `DiskBackend`.
    public func restoreKeptDisk(of instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        try perform(.restoreKeptDisk) { state, _ throws(HostError) in
            guard let kept = state.keptDisks[instanceID] else { return }
            if state.disks[instanceID] != nil { _ = try requireIdleDisk(instanceID, in: state) }
            state.disks[instanceID] = kept
            state.keptDisks[instanceID] = nil
        }
    }

    /// See `DiskBackend`.
    public func dropKeptDisk(of instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        try perform(.dropKeptDisk) { state, _ throws(HostError) in state.keptDisks[instanceID] = nil }
    }

    /// See `DiskBackend`.
    public func createRescueDisk(_ disk: DiskSpec) throws(HostError) {
        try InstanceID.check(disk.instanceID)
        try perform(.createRescueDisk) { state, _ throws(HostError) in
            try requireBase(for: disk, in: state)
            if state.rescueDisks[disk.instanceID] == nil { state.rescueDisks[disk.instanceID] = disk }
        }
    }

    /// See `DiskBackend`.
    public func deleteRescueDisk(of instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        try perform(.deleteRescueDisk) { state, _ throws(HostError) in state.rescueDisks[instanceID] = nil }
    }

    /// See `DiskBackend`.
    public func snapshotDisk(of instanceID: String, to image: ImageSpec) throws(HostError) -> ImageInformation {
        try InstanceID.check(instanceID)
        return try perform(.snapshotDisk) { state, _ throws(HostError) in
            guard image.format == .qcow2 else {
                throw .failed("snapshots are qcow2, not \(image.format.rawValue)", remedy: nil)
            }
            guard let disk = state.disks[instanceID], let base = state.bases[disk.imageID] else {
                throw .notFound("instance \(instanceID) has no disk")
            }
            let size = disk.virtualSize(over: base)
            let bytes = EmptyQCOW2.file(virtualSize: size)
            if let imagesDirectory { try EmptyQCOW2.write(bytes, to: imagesDirectory + "/" + image.id) }
            return ImageInformation(format: .qcow2, virtualSize: size, actualSize: Int64(bytes.count))
        }
    }

    /// A disk that no guest writes now.
    private func requireIdleDisk(_ instanceID: String, in state: State) throws(HostError) -> DiskSpec {
        guard let disk = state.disks[instanceID] else { throw .notFound("instance \(instanceID) has no disk") }
        if state.domains[instanceID]?.isOn == true {
            throw .busy("the disk of instance \(instanceID) is in use by its guest")
        }
        return disk
    }
}
