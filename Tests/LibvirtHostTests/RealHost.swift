import ComputeHost
import Foundation
import TestSupport

@testable import LibvirtHost

/// libvirt with emulated guests, for tests: a private libvirtd for root, otherwise the user's session.
///
/// One at a time on the machine: emulated guests take whole processors, and the private daemon is shared.
final class RealHost: Sendable {
    let host: LocalHost
    /// Nil in a session, whose daemon is not ours to stop.
    let daemon: PrivateLibvirtd?
    let state: TemporaryDirectory
    private let turn: Int32

    /// Kept between runs: the guest, and what libvirt learned about the emulator, take seconds to make.
    static let keptPath = "/var/tmp/daybreak-test-\(geteuid())"

    /// Why there is no real host here, and what would make one; nil when there is one.
    static let missing: String? = {
        let programs = [HostFacts.emulator, "qemu-img", "libvirtd", "unshare", "genisoimage"]
        let absent = programs.filter { CommandRunner.find($0) == nil }
        if !absent.isEmpty {
            let packages = "qemu-system-x86 qemu-utils libvirt-daemon util-linux genisoimage"
            return "needs \(absent.joined(separator: ", ")): apt-get install \(packages)"
        }
        guard geteuid() == 0 else { return nil }
        let namespace = try? CommandRunner().run(Command("unshare", ["--mount", "true"]))
        return namespace?.succeeded == true ? nil : "needs a mount namespace, which this container refuses root"
    }()

    static let hasParavirtualKVM: Bool = {
        let facts = HostFacts.gather()
        return facts.kvm == .opens && !facts.hasVirtualizationFlags
    }()

    /// - Parameter state: where the instances are; nil makes a place.
    init(state: TemporaryDirectory? = nil) throws {
        try FileSystem.createDirectory(Self.keptPath)
        turn = open(Self.keptPath + "/turn", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        flock(turn, LOCK_EX)
        self.state = try state ?? TemporaryDirectory()
        daemon = geteuid() == 0 ? PrivateLibvirtd(statePath: Self.keptPath) : nil
        let uri = try daemon?.start() ?? "qemu:///session"
        host = try LocalHost.open(LibvirtConfiguration(uri: uri, statePath: self.state.path))
    }

    /// Stops the daemon. The tests have undefined their guests by then.
    func close() {
        host.close()
        try? daemon?.stop()
        Glibc.close(turn)
    }

    var hypervisor: any Hypervisor { host.services.hypervisor }
    var disks: any DiskBackend { host.services.disks }

    /// Registers a file as an image of this host.
    func addImage(_ id: String, from path: String) throws {
        try FileManager.default.createDirectory(atPath: state.path + "/images", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: path, toPath: state.path + "/images/" + id)
    }

    /// The contract's subject, with guests that have an empty disk and boot nothing.
    func subject() throws -> HypervisorUnderTest {
        let blank = state.path + "/blank"
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: blank))
        try addImage("image", from: blank)
        let disks = disks
        _ = try disks.fetchBase(ImageSpec(id: "image", format: .raw))
        return HypervisorUnderTest(hypervisor) { instanceID in
            try disks.createDisk(DiskSpec(instanceID: instanceID, imageID: "image", sizeGiB: 1))
        } removeFiles: { instanceID in
            try disks.deleteInstance(instanceID)
        }
    }
}
