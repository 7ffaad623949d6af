import ComputeHost
import Foundation
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
}
