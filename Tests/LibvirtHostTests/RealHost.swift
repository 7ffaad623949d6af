import ComputeHost
import Foundation
import TestSupport

@testable import LibvirtHost

/// A private libvirtd with emulated guests, for tests.
final class RealHost: Sendable {
    let host: LocalHost
    let daemon: PrivateLibvirtd
    let state: TemporaryDirectory
    private static let lock = NSLock()

    /// Kept between runs: the guest, and what libvirt learned about the emulator, take seconds to make.
    static let keptPath = "/var/tmp/daybreak-test-\(geteuid())"

    /// Why there is no real host here, and what would make one; nil when there is one.
    static let missing: String? = {
        if geteuid() != 0 { return "needs root, to give libvirtd a mount namespace: run the tests as root" }
        let programs = [HostFacts.emulator, "qemu-img", "libvirtd", "unshare"]
        let absent = programs.filter { CommandRunner.find($0) == nil }
        if !absent.isEmpty { return "needs \(absent.joined(separator: ", ")): apt-get install qemu-system-x86 qemu-utils libvirt-daemon" }
        let namespace = try? CommandRunner().run(Command("unshare", ["--mount", "true"]))
        return namespace?.succeeded == true ? nil : "needs a mount namespace, which this container refuses"
    }()

    static let hasParavirtualKVM: Bool = {
        let facts = HostFacts.gather()
        return facts.kvm == .opens && !facts.hasVirtualizationFlags
    }()

    init() throws {
        Self.lock.lock()
        do {
            state = try TemporaryDirectory()
            daemon = PrivateLibvirtd(statePath: Self.keptPath)
            let uri = try daemon.start()
            host = try LocalHost.open(LibvirtConfiguration(uri: uri, statePath: state.path))
        } catch {
            Self.lock.unlock()
            throw error
        }
    }

    /// Stops the daemon. The tests have undefined their guests by then.
    func close() {
        host.close()
        try? daemon.stop()
        Self.lock.unlock()
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
