import ComputeHost
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import LibvirtHost

@Suite(.serialized, .enabled(if: RealHost.missing == nil, "\(RealHost.missing ?? "")"))
struct RealGuestTests {
    @Test func `real guests keep the hypervisor contract`() throws {
        let real = try RealHost()
        defer { real.close() }
        let subject = try real.subject()
        for expectation in HypervisorContract.all {
            do { try expectation.check(subject) } catch { Issue.record("\(expectation): \(error)") }
        }
        #expect(try real.hypervisor.domains().isEmpty)
        #expect(try real.disks.instances().isEmpty)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root: a session's libvirtd is not ours to restart"))
    func `guests survive a restart of libvirtd, and events flow again`() throws {
        let real = try RealHost()
        defer { real.close() }
        let daemon = try #require(real.daemon)
        let subject = try real.subject()
        try HypervisorContract("restart") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            let seen = Mutex<[DomainEvent.Reason]>([])
            let subscription = subject.hypervisor.observe { event in seen.withLock { $0.append(event.reason) } }
            defer { subscription.cancel() }
            try daemon.stop()
            #expect(throws: HostError.self) { try subject.hypervisor.domains() }
            _ = try daemon.start()
            try eventually("told that it runs") { seen.withLock { $0.contains(.started) } }
            #expect(try subject.hypervisor.status(of: spec.instanceID)?.power == .running)
            try subject.hypervisor.powerOff(spec.instanceID)
            try eventually("told that it was destroyed") { seen.withLock { $0.last == .destroyed } }
        }.check(subject)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root: a session's libvirtd is not ours to stop"))
    func `calls end although libvirtd says nothing, and such a daemon is replaced under its guests`() throws {
        let real = try RealHost()
        defer { real.close() }
        let daemon = try #require(real.daemon)
        let subject = try real.subject()
        try HypervisorContract("silence") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            let stopped = try #require(daemon.process.runningID)
            kill(stopped, SIGSTOP)
            // Those that wait when it falls silent, and one that asks when that is known.
            let hypervisor = subject.hypervisor
            let callers = DispatchGroup()
            let answers = Mutex<[Bool]>([])
            for index in 0..<4 {
                callers.enter()
                Thread.detachNewThread {
                    if index == 3 { sleep(25) }
                    let error = #expect(throws: HostError.self) { try hypervisor.domains() }
                    answers.withLock { $0.append(error?.isTransient == true) }
                    callers.leave()
                }
            }
            #expect(callers.wait(timeout: .now() + 60) == .success)
            #expect(answers.withLock { $0 } == Array(repeating: true, count: 4))
            _ = try daemon.start()
            #expect(daemon.process.runningID != stopped)
            #expect(try subject.hypervisor.status(of: spec.instanceID)?.power == .running)
            try subject.hypervisor.powerOff(spec.instanceID)
        }.check(subject)
    }

