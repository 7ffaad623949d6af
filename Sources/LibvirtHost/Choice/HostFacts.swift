import Foundation

/// What this machine offers, looked up without changing anything.
struct HostFacts: Sendable, Hashable {
    enum KVMDevice: Sendable, Hashable {
        case opens
        case absent
        case refused(String)
    }

    var isRoot: Bool
    var kvm: KVMDevice
    /// The processor's flags name vmx or svm.
    var hasVirtualizationFlags: Bool
    /// A system libvirt (libvirtd or virtqemud) answers.
    var systemLibvirtAnswers: Bool
    /// A directory above the disks that only its owner may enter, such as /root: the guests of a libvirt that we did not
    /// configure run as another user and cannot get past it.
    var closedDirectory: String?
    /// The programs that were found, by name.
    var programs: [String: String]

    static let emulator = "qemu-system-x86_64"
    static let wanted = [emulator, "qemu-img", "libvirtd", "unshare", "prlimit"] + ConfigDriveImage.programs

    /// - Parameter disks: the directory of the instances' disks; nil when it does not matter.
    static func gather(disks: String? = nil) -> HostFacts {
        let isRoot = geteuid() == 0
        let sockets = ["/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock"]
        let hasSocket = sockets.contains { FileSystem.exists($0) }
        var programs: [String: String] = [:]
        for name in wanted { programs[name] = CommandRunner.find(name) }
        return HostFacts(
            isRoot: isRoot, kvm: kvmDevice(),
            hasVirtualizationFlags: virtualizationFlags(FileSystem.readProc("cpuinfo")),
            systemLibvirtAnswers: isRoot && hasSocket && LibvirtOpener.answers("qemu:///system"),
            closedDirectory: disks.flatMap(closedDirectory), programs: programs)
    }

    /// Whether a text like /proc/cpuinfo names a processor that runs guests by itself. The device alone does not say
    /// so: paravirtual kvm offers it, and common guests die on it.
    static func virtualizationFlags(_ cpuinfo: String) -> Bool {
        for line in cpuinfo.split(separator: "\n") where line.hasPrefix("flags") {
            return line.split(separator: " ").contains { $0 == "vmx" || $0 == "svm" }
        }
        return false
    }

    static func hostname() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// All memory the kernel has, in KiB.
    static func memoryKiB() -> Int? {
        for line in FileSystem.readProc("meminfo").split(separator: "\n") where line.hasPrefix("MemTotal:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        }
        return nil
    }

    /// The deepest of a directory and those above it that others may not enter.
    static func closedDirectory(from directory: String) -> String? {
        var path = directory
        while !path.isEmpty {
            var facts = stat()
            if stat(path, &facts) == 0, facts.st_mode & S_IXOTH == 0 { return path }
            path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        }
        return nil
    }

    private static func kvmDevice() -> KVMDevice {
        let descriptor = open("/dev/kvm", O_RDWR | O_CLOEXEC)
        if descriptor >= 0 {
            close(descriptor)
            return .opens
        }
        return errno == ENOENT ? .absent : .refused(String(cString: strerror(errno)))
    }
}

extension FileSystem {
    /// A file of /proc, whose size is not known beforehand.
    static func readProc(_ name: String) -> String {
        guard let data = FileManager.default.contents(atPath: "/proc/" + name) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}
