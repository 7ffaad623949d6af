import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

/// With a libvirt that somebody else configured and runs.
@Suite(
    .enabled(
        if: HostFacts.gather().systemLibvirtAnswers && RealHost.missing == nil,
        "needs root and a system libvirt: systemctl start libvirtd"))
struct SystemLibvirtTests {
    @Test func `the system's libvirt is used as it is, and a guest starts there`() throws {
        let state = try TemporaryDirectory()
        let host = try LocalHost.open(LibvirtConfiguration(statePath: state.path))
        defer { host.close() }
        #expect(host.choice.mode == .system)
        #expect(host.choice.findings.contains { $0.subject == "files" && $0.isFine })
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: state.path + "/image"))
        try FileSystem.createDirectory(state.path + "/images")
        try FileSystem.move(state.path + "/image", to: state.path + "/images/image")
        let disks = host.services.disks
        _ = try disks.fetchBase(ImageSpec(id: "image", format: .raw))
        let subject = HypervisorUnderTest(host.services.hypervisor) { instanceID in
            try disks.createDisk(DiskSpec(instanceID: instanceID, imageID: "image", sizeGiB: 1))
        } removeFiles: { instanceID in
            try disks.deleteInstance(instanceID)
        }
        for expectation in HypervisorContract.all {
            do { try expectation.check(subject) } catch { Issue.record("\(expectation): \(error)") }
        }
        #expect(try host.services.hypervisor.domains().isEmpty)
    }
}
