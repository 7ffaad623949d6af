import ComputeHost
import Foundation
import Images
import Networking
import ServiceCore
import Synchronization
import Testing

@testable import Compute

/// The program is killed in the middle of an action: the thread that works on it stops for ever before or after one of
/// the host's verbs, and a new program begins on the same database and the same host.
struct ActionCrashTests {
    /// Stops the thread that comes to the n-th moment, and says so.
    final class Trap: Sendable {
        private let left: Mutex<Int>
        private let reached = DispatchSemaphore(value: 0)
        private let release = DispatchSemaphore(value: 0)
        private let ended = DispatchSemaphore(value: 0)

        init(at moment: Int) { left = Mutex(moment) }

        /// How many moments have been seen, when the trap is far away.
        func seen(of all: Int) -> Int { all - left.withLock { $0 } }

        func look(_ verb: HostVerb) -> HostError? {
            guard !ActionCrashTests.questions.contains(verb) else { return nil }
            let isDue = left.withLock { left in
                defer { left -= 1 }
                return left == 0
            }
            guard isDue else { return nil }
            reached.signal()
            release.wait()
            return .unavailable("this thread is dead")
        }

        /// Does the cloud's work on a thread until that stops in the trap.
        func run(_ cloud: TestCloud) {
            let thread = Thread { [self] in
                _ = serviceError { try cloud.jobs.drain() }
                ended.signal()
            }
            thread.start()
            reached.wait()
        }

        /// Lets the dead thread go on, as a worker that was only thought dead would.
        func letGo() {
            release.signal()
            ended.wait()
        }
    }

