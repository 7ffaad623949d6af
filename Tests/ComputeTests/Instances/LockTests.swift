import Images
import Networking
import ServiceCore
import Testing

@testable import Compute

struct LockTests {
    let cloud: TestCloud
    let web: Instance

    init() throws {
        cloud = try TestCloud()
        web = try cloud.launch("web")
    }

    @Test func `a locked instance is acted on by administrators only, and says why`() throws {
        let locked = try cloud.compute.lock(web.id, reason: "payroll runs", as: TestCloud.member)
        #expect(locked.locked && locked.lockedBy == .owner)
        #expect(locked.lockReason == "payroll runs")
        for action in InstanceAction.allCases where action.isPlain && action.respectsLock && action != .forceDelete {
            let error = serviceError { try cloud.compute.perform(action, on: web.id, as: TestCloud.member) }
            #expect(error?.code == "instance_locked", "\(action)")
            #expect(error?.kind == .conflict)
        }
        let forms: [() throws -> Void] = [
            { try cloud.compute.resize(web.id, to: "2", as: TestCloud.member) },
            {
                try cloud.compute.rebuild(
                    web.id, RebuildRequest(imageID: cloud.guestImage.id.text), as: TestCloud.member)
            },
            { try cloud.compute.rescue(web.id, as: TestCloud.member) },
            { try cloud.compute.setMetadata(["a": "b"], of: web.id, as: TestCloud.member) },
            { try cloud.ask(.attachInterface, of: web) }, { try cloud.ask(.detachInterface, of: web) },
        ]
        for form in forms { #expect(serviceError(form)?.code == "instance_locked") }
        let actions = cloud.compute.availableActions(for: locked, as: TestCloud.member)
        #expect(actions.first { $0.action == .stop }?.reason?.english == "The instance is locked. Unlock it first.")
        #expect(actions.first { $0.action == .unlock }?.allowed == true)
        // What one is refused another is offered, and the other way round afterwards.
        for (context, isAllowed) in [(TestCloud.admin, true), (TestCloud.member, false)] {
            let stop = cloud.compute.availableActions(for: locked, as: context).first { $0.action == .stop }
            #expect(stop?.allowed == isAllowed)
        }
        try cloud.compute.perform(.stop, on: web.id, as: TestCloud.admin)
    }

    @Test func `names and snapshots are not locked, as in nova`() throws {
        try cloud.compute.lock(web.id, as: TestCloud.member)
        try cloud.compute.rename(web.id, name: "shop", as: TestCloud.member)
        try cloud.compute.createImage(of: web.id, name: "copy", as: TestCloud.member)
    }

    @Test func `locking and unlocking are in the log at once, and disturb nothing that runs`() throws {
        try cloud.compute.perform(.stop, on: web.id, as: TestCloud.member)
        try cloud.compute.perform(.lock, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).state == InstanceState(.stopped))
        try cloud.compute.perform(.unlock, on: web.id, as: TestCloud.member)
        #expect(try !cloud.instance(web.id).locked)
        let log = try cloud.compute.actionLog(of: web.id, as: TestCloud.member)
        #expect(log.map(\.action) == ["unlock", "lock", "stop", "create"])
        #expect(log.allSatisfy { $0.outcome == .success && $0.finishedAt != nil })
    }

    @Test func `what an administrator of another project locked, only administrators unlock`() throws {
        #expect(try cloud.compute.perform(.lock, on: web.id, as: TestCloud.admin).lockedBy == .admin)
        let error = serviceError { try cloud.compute.perform(.unlock, on: web.id, as: TestCloud.member) }
        #expect(error?.code == "instance_locked")
        #expect(error?.message.english == "An administrator has locked the instance.")
        #expect(try !cloud.compute.perform(.unlock, on: web.id, as: TestCloud.admin).locked)
    }

    @Test func `a lock is set once, and its reason is short`() throws {
        let long = String(repeating: "x", count: 256)
        let error = serviceError { try cloud.compute.lock(web.id, reason: long, as: TestCloud.member) }
        #expect(error?.violations.map(\.field) == ["locked_reason"])
        #expect(
            serviceError { try cloud.compute.perform(.unlock, on: web.id, as: TestCloud.member) }?.code
                == "instance_state")
        try cloud.compute.perform(.lock, on: web.id, as: TestCloud.member)
        #expect(
            serviceError { try cloud.compute.perform(.lock, on: web.id, as: TestCloud.member) }?.code
                == "instance_state")
    }

    @Test func `metadata is replaced as a whole, within nova's limits`() throws {
        try cloud.compute.setMetadata(["role": "web", "tier": "1"], of: web.id, as: TestCloud.member)
        try cloud.compute.setMetadata(["role": "shop"], of: web.id, as: TestCloud.member)
        #expect(try cloud.instance(web.id).metadata == ["role": "shop"])
        let long = String(repeating: "x", count: 256)
        let many = Dictionary(uniqueKeysWithValues: (0...128).map { ("k\($0)", "v") })
        let wrong: [([String: String], String)] = [
            (many, "over_quota"), ([long: "v"], "bad_key"), (["": "v"], "bad_key"), (["a/b": "v"], "bad_key"),
            (["<b>": "v"], "bad_key"), (["k": long], "too_long"), (["k": "a\nb"], "control_character"),
        ]
        for (metadata, code) in wrong {
            let error = serviceError { try cloud.compute.setMetadata(metadata, of: web.id, as: TestCloud.member) }
            #expect(error?.violations.map(\.code) == [code])
            #expect(error?.violations.map(\.field) == ["metadata"])
        }
        #expect(try cloud.instance(web.id).metadata == ["role": "shop"])
    }
}
