public import ComputeHost
import Glibc

/// The guest that was built on this machine.
public struct BuiltGuest: Sendable, Hashable {
    /// Where the image is.
    public let path: String
    /// `qcow2`.
    public let format: DiskFormat
    /// The name under which it is registered.
    public let name: String
    /// Debian's kernel cannot unpack itself in less than 72 MiB; 80 leave it room.
    public let minRAMMiB: Int
    /// The disk has 40 MiB and grows into the flavor's.
    public let minDiskGiB: Int
}

/// Makes the small bootable guest of the first start, out of Debian packages.
public struct GuestImageBuilder: Sendable {
    private let directory: String

    /// - Parameter statePath: the program's state directory; the image is kept below it.
    public init(statePath: String) {
        directory = statePath + "/guest"
    }

    /// The guest that an earlier start made, if any.
    public var existing: BuiltGuest? {
        FileSystem.exists(path)
            ? BuiltGuest(path: path, format: .qcow2, name: "daybreak-guest", minRAMMiB: 80, minDiskGiB: 1) : nil
    }

    private var path: String { directory + "/daybreak-guest.qcow2" }

    /// Returns the guest, making it first when there is none. Takes seconds, and minutes where the network is slow.
    ///
    /// - Parameter progress: is told of each step, in English.
    /// - Throws: `.failed` with what is missing, such as a Debian package.
    public func build(progress: @escaping (String) -> Void = { _ in }) throws(HostError) -> BuiltGuest {
        try FileSystem.createDirectory(directory)
        return try FileLock.hold(directory + "/lock") { () throws(HostError) in
            if let existing { return existing }
            let script = directory + "/build-guest.sh"
            try FileSystem.write(PackageResources.build_guest_sh, to: script)
            var command = Command("sh", [script, path, directory + "/packages"])
            command.timeout = .seconds(900)
            let result = try CommandRunner().run(command, onLine: progress)
            guard result.succeeded, let made = existing else {
                throw .failed("no guest can be built: \(result.complaint)", remedy: Self.remedy(for: result.complaint))
            }
            return made
        }
    }

    private static func remedy(for complaint: String) -> String {
        let marker = "packages are missing:"
        if let range = complaint.firstRange(of: marker) {
            return "apt-get install --no-install-recommends\(complaint[range.upperBound...])"
        }
        return "Upload an image instead, or correct this and start again."
    }
}
