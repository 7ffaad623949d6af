import ComputeHost
import Foundation

/// Keeps instances as nova does: raw base files in `_base`, a qcow2 overlay for each instance, a config drive.
struct QemuDiskBackend: DiskBackend {
    let files: InstanceFiles
    /// Where the images' files are, named by id.
    let imagesDirectory: String
    let runner: CommandRunner
    /// Who runs the guests; nil when none can run.
    var guests: (any RunningGuests)?
    /// How long a base file stays after it was last needed; nova's `remove_unused_original_minimum_age_seconds`.
    var minimumBaseAge = Duration.seconds(86_400)
    /// How much of a console log is ever read.
    static let consoleLimit = 2 << 20

    var qemuImg: QemuImg { QemuImg(runner: runner) }

    func createDisk(_ disk: DiskSpec) throws(HostError) {
        try createOverlay(disk, at: files.disk(disk.instanceID))
    }

    /// Lays a qcow2 file over the disk's base file, unless it is there.
    func createOverlay(_ disk: DiskSpec, at path: String) throws(HostError) {
        try InstanceID.check(disk.instanceID)
        let name = BaseFile.name(forImage: disk.imageID)
        guard let baseSize = FileSystem.size(of: files.base(name)) else {
            throw .notFound("there is no base file of image \(disk.imageID)")
        }
        let size = disk.virtualSize(over: BaseFile(name: name, virtualSize: baseSize))
        guard size >= baseSize else {
            throw .failed(
                "the image needs \(baseSize) bytes and the disk has \(disk.sizeGiB) GiB",
                remedy: "Choose a flavor with a larger disk.")
        }
        try FileSystem.createDirectory(files.directory(disk.instanceID))
        if !FileSystem.exists(path) {
            let part = path + ".part"
            try FileSystem.remove(part)
            // What `qemu-img create` makes, without waiting for a program to start and to end.
            guard files.base(name).utf8.count <= EmptyQCOW2.longestName else {
                throw .failed("the path \(files.base(name)) is too long", remedy: "Choose a shorter STATE_PATH.")
            }
            try FileSystem.writeSparsely(EmptyQCOW2.file(virtualSize: size, over: files.base(name)), to: part)
            try FileSystem.move(part, to: path)
        }
        try writeDiskInfo(disk.instanceID)
    }

    func createConfigDrive(_ drive: ConfigDriveSpec) throws(HostError) {
        try InstanceID.check(drive.instanceID)
        guard drive.hasSafePaths else { throw .failed("a file of a config drive lies outside of it", remedy: nil) }
        let directory = files.directory(drive.instanceID)
        try FileSystem.createDirectory(directory)
        let tree = directory + "/disk.config.tree"
        try FileSystem.remove(tree)
        for (name, bytes) in drive.files {
            let path = tree + "/" + name
            try FileSystem.createDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
            try FileSystem.write(bytes, to: path, mode: 0o600, isLasting: false)
        }
        let path = files.configDrive(drive.instanceID)
        try ConfigDriveImage(runner: runner).write(tree, to: path + ".part")
        try FileSystem.move(path + ".part", to: path)
        try FileSystem.remove(tree)
        try writeDiskInfo(drive.instanceID)
    }

    func deleteInstance(_ instanceID: String) throws(HostError) {
        try InstanceID.check(instanceID)
        try FileSystem.remove(files.directory(instanceID))
    }

    func instances() throws(HostError) -> [String] {
        FileSystem.names(in: files.root).filter(InstanceID.isValid)
    }

    func consoleLog(of instanceID: String, tail: Int?) throws(HostError) -> [UInt8] {
        try InstanceID.check(instanceID)
        let log = try ConsoleLogs(files: files).read(instanceID, limit: Self.consoleLimit)
        return tail.map { ConsoleTail.lastLines($0, of: log) } ?? log
    }

    func diskInformation(of instanceID: String) throws(HostError) -> DiskInformation? {
        try InstanceID.check(instanceID)
        let path = files.disk(instanceID)
        guard FileSystem.exists(path) else { return nil }
        let information = try qemuImg.information(path, "qcow2", isShared: true)
        return DiskInformation(
            virtualSize: information.virtualSize, actualSize: information.actualSize, format: information.format,
            backingFile: information.backingFile.map { String($0.split(separator: "/").last ?? "") })
    }

    /// The file of an image. The id becomes its name here, and is nothing but letters, digits and hyphens.
    func imageFile(_ image: ImageSpec) throws(HostError) -> String {
        guard !image.id.isEmpty, image.id.utf8.allSatisfy({ $0 == 0x2d || (0x30...0x39).contains($0) || isLetter($0) })
        else { throw .failed("\"\(image.id)\" is not an image's id", remedy: nil) }
        return imagesDirectory + "/" + image.id
    }

    private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }

    /// nova's `disk.info`: the format of each disk by its path.
    func writeDiskInfo(_ instanceID: String) throws(HostError) {
        var formats: [String: String] = [:]
        for path in [files.disk(instanceID), files.keptDisk(instanceID), files.rescueDisk(instanceID)]
        where FileSystem.exists(path) { formats[path] = "qcow2" }
        if FileSystem.exists(files.configDrive(instanceID)) { formats[files.configDrive(instanceID)] = "raw" }
        try FileSystem.write(try JSONText.encode(formats), to: files.diskInfo(instanceID))
    }
}

/// JSON as it is written into files: keys in order, slashes as they are.
enum JSONText {
    static func encode(_ value: some Encodable) throws(HostError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw .failed("a value cannot be written as JSON", remedy: nil)
        }
    }
}

/// Bytes of the file system that holds a path.
struct DiskSpace {
    let total: Int64
    let free: Int64

    static func of(_ path: String) -> DiskSpace? {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return nil }
        let block = Int64(facts.f_frsize)
        return DiskSpace(total: Int64(facts.f_blocks) * block, free: Int64(facts.f_bavail) * block)
    }
}
