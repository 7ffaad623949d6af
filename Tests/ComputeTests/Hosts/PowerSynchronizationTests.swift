import ComputeHost
import Foundation
import ServiceCore
import Testing

@testable import Compute

struct PowerSynchronizationTests {
    let cloud: TestCloud
    let web: Instance

    init() throws {
        cloud = try TestCloud()
        web = try cloud.launch("web")
    }

    private func synchronize() throws -> Instance {
        try PowerSynchronization(work: cloud.compute.work).synchronize(web.id)
        return try cloud.instance(web.id)
    }

    @Test func `a guest that shut down from inside is shut off`() throws {
        cloud.host.powerOffFromInside(web.id.text)
        let instance = try synchronize()
        #expect(instance.state == InstanceState(.stopped))
        #expect(instance.powerState == .shutdown)
    }

    @Test func `a guest that crashed is shut off and says so`() throws {
        cloud.host.crash(web.id.text)
        let instance = try synchronize()
        #expect(instance.status == .shutoff)
        #expect(instance.powerState == .crashed)
    }

    @Test func `a pause nobody asked for is shown and moves nothing`() throws {
        cloud.host.pauseOnError(web.id.text)
        let instance = try synchronize()
        #expect(instance.status == .active)
        #expect(instance.powerState == .paused)
        #expect(instance.note?.english.contains("vda") == true)
        try cloud.host.unpause(web.id.text)
        let resumed = try synchronize()
        #expect(resumed.powerState == .running)
        #expect(resumed.note == nil)
    }

    @Test func `while a job works on an instance the host is not asked what becomes of it`() throws {
        try cloud.compute.perform(.stop, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        try cloud.compute.perform(.start, on: web.id, as: TestCloud.member)
        cloud.host.setUnavailable("nobody may ask")
        #expect(try synchronize().taskState == .poweringOn)
        cloud.host.setUnavailable(nil)
    }

    @Test func `a guest that somebody started by hand is active`() throws {
        cloud.host.powerOffFromInside(web.id.text)
        _ = try synchronize()
        _ = try cloud.host.start(web.id.text)
        #expect(try synchronize().status == .active)
    }

    /// What somebody did by hand to an instance in a state of its own, and what that makes of it.
    @Test(arguments: [
        (InstanceAction.pause, "resume", "active", PowerState.running), (.pause, "destroy", "stopped", .shutdown),
        (.pause, "crash", "stopped", .crashed), (.suspend, "start", "active", .running),
        (.suspend, "drop", "stopped", .shutdown), (.rescue, "destroy", "rescued", .shutdown),
        (.resize, "destroy", "resized", .shutdown), (.pause, "lose", "stopped", .noState),
        (.suspend, "lose", "stopped", .noState), (.rescue, "lose", "rescued", .noState),
        (.resize, "lose", "resized", .noState),
    ])
    func `what is done by hand is seen in every state`(
        action: InstanceAction, hand: String, vmState: String, power: PowerState
    ) throws {
        try cloud.ask(action, of: web)
        try cloud.jobs.drain()
        let id = web.id.text
        switch hand {
        case "resume": try cloud.host.unpause(id)
        case "start": _ = try cloud.host.start(id)
        case "destroy": try cloud.host.powerOff(id)
        case "drop": try cloud.host.discardSavedState(id)
        case "crash": cloud.host.crash(id)
        default: cloud.host.lose(id)
        }
        let instance = try synchronize()
        #expect(instance.vmState.rawValue == vmState)
        #expect(instance.powerState == power)
        #expect((instance.note != nil) == (hand == "lose"))
        let revision = instance.revision
        #expect(try synchronize().revision == revision, "said once")
    }

    /// The way out of each state is open although the guest is gone.
    @Test(arguments: [
        (InstanceAction.rescue, InstanceAction.unrescue), (.resize, .confirmResize), (.resize, .revertResize),
        (.suspend, .start), (.pause, .start),
    ])
    func `a guest that was lost comes back`(there: InstanceAction, back: InstanceAction) throws {
        try cloud.ask(there, of: web)
        try cloud.jobs.drain()
        cloud.host.lose(web.id.text)
        _ = try synchronize()
        try cloud.ask(back, of: web)
        try cloud.jobs.drain()
        if try cloud.instance(web.id).state == InstanceState(.stopped) { try cloud.ask(.start, of: web) }
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).state == InstanceState(.active))
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a shut off is over as soon as the guest is off`() throws {
        cloud.host.setIgnoresPowerButton(true)
        try cloud.compute.perform(.stop, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        cloud.host.powerOffFromInside(web.id.text)
        #expect(try synchronize().state == InstanceState(.stopped))
        cloud.clock.advance(seconds: 5)
        try cloud.jobs.drain()
        #expect(try cloud.compute.actionLog(of: web.id, as: TestCloud.member).first?.outcome == .success)
    }

    @Test func `what the host said about an older row is not applied`() throws {
        let stale = try cloud.instance(web.id)
        try cloud.compute.rename(web.id, name: "shop", as: TestCloud.member)
        var status = try #require(try cloud.host.status(of: web.id.text))
        status.power = .shutdown
        let power = PowerSynchronization(work: cloud.compute.work)
        #expect(try !power.apply(status, to: stale, isSimulated: true))
        #expect(try cloud.instance(web.id).status == .active)
    }

    @Test func `a report that says nothing new writes nothing`() throws {
        let before = try cloud.instance(web.id)
        #expect(try synchronize().revision == before.revision)
    }

    @Test func `events are followed on their own`() throws {
        cloud.compute.start()
        defer { cloud.compute.stop() }
        let changed = DispatchSemaphore(value: 0)
        let subscription = cloud.events.subscribe { event in
            if event.kind == "instance" { changed.signal() }
        }
        cloud.host.powerOffFromInside(web.id.text)
        #expect(changed.wait(timeout: .now() + 20) == .success)
        subscription.cancel()
        #expect(try cloud.instance(web.id).status == .shutoff)
    }
}
