import ComputeHost
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import LibvirtHost

@Suite(.serialized, .enabled(if: RealHost.missing == nil, "\(RealHost.missing ?? "")"))
struct RealConsoleTests {
    @Test func `real guests keep the contract of consoles`() throws {
        let real = try RealHost()
        defer { real.close() }
        let subject = try real.subject()
        for expectation in HypervisorContract.consoles {
            do { try expectation.check(subject) } catch { Issue.record("\(expectation): \(error)") }
        }
        #expect(try real.hypervisor.domains().isEmpty)
    }

    @Test func `a guest answers on its serial port, and its log keeps what was said`() throws {
        let guest = try GuestImageBuilder(statePath: RealHost.keptPath).build()
        let real = try RealHost()
        defer { real.close() }
        try real.addImage("guest", from: guest.path)
        _ = try real.disks.fetchBase(ImageSpec(id: "guest", format: guest.format))
        let disks = real.disks
        let subject = HypervisorUnderTest(real.hypervisor) { instanceID in
            try disks.createDisk(DiskSpec(instanceID: instanceID, imageID: "guest", sizeGiB: 1))
        } removeFiles: { instanceID in
            try disks.deleteInstance(instanceID)
        }
        try HypervisorContract("serial") { subject in
            let spec = try subject.makeSpec(memoryMiB: guest.minRAMMiB)
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            func log() throws -> String {
                String(decoding: try disks.consoleLog(of: spec.instanceID, tail: nil), as: UTF8.self)
            }
            try eventually("login prompt", seconds: 120) { try log().contains("login:") }
            let serial = PlainConsole(try subject.hypervisor.openSerial(of: spec.instanceID))
            serial.write("\r")
            #expect(serial.read(until: "login:").contains("login:"))
            serial.write("nobody\r")
            #expect(serial.read(until: "nobody").contains("nobody"))
            #expect(serial.read(until: "assword").contains("assword"))
            #expect(try log().contains("nobody"))
        }.check(subject)
    }

    /// Where serial ports shared their connection with other calls, some of these waited for ever, and the daemon waited
    /// for itself when it was told at the same time to close a port and to open it.
    @Test func `serial ports come and go while others ask, and every call returns`() throws {
        let real = try RealHost()
        defer { real.close() }
        try HypervisorContract("crowd") { subject in
            let spec = try subject.started()
            let hypervisor = subject.hypervisor
            let isOver = Mutex(false)
            let failures = Mutex<[String]>([])
            let askers = DispatchGroup()
            for _ in 0..<4 {
                askers.enter()
                Thread.detachNewThread {
                    while !isOver.withLock({ $0 }) {
                        do { _ = try hypervisor.status(of: spec.instanceID) } catch {
                            failures.withLock { $0.append("\(error)") }
                        }
                    }
                    askers.leave()
                }
            }
            for _ in 0..<300 {
                let console = PlainConsole(try hypervisor.openSerial(of: spec.instanceID))
                console.write("x\r")
            }
            isOver.withLock { $0 = true }
            #expect(askers.wait(timeout: .now() + 30) == .success)
            #expect(failures.withLock { $0 } == [])
        }.check(real.subject())
    }

    @Test func `a serial port that another program looks at is taken from it`() throws {
        let real = try RealHost()
        defer { real.close() }
        try HypervisorContract("taken") { subject in
            let spec = try subject.started()
            let files = InstanceFiles(root: real.state.path + "/instances")
            let owner = try #require(FileSystem.readText(files.ownerFile))
            let other = LibvirtHypervisor(identity: real.hypervisor.identity, files: files, owner: owner)
            defer { other.close() }
            let theirs = PlainConsole(try other.openSerial(of: spec.instanceID))
            let ours = PlainConsole(try subject.hypervisor.openSerial(of: spec.instanceID))
            #expect(theirs.isOver(milliseconds: 5_000))
            #expect(!ours.isOver(milliseconds: 300))
        }.check(real.subject())
    }
}

extension HypervisorUnderTest {
    fileprivate func started() throws -> DomainSpec {
        let spec = try makeSpec()
        try hypervisor.define(spec)
        _ = try hypervisor.start(spec.instanceID)
        return spec
    }
}
