import ComputeHost
import Synchronization
import Testing

struct InMemoryHostFaultTests {
    private let host = InMemoryHost()
    private let id = "5c242396-3c7b-4bc6-bec1-3df8eb57d53d"

    private func launch() throws {
        _ = try host.fetchBase(ImageSpec(id: "image", format: .qcow2))
        try host.createDisk(DiskSpec(instanceID: id, imageID: "image", sizeGiB: 1))
        try host.define(
            DomainSpec(
                instanceID: id, number: 1, name: "web", vcpus: 1, memoryMiB: 128, diskGiB: 1, flavorName: "m1.micro",
                imageID: "image", imageName: "guest", projectID: "p", projectName: "admin", userID: "u",
                userName: "admin", createdAt: 0))
    }

    @Test func `the chosen call fails and the ones around it do not`() throws {
        try launch()
        host.fail(.start, call: 2, with: .failed("no more memory", remedy: nil))
        _ = try host.start(id)
        #expect(throws: HostError.failed("no more memory", remedy: nil)) { try host.start(id) }
        _ = try host.start(id)
    }

    @Test func `a host that is away answers nothing until it is back`() throws {
        try launch()
        host.setUnavailable("libvirtd was stopped")
        #expect(throws: HostError.unavailable("libvirtd was stopped")) { try host.domains() }
        #expect(throws: HostError.unavailable("libvirtd was stopped")) { try host.instances() }
        host.setUnavailable(nil)
        #expect(try host.domains().count == 1)
    }

    @Test func `a delayed call takes its time`() throws {
        host.delay(.fetchBase, by: .milliseconds(30))
        let start = ContinuousClock.now
        _ = try host.fetchBase(ImageSpec(id: "image", format: .raw))
        #expect(ContinuousClock.now - start >= .milliseconds(30))
    }

    @Test func `a lost domain is gone and its disk is not`() throws {
        try launch()
        host.lose(id)
        #expect(try host.status(of: id) == nil)
        #expect(try host.instances() == [id])
    }

    @Test func `what happens to a guest is told`() throws {
        try launch()
        let seen = Mutex<[DomainEvent.Reason]>([])
        let subscription = host.observe { event in seen.withLock { $0.append(event.reason) } }
        defer { subscription.cancel() }
        _ = try host.start(id)
        host.pauseOnError(id)
        _ = try host.start(id)
        host.powerOffFromInside(id)
        _ = try host.start(id)
        host.crash(id)
        #expect(seen.withLock { $0 } == [.started, .pausedOnError, .resumed, .stoppedInside, .started, .crashed])
        #expect(try host.status(of: id)?.power == .crashed)
    }

    @Test func `a guest that ignores the power button runs on`() throws {
        try launch()
        _ = try host.start(id)
        host.setIgnoresPowerButton(true)
        try host.shutdown(id)
        #expect(try host.status(of: id)?.power == .running)
    }

    @Test func `the console of a simulated guest ends with a login prompt and says what it is`() throws {
        try launch()
        _ = try host.start(id)
        let console = String(decoding: try host.consoleLog(of: id, tail: nil), as: UTF8.self)
        #expect(console.hasSuffix("login: "))
        #expect(console.hasPrefix("(simulated)"))
    }

    @Test func `a disk needs its base file, and without a size takes its size`() throws {
        #expect(throws: HostError.notFound("there is no base file of image absent")) {
            try host.createDisk(DiskSpec(instanceID: id, imageID: "absent", sizeGiB: 1))
        }
        _ = try host.fetchBase(ImageSpec(id: "image", format: .raw))
        try host.createDisk(DiskSpec(instanceID: id, imageID: "image", sizeGiB: 0))
        #expect(try host.diskInformation(of: id)?.virtualSize == 40 << 20)
    }
}
