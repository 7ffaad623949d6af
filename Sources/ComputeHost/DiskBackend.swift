/// Keeps the files of the instances on one host: base files, disks, config drives and console logs.
///
/// Nothing here returns a path: another machine could not use it. Every verb makes something so and may be repeated;
/// a call interrupted half-way leaves nothing that a repeat does not overwrite.
public protocol DiskBackend: Sendable {
    /// Makes sure that the host has a raw copy of the image, fetched once however many ask at the same time.
    func fetchBase(_ image: ImageSpec) throws(HostError) -> BaseFile

    /// Creates the instance's root disk over its base file. A disk that is there already is left alone.
    func createDisk(_ disk: DiskSpec) throws(HostError)

    /// Writes the config drive (label `config-2`). One that is there already is replaced.
    func createConfigDrive(_ drive: ConfigDriveSpec) throws(HostError)

    /// Removes everything the host keeps for the instance. Absent is a success.
    func deleteInstance(_ instanceID: String) throws(HostError)

    /// The ids of the instances that have files here.
    func instances() throws(HostError) -> [String]

    /// The last `tail` lines of what the guest wrote to its serial port (nil: as much as the host is willing to read).
    /// A guest that never started gives an empty log.
    func consoleLog(of instanceID: String, tail: Int?) throws(HostError) -> [UInt8]

    /// Facts about the root disk, or nil when there is none.
    func diskInformation(of instanceID: String) throws(HostError) -> DiskInformation?
}

/// Looks at an uploaded image before anything trusts it.
public protocol ImageInspector: Sendable {
    /// Reads the local file `path` as `format` and as nothing else: the content never decides.
    ///
    /// Throws `.failed` when the file is not of that format or refers to another file (a backing file or an external
    /// data file would let an upload read files of the host).
    func inspect(path: String, format: DiskFormat) throws(HostError) -> ImageInformation
}
