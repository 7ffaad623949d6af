import ComputeHost

/// Calls of qemu-img, with the format always said, never guessed, and limits on time and memory: the files may be
/// made to harm.
struct QemuImg: Sendable {
    let runner: CommandRunner
    /// Address space for a look at an image; nova's limit for untrusted ones.
    var inspectionLimit = 1 << 30
    /// How long such a look may take.
    var inspectionTime = Duration.seconds(30)
    /// Address space for a copy, which runs up to 64 threads, each with 8 MiB of stack.
    private static let conversionLimit = 4 << 30
    /// By default each thread also reserves a heap of 64 MiB, and the program aborts at the limit while it uses little.
    private static let environment = ["MALLOC_ARENA_MAX": "1"]

    /// qemu's names differ from OpenStack's for two formats.
    static func driver(_ format: DiskFormat) -> String {
        switch format {
        case .raw, .iso: "raw"
        case .vhd: "vpc"
        case .qcow2, .vmdk, .vdi, .vhdx: format.rawValue
        }
    }

    /// - Parameter isShared: whether a running guest may have the file open.
    func information(_ path: String, _ driver: String, isShared: Bool = false) throws(HostError) -> QemuImgInformation {
        let share = isShared ? ["-U"] : []
        var command = Command("qemu-img", ["info"] + share + ["--output=json", "-f", driver, path])
        command.memoryLimit = inspectionLimit
        command.timeout = inspectionTime
        command.environment = Self.environment
        let result = try runner.run(command)
        guard result.succeeded else {
            // Where images are kept is nobody's business who sends one.
            let why = result.complaint.replacing("qemu-img: Could not open '\(path)': ", with: "")
                .replacing(path, with: "the file")
            throw .failed(
                "the file is not a usable \(driver) image: \(why)",
                remedy: "Choose the format that the file really has.")
        }
        return try .parse(result.output)
    }

    /// Copies an image into a sparse raw file.
    ///
    /// - Parameter size: the bytes that the image said it has; it gets no more, whatever it says the second time.
    func convert(_ path: String, _ driver: String, toRaw target: String, size: Int64) throws(HostError) {
        var command = Command("qemu-img", ["convert", "-q", "-f", driver, "-O", "raw", path, target])
        command.fileSizeLimit = Int(size)
        try copy(command)
    }

    /// Copies what a disk and the files below it show into one compressed file.
    func compress(_ path: String, to target: String) throws(HostError) {
        try copy(Command("qemu-img", ["convert", "-q", "-c", "-f", "qcow2", "-O", "qcow2", path, target]))
    }

    private func copy(_ command: Command) throws(HostError) {
        var command = command
        command.memoryLimit = Self.conversionLimit
        command.environment = Self.environment
        command.timeout = .seconds(900)
        try runner.succeed(command)
    }

    /// Makes a disk larger.
    func resize(_ path: String, to size: Int64) throws(HostError) {
        try runner.succeed(Command("qemu-img", ["resize", "-q", "-f", "qcow2", path, String(size)]))
    }
}

extension QemuImg: ImageInspector {
    func inspect(path: String, format: DiskFormat) throws(HostError) -> ImageInformation {
        try UntrustedImage.check(path, format)
        let information = try information(path, Self.driver(format))
        try information.refuseOtherFiles()
        guard information.format == Self.driver(format) else {
            throw .failed("the file is not a \(format.rawValue) image", remedy: nil)
        }
        return ImageInformation(
            format: format, virtualSize: information.virtualSize, actualSize: information.actualSize)
    }
}
