import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

/// Images made of guests that run, and guests that boot from another disk than their own.
@Suite(.serialized, .enabled(if: RealHost.missing == nil, "\(RealHost.missing ?? "")"))
struct SnapshotTests {
    private static let image = ImageSpec(id: "snapshot", format: .qcow2)

    /// SHA-256 of a file.
    private func sum(_ path: String) throws -> String {
        let output = try CommandRunner().succeed(Command("sha256sum", [path]))
        return String(String(decoding: output, as: UTF8.self).prefix(64))
    }

    /// A subject whose instances have disks over the built guest.
    private func subject(_ real: RealHost, _ guest: BuiltGuest) throws -> HypervisorUnderTest {
        try real.addImage("guest", from: guest.path)
        _ = try real.disks.fetchBase(ImageSpec(id: "guest", format: guest.format))
        let disks = real.disks
        return HypervisorUnderTest(real.hypervisor) { instanceID in
            try disks.createDisk(DiskSpec(instanceID: instanceID, imageID: "guest", sizeGiB: 1))
        } removeFiles: { instanceID in
            try disks.deleteInstance(instanceID)
        }
    }

    private func waitForLogin(_ real: RealHost, _ id: String) throws {
        try eventually("login prompt", seconds: 90) {
            String(decoding: try real.disks.consoleLog(of: id, tail: nil), as: UTF8.self).contains("login:")
        }
    }

    @Test func `an image of a running guest boots, and the base file that guests share stays as it was`() throws {
        let guest = try GuestImageBuilder(statePath: RealHost.keptPath).build()
        let real = try RealHost()
        defer { real.close() }
        let files = InstanceFiles(root: real.state.path + "/instances")
        let base = files.base(BaseFile.name(forImage: "guest"))
        try HypervisorContract("snapshot") { subject in
            let spec = try subject.makeSpec(memoryMiB: guest.minRAMMiB)
            let id = spec.instanceID
            let before = try sum(base)
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(id)
            try waitForLogin(real, id)
            let information = try real.disks.snapshotDisk(of: id, to: Self.image)
            #expect(information.virtualSize == 1 << 30)
            #expect(try QCOW2BackingFile.read(real.state.path + "/images/snapshot") == nil)
            #expect(try sum(base) == before)
            // The guest stays on its disk, and its disk on its base file.
            #expect(
                LiveDevices.target(ofFile: files.disk(id), in: try #require(try subject.hypervisor.domainXML(of: id)))
                    == "vda")
            #expect(try QCOW2BackingFile.read(files.disk(id)) == base)
            #expect(try subject.hypervisor.status(of: id)?.power == .running)
            #expect(!FileSystem.exists(files.diskCopy(id)))
            try subject.hypervisor.pause(id)
            _ = try real.disks.snapshotDisk(of: id, to: Self.image)
            #expect(try subject.hypervisor.status(of: id)?.power == .paused)
            try subject.hypervisor.powerOff(id)
            #expect(try sum(base) == before)

            let second = try subject.makeSpec(memoryMiB: guest.minRAMMiB)
            try real.disks.deleteDisk(of: second.instanceID)
            _ = try real.disks.fetchBase(Self.image)
            try real.disks.createDisk(
                DiskSpec(instanceID: second.instanceID, imageID: Self.image.id, sizeGiB: 1))
            try subject.hypervisor.define(second)
            _ = try subject.hypervisor.start(second.instanceID)
            try waitForLogin(real, second.instanceID)
        }.check(subject(real, guest))
    }

    @Test func `a snapshot that was interrupted is taken again`() throws {
        let real = try RealHost()
        defer { real.close() }
        try HypervisorContract("interrupted") { subject in
            let spec = try subject.makeSpec()
            let id = spec.instanceID
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(id)
            // As a program leaves it that was killed while it copied.
            let files = InstanceFiles(root: real.state.path + "/instances")
            try CommandRunner().succeed(
                Command(
                    "virsh",
                    [
                        "-q", "-c", real.hypervisor.identity.uri, "blockcopy", spec.domainName, "vda",
                        files.diskCopy(id), "--format", "qcow2", "--transient-job",
                    ]))
            #expect(try real.disks.snapshotDisk(of: id, to: Self.image).virtualSize == 1 << 30)
            #expect(try subject.hypervisor.status(of: id)?.power == .running)
        }.check(try real.subject())
    }

    @Test func `a running guest's disk is neither resized nor put away`() throws {
        let real = try RealHost()
        defer { real.close() }
        try HypervisorContract("in use") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            let id = spec.instanceID
            let kept = #expect(throws: HostError.self) { try real.disks.keepDisk(of: id) }
            let grown = #expect(throws: HostError.self) { try real.disks.growDisk(of: id, toGiB: 2) }
            #expect(kept?.isTransient == true && grown?.isTransient == true)
        }.check(try real.subject())
    }

    @Test func `a rescued guest boots from the rescue disk and sees its own as the second`() throws {
        let guest = try GuestImageBuilder(statePath: RealHost.keptPath).build()
        let real = try RealHost()
        defer { real.close() }
        try HypervisorContract("rescue") { subject in
            var spec = try subject.makeSpec(memoryMiB: guest.minRAMMiB)
            let id = spec.instanceID
            spec.rescueImageID = "guest"
            try subject.hypervisor.define(spec)
            #expect(throws: HostError.self) { try subject.hypervisor.start(id) }
            // Its own disk boots nothing.
            try real.disks.deleteDisk(of: id)
            try FileSystem.write([UInt8](repeating: 0, count: 1 << 20), to: real.state.path + "/images/blank")
            _ = try real.disks.fetchBase(ImageSpec(id: "blank", format: .raw))
            try real.disks.createDisk(DiskSpec(instanceID: id, imageID: "blank", sizeGiB: 1))
            try real.disks.createRescueDisk(DiskSpec(instanceID: id, imageID: "guest", sizeGiB: 1))
            _ = try subject.hypervisor.start(id)
            try waitForLogin(real, id)
            let console = String(decoding: try real.disks.consoleLog(of: id, tail: nil), as: UTF8.self)
            #expect(console.contains("vdb"))
        }.check(subject(real, guest))
    }
}