    /// An action, what must come before it, and the state it ends in.
    struct Scenario: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var before: [InstanceAction] = []
        let action: InstanceAction
        let end: InstanceState?
    }

    static let scenarios: [Scenario] = [
        Scenario(testDescription: "stop", action: .stop, end: .init(.stopped)),
        Scenario(testDescription: "start", before: [.stop], action: .start, end: .init(.active)),
        Scenario(testDescription: "hard reboot", action: .hardReboot, end: .init(.active)),
        Scenario(
            testDescription: "hard reboot when suspended", before: [.suspend], action: .hardReboot, end: .init(.active)),
        Scenario(testDescription: "pause", action: .pause, end: .init(.paused)),
        Scenario(testDescription: "unpause", before: [.pause], action: .unpause, end: .init(.active)),
        Scenario(testDescription: "suspend", action: .suspend, end: .init(.suspended)),
        Scenario(testDescription: "resume", before: [.suspend], action: .resume, end: .init(.active)),
        Scenario(testDescription: "rescue", action: .rescue, end: .init(.rescued)),
        Scenario(testDescription: "unrescue", before: [.rescue], action: .unrescue, end: .init(.active)),
        Scenario(testDescription: "resize", action: .resize, end: .init(.resized)),
        Scenario(testDescription: "confirm", before: [.resize], action: .confirmResize, end: .init(.active)),
        Scenario(testDescription: "revert", before: [.resize], action: .revertResize, end: .init(.active)),
        Scenario(
            testDescription: "revert when shut off", before: [.stop, .resize], action: .revertResize,
            end: .init(.stopped)),
        Scenario(testDescription: "rebuild", action: .rebuild, end: .init(.active)),
        Scenario(testDescription: "rebuild when shut off", before: [.stop], action: .rebuild, end: .init(.stopped)),
        Scenario(testDescription: "snapshot", action: .createImage, end: .init(.active)),
        Scenario(testDescription: "shelve", action: .shelve, end: .init(.shelvedOffloaded)),
        Scenario(
            testDescription: "shelve when suspended", before: [.suspend], action: .shelve,
            end: .init(.shelvedOffloaded)),
        Scenario(testDescription: "unshelve", before: [.shelve], action: .unshelve, end: .init(.active)),
        Scenario(testDescription: "attach", action: .attachInterface, end: .init(.active)),
        Scenario(testDescription: "detach", action: .detachInterface, end: .init(.active)),
        Scenario(testDescription: "delete", action: .delete, end: nil),
        Scenario(testDescription: "delete when rescued", before: [.rescue], action: .delete, end: nil),
        Scenario(testDescription: "delete when resized", before: [.resize], action: .delete, end: nil),
        Scenario(testDescription: "delete when shelved", before: [.shelve], action: .delete, end: nil),
    ]

    /// To be killed around a question is to be killed around the verbs before and after it.
    static let questions: Set<HostVerb> = [
        .status, .domains, .domainXML, .capacity, .statistics, .instances, .consoleLog, .diskInformation, .attachment,
    ]

    static let severalSteps: [InstanceAction] = [
        .rescue, .unrescue, .resize, .revertResize, .rebuild, .createImage, .shelve, .unshelve, .attachInterface,
    ]

    @Test(arguments: scenarios)
    func `an action that was killed anywhere goes on to the end`(scenario: Scenario) throws {
        var cloud = try TestCloud()
        let moments = try rehearse(scenario, in: cloud)
        #expect(moments >= 2)
        for moment in 0..<moments {
            let web = try ready(scenario, in: cloud)
            let trap = Trap(at: moment)
            cloud.host.setProbe { verb, _ in trap.look(verb) }
            try cloud.ask(scenario.action, of: web)
            trap.run(cloud)
            cloud = try TestCloud(after: cloud)
            try cloud.jobs.drain()
            try expect(scenario, of: web, in: cloud, "killed at moment \(moment)")
            trap.letGo()
            cloud.host.setProbe(nil)
            cloud.clock.advance(seconds: 61)
            try cloud.jobs.drain()
            try expect(scenario, of: web, in: cloud, "killed at moment \(moment), a minute later")
            try remove(web, from: cloud)
        }
    }

    @Test(arguments: scenarios.filter { severalSteps.contains($0.action) })
    func `an action that was killed anywhere and whose instance is then deleted leaves nothing`(
        scenario: Scenario
    ) throws {
        var cloud = try TestCloud()
        let moments = try rehearse(scenario, in: cloud)
        for moment in 0..<moments {
            let web = try ready(scenario, in: cloud)
            let trap = Trap(at: moment)
            cloud.host.setProbe { verb, _ in trap.look(verb) }
            try cloud.ask(scenario.action, of: web)
            trap.run(cloud)
            cloud = try TestCloud(after: cloud)
            try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
            try cloud.jobs.drain()
            trap.letGo()
            cloud.host.setProbe(nil)
            #expect(try cloud.contradictions() == [], "killed at moment \(moment)")
            #expect(try cloud.traces(of: web.id).isEmpty)
        }
    }

    @Test(arguments: scenarios)
    func `an action of which the host refuses any one verb leaves nothing half-way`(scenario: Scenario) throws {
        let cloud = try TestCloud()
        let moments = try rehearse(scenario, in: cloud) / 2
        for moment in 0..<moments {
            let web = try ready(scenario, in: cloud)
            let left = Mutex(moment)
            cloud.host.setProbe { verb, when in
                let isDue = left.withLock { left in
                    guard when == .begun, !Self.questions.contains(verb) else { return false }
                    defer { left -= 1 }
                    return left == 0
                }
                return isDue ? .failed("refused", remedy: nil) : nil
            }
            try cloud.ask(scenario.action, of: web)
            try cloud.jobs.drain()
            cloud.host.setProbe(nil)
            cloud.clock.advance(seconds: 61)
            try cloud.jobs.drain()
            let contradictions = try cloud.contradictions()
            #expect(contradictions == [], "verb \(moment) refused")
            try remove(web, from: cloud)
        }
    }

    /// How many moments the action has.
    private func rehearse(_ scenario: Scenario, in cloud: TestCloud) throws -> Int {
        let web = try ready(scenario, in: cloud)
        let far = Trap(at: 1000)
        cloud.host.setProbe { verb, _ in far.look(verb) }
        try cloud.ask(scenario.action, of: web)
        try cloud.jobs.drain()
        cloud.host.setProbe(nil)
        try expect(scenario, of: web, in: cloud, "not killed")
        try remove(web, from: cloud)
        return far.seen(of: 1000)
    }

    private func ready(_ scenario: Scenario, in cloud: TestCloud) throws -> Instance {
        let web = try cloud.launch()
        for action in scenario.before {
            try cloud.ask(action, of: web)
            try cloud.jobs.drain()
        }
        return web
    }

    private func expect(
        _ scenario: Scenario, of web: Instance, in cloud: TestCloud, _ when: Comment
    ) throws {
        #expect(try cloud.contradictions() == [], when)
        guard let end = scenario.end else {
            #expect(serviceError { _ = try cloud.instance(web.id) }?.kind == .notFound, when)
            return
        }
        let instance = try cloud.instance(web.id)
        #expect(instance.state == end, when)
        #expect(instance.fault == nil, when)
        let last = try cloud.compute.actionLog(of: web.id, as: TestCloud.member).first
        #expect(last?.action == scenario.action.logName && last?.outcome == .success, when)
    }

    private func remove(_ web: Instance, from cloud: TestCloud) throws {
        guard (try? cloud.instance(web.id)) != nil else { return }
        try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.traces(of: web.id).isEmpty)
    }
}

extension TestCloud {
    /// Asks for any action with a form that is good.
    func ask(_ action: InstanceAction, of web: Instance, as context: RequestContext = member) throws {
        let id = web.id
        switch action {
        case .resize: try compute.resize(id, to: "2", as: context)
        case .rebuild: try compute.rebuild(id, RebuildRequest(imageID: guestImage.id.text), as: context)
        case .rescue: try compute.rescue(id, as: context)
        case .createImage: try compute.createImage(of: id, name: "\(web.name)-snapshot", as: context)
        case .attachInterface:
            try compute.attachInterface(to: id, InterfaceRequest(networkID: network.id.text), as: context)
        case .detachInterface:
            let ports = try networking.ports(as: Self.admin, filter: PortFilter(deviceID: id.text))
            try compute.detachInterface(portID: #require(ports.first).id.text, from: id, as: context)
        default: try compute.perform(action, on: id, as: context)
        }
    }
}