    /// On most machines with paravirtual kvm libvirt accepts the guest and the guest dies; on some it runs. Elsewhere
    /// kvm works, or libvirt refuses it, and there is nothing to fall back from.
    @Test(.enabled(if: RealHost.hasParavirtualKVM, "needs a machine whose /dev/kvm opens without vmx or svm"))
    func `a guest started with kvm comes up: where kvm stops it, as qemu with a note`() throws {
        let guest = try GuestImageBuilder(statePath: RealHost.keptPath).build()
        let real = try RealHost()
        defer { real.close() }
        try real.addImage("guest", from: guest.path)
        _ = try real.disks.fetchBase(ImageSpec(id: "guest", format: guest.format))
        var identity = real.hypervisor.identity
        identity.domainType = "kvm"
        let files = InstanceFiles(root: real.state.path + "/instances")
        let hypervisor = LibvirtHypervisor(identity: identity, files: files, owner: RandomUUID.make())
        defer { hypervisor.close() }
        let disks = real.disks
        let subject = HypervisorUnderTest(hypervisor) { instanceID in
            try disks.createDisk(DiskSpec(instanceID: instanceID, imageID: "guest", sizeGiB: 1))
        } removeFiles: { instanceID in
            try disks.deleteInstance(instanceID)
        }
        try HypervisorContract("fall back") { subject in
            let spec = try subject.makeSpec(memoryMiB: 128)
            try subject.hypervisor.define(spec)
            #expect(try subject.hypervisor.status(of: spec.instanceID)?.domainType == "kvm")
            _ = try subject.hypervisor.start(spec.instanceID)
            func isEmulated() throws -> Bool {
                try subject.hypervisor.status(of: spec.instanceID)?.domainType == "qemu"
            }
            try eventually("login prompt, or a second start without kvm", seconds: 90) {
                let console = String(decoding: try disks.consoleLog(of: spec.instanceID, tail: nil), as: UTF8.self)
                return try isEmulated() || console.contains("login:")
            }
            try eventually("running") { try subject.hypervisor.status(of: spec.instanceID)?.power == .running }
            let status = try #require(try subject.hypervisor.status(of: spec.instanceID))
            guard try isEmulated() else {
                // It booted under kvm: nothing to fall back from.
                #expect(status.note == nil)
                return
            }
            #expect(status.note?.hasPrefix("Emulated: kvm") == true)
            let definition = try #require(FileSystem.readText(files.libvirtXML(spec.instanceID)))
            #expect(definition.hasPrefix("<domain type=\"qemu\""))
            // The next guest does not try again.
            try eventually("known to have failed") { hypervisor.accelerationFailure != nil }
            let next = try subject.makeSpec()
            try subject.hypervisor.define(next)
            #expect(try subject.hypervisor.status(of: next.instanceID)?.domainType == "qemu")
        }.check(subject)
    }

    @Test func `the built guest boots to its login prompt, obeys the power button and leaves nothing`() throws {
        let guest = try GuestImageBuilder(statePath: RealHost.keptPath).build()
        let real = try RealHost()
        defer { real.close() }
        try real.addImage("guest", from: guest.path)
        let base = try real.disks.fetchBase(ImageSpec(id: "guest", format: guest.format))
        #expect(base.name == BaseFile.name(forImage: "guest"))
        let disks = real.disks
        let subject = HypervisorUnderTest(real.hypervisor) { instanceID in
            try disks.createDisk(DiskSpec(instanceID: instanceID, imageID: "guest", sizeGiB: 1))
        } removeFiles: { instanceID in
            try disks.deleteInstance(instanceID)
        }
        try HypervisorContract("boot") { subject in
            var spec = try subject.makeSpec(memoryMiB: guest.minRAMMiB)
            let id = spec.instanceID
            spec.configDrive = true
            try disks.createConfigDrive(
                ConfigDriveSpec(
                    instanceID: id, hostname: "web-1",
                    files: [
                        "openstack/latest/meta_data.json": Array(
                            #"""
                            {"uuid": "\#(id)", "name": "web 1", "hostname": "web-1",
                             "public_keys": {"key": "ssh-ed25519 AAAA someone"}}
                            """#.utf8),
                        "openstack/latest/user_data": Array("#!/bin/sh\necho user data was here\n".utf8),
                    ]))
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(id)
            func console() throws -> String {
                String(decoding: try disks.consoleLog(of: id, tail: nil), as: UTF8.self)
            }
            try eventually("login prompt", seconds: 90) { try console().contains("web-1 login:") }
            #expect(try console().contains("192.168.56.108/24"))
            #expect(try console().contains("user data was here"))
            let information = try #require(try disks.diskInformation(of: id))
            #expect(information.virtualSize == 1 << 30)
            #expect(information.backingFile == base.name)

            try subject.hypervisor.shutdown(id)
            try eventually("off", seconds: 60) { try subject.hypervisor.status(of: id)?.power == .shutdown }
            #expect(try console().contains("The power button was pressed."))
            try subject.hypervisor.undefine(id)
            try disks.deleteInstance(id)
        }.check(subject)
        #expect(try real.hypervisor.domains().isEmpty)
        #expect(try real.disks.instances().isEmpty)
    }
}
