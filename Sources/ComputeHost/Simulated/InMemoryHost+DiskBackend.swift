import Synchronization

extension InMemoryHost: DiskBackend {
    /// The size an image is taken to have when there is no file to look at.
    private static let assumedImageSize: Int64 = 40 << 20

    /// See `DiskBackend`.
    public func fetchBase(_ image: ImageSpec) throws(HostError) -> BaseFile {
        try perform(.fetchBase) { state, _ throws(HostError) in
            if let base = state.bases[image.id] { return base }
            var size = Self.assumedImageSize
            if let imagesDirectory {
                let path = imagesDirectory + "/" + image.id
                size = try ImageHeaderInspector().inspect(path: path, format: image.format).virtualSize
            }
            let base = BaseFile(name: BaseFile.name(forImage: image.id), virtualSize: size)
            state.bases[image.id] = base
            return base
        }
    }

    /// See `DiskBackend`.
    public func createDisk(_ disk: DiskSpec) throws(HostError) {
        try InstanceID.check(disk.instanceID)
        try perform(.createDisk) { state, _ throws(HostError) in
            try requireBase(for: disk, in: state)
            if state.disks[disk.instanceID] == nil { state.disks[disk.instanceID] = disk }
        }
    }

    /// See `DiskBackend`.
    public func createConfigDrive(_ drive: ConfigDriveSpec) throws(HostError) {
        try InstanceID.check(drive.instanceID)
        try perform(.createConfigDrive) { state, _ throws(HostError) in
            state.drives[drive.instanceID] = drive
        }
    }

    /// See `DiskBackend`.
    public func deleteInstance(_ instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        try perform(.deleteInstance) { state, _ throws(HostError) in
            state.disks[instanceID] = nil
            state.keptDisks[instanceID] = nil
            state.rescueDisks[instanceID] = nil
            state.drives[instanceID] = nil
            state.consoles[instanceID] = nil
        }
    }

    /// See `DiskBackend`.
    public func instances() throws(HostError) -> [String] {
        try perform(.instances) { state, _ throws(HostError) in
            Set(state.disks.keys).union(state.drives.keys).union(state.consoles.keys).union(state.domains.keys).sorted()
        }
    }

    /// See `DiskBackend`.
    public func consoleLog(of instanceID: String, tail: Int?) throws(HostError) -> [UInt8] {
        try perform(.consoleLog) { state, _ throws(HostError) in
            let log = state.consoles[instanceID] ?? []
            return tail.map { ConsoleTail.lastLines($0, of: log) } ?? log
        }
    }

    /// See `DiskBackend`.
    public func diskInformation(of instanceID: String) throws(HostError) -> DiskInformation? {
        try perform(.diskInformation) { state, _ throws(HostError) in
            guard let disk = state.disks[instanceID], let base = state.bases[disk.imageID] else { return nil }
            return DiskInformation(
                virtualSize: disk.virtualSize(over: base), actualSize: 0, format: "qcow2", backingFile: base.name)
        }
    }

    /// What a disk is made from; too small a disk is refused.
    func requireBase(for disk: DiskSpec, in state: State) throws(HostError) {
        guard let base = state.bases[disk.imageID] else {
            throw .notFound("there is no base file of image \(disk.imageID)")
        }
        guard disk.virtualSize(over: base) >= base.virtualSize else {
            throw .failed(
                "the image needs \(base.virtualSize) bytes and the disk has \(disk.sizeGiB) GiB",
                remedy: "Choose a flavor with a larger disk.")
        }
    }

    /// The instance's config drive, if it has one.
    public func configDrive(of instanceID: String) -> ConfigDriveSpec? { state.withLock { $0.drives[instanceID] } }
}
