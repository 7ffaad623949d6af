import ComputeHost
import Images
import Networking
import ServiceCore
import Synchronization
import Testing

@testable import Compute

struct InstanceActionTests {
    let cloud: TestCloud
    let web: Instance

    init() throws {
        cloud = try TestCloud()
        web = try cloud.launch("web")
    }

    private func perform(_ action: InstanceAction) throws -> Instance {
        try cloud.compute.perform(action, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        return try cloud.instance(web.id)
    }

    private var power: PowerState? { get throws { try cloud.host.status(of: web.id.text)?.power } }

    @Test func `shut off and start`() throws {
        let asked = try cloud.compute.perform(.stop, on: web.id, as: TestCloud.member)
        #expect(asked.taskState == .poweringOff)
        try cloud.jobs.drain()
        let stopped = try cloud.instance(web.id)
        #expect(stopped.state == InstanceState(.stopped))
        #expect(stopped.status == .shutoff)
        #expect(stopped.powerState == .shutdown)
        #expect(try power == .shutdown)
        let started = try perform(.start)
        #expect(started.state == InstanceState(.active))
        #expect(started.powerState == .running)
        #expect(try power == .running)
        let log = try cloud.compute.actionLog(of: web.id, as: TestCloud.member)
        #expect(log.map(\.action) == ["start", "stop", "create"])
        #expect(log.allSatisfy { $0.outcome == .success && $0.finishedAt != nil })
    }

    @Test func `a guest that ignores the power button is switched off after a minute`() throws {
        cloud.host.setIgnoresPowerButton(true)
        #expect(try perform(.stop).taskState == .poweringOff)
        cloud.clock.advance(seconds: 59)
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).taskState == .poweringOff)
        cloud.clock.advance(seconds: 1)
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).state == InstanceState(.stopped))
        #expect(try power == .shutdown)
    }

    @Test(arguments: [InstanceAction.softReboot, .hardReboot])
    func `a reboot ends active`(action: InstanceAction) throws {
        let asked = try cloud.compute.perform(action, on: web.id, as: TestCloud.member)
        #expect(asked.status == (action == .softReboot ? .reboot : .hardReboot))
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).state == InstanceState(.active))
        #expect(try power == .running)
    }

    @Test func `a hard reboot starts an instance that is shut off`() throws {
        _ = try perform(.stop)
        #expect(try perform(.hardReboot).state == InstanceState(.active))
        #expect(try power == .running)
    }

    @Test func `a soft reboot that cannot be asked of the guest becomes a hard one`() throws {
        cloud.host.fail(.reboot, with: .failed("no ACPI", remedy: nil))
        #expect(try perform(.softReboot).state == InstanceState(.active))
    }

    @Test func `a start that fails gives the instance back with its fault, until something succeeds`() throws {
        _ = try perform(.stop)
        cloud.host.fail(.start, with: .failed("no memory", remedy: "Stop another instance."))
        let failed = try perform(.start)
        #expect(failed.state == InstanceState(.stopped))
        #expect(failed.fault?.message.english == "The instance could not be started.")
        #expect(failed.fault?.remedy?.english == "Stop another instance.")
        #expect(failed.fault?.phase == nil)
        #expect(try cloud.compute.actionLog(of: web.id, as: TestCloud.member).first?.outcome == .error)
        #expect(try perform(.start).fault == nil)
    }

    @Test func `delete leaves nothing`() throws {
        let gone = try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        #expect(gone.taskState == .deleting)
        #expect(gone.status == .active)
        try cloud.jobs.drain()
        #expect(serviceError { _ = try cloud.instance(web.id) }?.kind == .notFound)
        #expect(try cloud.compute.instances(as: TestCloud.member).items.isEmpty)
        #expect(try cloud.traces(of: web.id).isEmpty)
        let used = try cloud.compute.quota(projectID: "p-lab", as: TestCloud.member).used
        #expect(used == ComputeResources(instances: 0, cores: 0, memoryMiB: 0))
    }

    @Test func `a delete that the host refuses leaves an instance that can be deleted again`() throws {
        cloud.host.fail(.undefine, with: .failed("stuck", remedy: nil))
        let failed = try perform(.delete)
        #expect(failed.state == InstanceState(.error))
        #expect(failed.fault?.details == "stuck")
        try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.traces(of: web.id).isEmpty)
    }

    @Test func `a launch can be deleted before it has begun`() throws {
        let launched = try cloud.compute.launch(try cloud.request("late"), as: TestCloud.member)[0]
        try cloud.compute.perform(.delete, on: launched.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(serviceError { _ = try cloud.instance(launched.id) }?.kind == .notFound)
        #expect(try cloud.traces(of: launched.id).isEmpty)
    }

    @Test func `of eight clashing clicks one wins and the others are told why`() throws {
        let outcomes = Mutex<[String]>([])
        TestCloud.concurrently(8) { [cloud, web] index in
            let action: InstanceAction = index % 2 == 0 ? .stop : .softReboot
            let error = serviceError { try cloud.compute.perform(action, on: web.id, as: TestCloud.member) }
            outcomes.withLock { $0.append(error.map { "\($0.kind) \($0.code)" } ?? "won") }
        }
        let counts = Dictionary(grouping: outcomes.withLock { $0 }, by: \.self).mapValues(\.count)
        #expect(counts == ["won": 1, "conflict instance_busy": 7])
    }

    @Test func `a refusal says what the instance is busy with`() throws {
        try cloud.compute.perform(.stop, on: web.id, as: TestCloud.member)
        let error = serviceError { try cloud.compute.perform(.hardReboot, on: web.id, as: TestCloud.member) }
        #expect(error?.message.english == "The instance is being shut off.")
        try cloud.jobs.drain()
        let again = serviceError { try cloud.compute.perform(.stop, on: web.id, as: TestCloud.member) }
        #expect(again?.code == "instance_state")
        #expect(again?.message.english == "The instance is shut off already.")
    }

    @Test func `who asks again for a deletion that is under way changes nothing, as in nova`() throws {
        let first = try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        let again = try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        #expect(again.taskState == .deleting && again.revision == first.revision)
    }

    @Test func `what can be done now is known without asking, with the reason for the rest`() throws {
        func allowed(_ instance: Instance, _ context: RequestContext = TestCloud.member) -> [String] {
            cloud.compute.availableActions(for: instance, as: context).filter(\.allowed).map(\.action.rawValue)
        }
        #expect(
            allowed(web) == [
                "stop", "soft_reboot", "hard_reboot", "pause", "suspend", "lock", "shelve", "rescue", "resize",
                "rebuild",
                "create_image", "attach_interface", "detach_interface", "security_groups", "rename", "update_metadata",
                "view_log", "console", "delete",
            ])
        #expect(
            allowed(try perform(.stop)) == [
                "start", "hard_reboot", "lock", "shelve", "rescue", "resize", "rebuild", "create_image",
                "attach_interface", "detach_interface", "security_groups", "rename", "update_metadata", "view_log",
                "delete",
            ])
        #expect(allowed(web, TestCloud.reader).isEmpty)
        #expect(allowed(web, TestCloud.stranger).isEmpty)
        let building = try cloud.compute.launch(try cloud.request("new"), as: TestCloud.member)[0]
        let actions = cloud.compute.availableActions(for: building, as: TestCloud.member)
        #expect(actions.first { $0.action == .stop }?.reason?.english == "The instance is still being built.")
        #expect(actions.allSatisfy { $0.allowed == ($0.reason == nil) })
    }

    @Test func `another project's instance is not there`() throws {
        for action in InstanceAction.allCases where action.isPlain && action != .forceDelete {
            let error = serviceError { try cloud.compute.perform(action, on: web.id, as: TestCloud.stranger) }
            #expect(error?.kind == .notFound)
        }
        for attempt in try forms(as: TestCloud.stranger) { #expect(serviceError(attempt)?.kind == .notFound) }
        #expect(serviceError { _ = try cloud.compute.instance(web.id, as: TestCloud.stranger) }?.kind == .notFound)
        #expect(serviceError { _ = try cloud.compute.timeline(of: web.id, as: TestCloud.stranger) }?.kind == .notFound)
        #expect(
            serviceError { _ = try cloud.compute.consoleLog(of: web.id, tail: nil, as: TestCloud.stranger) }?.kind
                == .notFound)
        #expect(
            serviceError { try cloud.compute.rename(web.id, name: "x", as: TestCloud.stranger) }?.kind == .notFound)
        #expect(
            serviceError { _ = try cloud.compute.domainDefinition(of: web.id, as: TestCloud.member) }?.kind
                == .forbidden)
    }

    @Test func `a reader may not act`() throws {
        for action in InstanceAction.allCases where action.isPlain {
            let error = serviceError { try cloud.compute.perform(action, on: web.id, as: TestCloud.reader) }
            #expect(error?.kind == .forbidden)
        }
        for attempt in try forms(as: TestCloud.reader) { #expect(serviceError(attempt)?.kind == .forbidden) }
    }

    /// Every action that takes a form, with one that is good.
    private func forms(as context: RequestContext) throws -> [() throws -> Void] {
        let (compute, id) = (cloud.compute, web.id)
        let (image, network) = (try cloud.guestImage.id.text, try cloud.network.id.text)
        return [
            { try compute.rename(id, name: "x", as: context) },
            { try compute.setMetadata(["a": "b"], of: id, as: context) },
            { try compute.resize(id, to: "2", as: context) },
            { try compute.rebuild(id, RebuildRequest(imageID: image), as: context) },
            { try compute.rescue(id, as: context) },
            { try compute.createImage(of: id, name: "x", as: context) },
            { try compute.attachInterface(to: id, InterfaceRequest(networkID: network), as: context) },
            { try compute.detachInterface(portID: id.text, from: id, as: context) },
            { try compute.setSecurityGroups(["default"], of: id, as: context) },
        ]
    }

    @Test func `rename keeps the rules of a launch`() throws {
        let renamed = try cloud.compute.rename(web.id, name: " shop ", description: "front", as: TestCloud.member)
        #expect(renamed.name == "shop")
        #expect(try cloud.instance(web.id).description == "front")
        let error = serviceError { try cloud.compute.rename(web.id, name: "", as: TestCloud.member) }
        #expect(error?.violations.map(\.field) == ["name"])
    }

    @Test func `a rename during a build does not disturb it`() throws {
        let cloud = try TestCloud()
        let launched = try cloud.compute.launch(try cloud.request("a"), as: TestCloud.member)[0]
        try cloud.compute.rename(launched.id, name: "b", as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.instance(launched.id).name == "b")
        #expect(try cloud.instance(launched.id).status == .active)
    }

    @Test func `changes are told to open pages, after they are stored`() throws {
        let seen = Mutex<[ResourceEvent]>([])
        let subscription = cloud.events.subscribe { event in
            if event.kind == "instance" { seen.withLock { $0.append(event) } }
        }
        _ = try perform(.stop)
        try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        subscription.cancel()
        let events = seen.withLock { $0 }
        #expect(events.first?.what == .updated)
        #expect(events.last?.what == .deleted)
        #expect(events.allSatisfy { $0.id == web.id.text && $0.projectID == "p-lab" })
    }
}
