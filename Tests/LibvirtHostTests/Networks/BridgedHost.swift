import ComputeHost
import Foundation
import TestSupport

@testable import LibvirtHost

/// libvirt with emulated guests that are plugged into bridges, in a network namespace that nobody else sees.
final class BridgedHost: Sendable {
    static let missing = RealHost.missing ?? NetworkLab.missing

    let lab: NetworkLab
    let host: LocalHost
    let guest: BuiltGuest
    private let daemon: PrivateLibvirtd
    private let turn: Int32

    init() throws {
        guest = try GuestImageBuilder(statePath: RealHost.keptPath).build()
        turn = open(RealHost.keptPath + "/turn", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        flock(turn, LOCK_EX)
        lab = try NetworkLab()
        daemon = PrivateLibvirtd(statePath: RealHost.keptPath + "-bridged", namespace: lab.host.name)
        let state = lab.state.path
        host = try LocalHost.open(LibvirtConfiguration(uri: try daemon.start(), statePath: state))
        try FileManager.default.createDirectory(atPath: state + "/images", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: guest.path, toPath: state + "/images/guest")
        _ = try host.services.disks.fetchBase(ImageSpec(id: "guest", format: guest.format))
    }

    /// Stops the daemon. The tests have undefined their guests by then.
    func close() {
        host.close()
        try? daemon.stop()
        Glibc.close(turn)
    }

    /// The contract's subject, with guests that boot.
    var subject: HypervisorUnderTest {
        let disks = host.services.disks
        return HypervisorUnderTest(host.services.hypervisor) { instanceID in
            try disks.createDisk(DiskSpec(instanceID: instanceID, imageID: "guest", sizeGiB: 1))
        } removeFiles: { instanceID in
            try disks.deleteInstance(instanceID)
        }
    }

    /// A port as a card of a guest.
    func card(_ port: PortSpec, mtu: Int = 1500) -> InterfaceSpec {
        InterfaceSpec(
            portID: port.portID, networkID: port.networkID, macAddress: port.macAddress, fixedIPs: port.fixedIPs,
            mtu: mtu, mode: .bridge)
    }

    func console(_ instanceID: String) throws -> String {
        String(decoding: try host.services.disks.consoleLog(of: instanceID, tail: nil), as: UTF8.self)
    }
}
