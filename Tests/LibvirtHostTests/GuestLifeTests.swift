import ComputeHost
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import LibvirtHost

/// What happens to real guests, asked for or not.
@Suite(.serialized, .enabled(if: RealHost.missing == nil, "\(RealHost.missing ?? "")"))
struct GuestLifeTests {
    /// Whoever is told of an event has this long to show it; the host must leave most of it.
    private static let promptness = 2

    private func virsh(_ real: RealHost, _ arguments: String...) throws {
        try CommandRunner().succeed(Command("virsh", ["-q", "-c", real.hypervisor.identity.uri] + arguments))
    }

    @Test func `what is done by hand is told within two seconds, and what the host then says is so`() throws {
        let real = try RealHost()
        defer { real.close() }
        try HypervisorContract("by hand") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            let seen = Mutex<[DomainEvent]>([])
            let subscription = subject.hypervisor.observe { event in seen.withLock { $0.append(event) } }
            defer { subscription.cancel() }
            let deeds: [(String, DomainEvent.Reason, PowerState)] = [
                ("suspend", .paused, .paused), ("resume", .resumed, .running), ("managedsave", .suspended, .suspended),
                ("start", .started, .running), ("destroy", .destroyed, .shutdown), ("start", .started, .running),
            ]
            for (deed, reason, power) in deeds {
                seen.withLock { $0 = [] }
                try virsh(real, deed, spec.domainName)
                try eventually("told of \(deed)", seconds: Self.promptness) {
                    seen.withLock { $0.contains { $0.reason == reason && $0.power == power } }
                }
                #expect(try subject.hypervisor.status(of: spec.instanceID)?.power == power, "\(deed)")
            }
            seen.withLock { $0 = [] }
            try CommandRunner().succeed(Command("kill", ["-9", try emulator(of: spec, real)]))
            try eventually("told of the crash", seconds: Self.promptness) {
                seen.withLock { $0.contains { $0.reason == .crashed } }
            }
            #expect(try subject.hypervisor.status(of: spec.instanceID)?.power == .crashed)
            // By hand, too, and while it runs: the definition goes with the guest.
            _ = try subject.hypervisor.start(spec.instanceID)
            seen.withLock { $0 = [] }
            try virsh(real, "destroy", spec.domainName)
            try virsh(real, "undefine", spec.domainName)
            try eventually("told that it is gone", seconds: Self.promptness) {
                seen.withLock { $0.contains { $0.reason == .undefined } }
            }
            #expect(try subject.hypervisor.status(of: spec.instanceID) == nil)
        }.check(try real.subject())
    }

    /// The process id of a guest's emulator.
    private func emulator(of spec: DomainSpec, _ real: RealHost) throws -> String {
        let found = try CommandRunner().succeed(Command("pgrep", ["-f", "guest=\(spec.domainName),"]))
        return try #require(String(decoding: found, as: UTF8.self).split(separator: "\n").first.map(String.init))
    }

    @Test func `drift of a real guest: none at first, then what was changed by hand`() throws {
        let real = try RealHost()
        defer { real.close() }
        try HypervisorContract("drift") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            func drift(_ spec: DomainSpec) throws -> [DomainDifference] {
                try #require(try subject.hypervisor.domainDrift(of: spec.instanceID, expected: spec)).differences
            }
            #expect(try drift(spec).isEmpty)
            _ = try subject.hypervisor.start(spec.instanceID)
            #expect(try drift(spec).isEmpty)
            var second = spec.interfaces[0]
            second.portID = "00000002" + second.portID.dropFirst(8)
            second.macAddress = "fa:16:3f:00:00:02"
            try subject.hypervisor.attachInterface(second, to: spec.instanceID)
            #expect(try drift(spec).map(\.name) == [second.macAddress])
            var attached = spec
            attached.interfaces.append(second)
            #expect(try drift(attached).isEmpty)
            try virsh(real, "setmaxmem", spec.domainName, "131072", "--config")
            #expect(try drift(attached).map(\.kind) == [.memory])
            #expect(try drift(attached).map(\.place) == [.definition])
        }.check(try real.subject())
    }

    @Test(.enabled(if: geteuid() == 0, "needs root: it mounts a file system that is too small"))
    func `a guest whose disk finds no space on the host is paused, says why, and goes on when there is some`() throws {
        let guest = try GuestImageBuilder(statePath: RealHost.keptPath).build()
        let runner = CommandRunner()
        let state = try TemporaryDirectory()
        let id = "00000000-0000-4000-8000-0000000000ee"
        let directory = state.path + "/instances/" + id
        try FileSystem.createDirectory(directory)
        // Before the daemon starts, which looks at the file systems there were then.
        try runner.succeed(Command("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", directory]))
        defer { _ = try? runner.run(Command("umount", ["-l", directory])) }
        let real = try RealHost(state: state)
        defer { real.close() }
        try real.addImage("guest", from: guest.path)
        _ = try real.disks.fetchBase(ImageSpec(id: "guest", format: guest.format))
        try real.disks.createDisk(DiskSpec(instanceID: id, imageID: "guest", sizeGiB: 1))
        let subject = HypervisorUnderTest(real.hypervisor)
        var spec = try subject.makeSpec(memoryMiB: guest.minRAMMiB)
        spec.instanceID = id
        defer { try? real.hypervisor.undefine(id) }
        let seen = Mutex<[DomainEvent.Reason]>([])
        let subscription = real.hypervisor.observe { event in seen.withLock { $0.append(event.reason) } }
        defer { subscription.cancel() }
        try real.hypervisor.define(spec)
        _ = try real.hypervisor.start(id)
        try eventually("paused", seconds: 60) { seen.withLock { $0.contains(.pausedOnError) } }
        let status = try #require(try real.hypervisor.status(of: id))
        #expect(status.power == .paused)
        #expect(status.note?.contains("no space left for the disk vda") == true, "\(status.note ?? "no note")")
        try runner.succeed(Command("mount", ["-o", "remount,size=128m", directory]))
        try real.hypervisor.unpause(id)
        try eventually("login prompt", seconds: 90) {
            String(decoding: try real.disks.consoleLog(of: id, tail: nil), as: UTF8.self).contains("login:")
        }
        #expect(try real.hypervisor.status(of: id)?.note == nil)
    }
}
