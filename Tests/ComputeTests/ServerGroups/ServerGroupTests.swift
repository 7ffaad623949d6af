import ServiceCore
import Testing

@testable import Compute

@Suite struct ServerGroupTests {
    let cloud: TestCloud
    private var compute: ComputeService { cloud.compute }

    init() throws { cloud = try TestCloud() }

    private func create(
        _ name: String = "web", _ policy: String = "soft-affinity", most: String? = nil,
        as context: RequestContext = TestCloud.member
    ) throws -> ServerGroup {
        try compute.createServerGroup(
            NewServerGroup(name: name, policy: policy, maxServerPerHost: most), as: context)
    }

    @Test(arguments: ServerGroupPolicy.allCases)
    func `a group is made with each policy, read and deleted`(policy: ServerGroupPolicy) throws {
        let group = try create(" web ", policy.rawValue)
        #expect(group.name == "web" && group.policy == policy && group.projectID == "p-lab")
        #expect(try compute.serverGroup(group.id, as: TestCloud.reader).members.isEmpty)
        try compute.deleteServerGroup(group.id, as: TestCloud.member)
        #expect(serviceError { _ = try compute.serverGroup(group.id, as: TestCloud.member) }?.kind == .notFound)
    }

    @Test(arguments: [
        ("", "affinity", nil, ["name required"]), ("a\nb", "affinity", nil, ["name control_character"]),
        ("web", "together", nil, ["policy not_a_policy"]),
        ("web", "affinity", "2", ["max_server_per_host only_anti_affinity"]),
        ("web", "anti-affinity", "0", ["max_server_per_host not_a_number"]),
        ("web", "anti-affinity", "two", ["max_server_per_host not_a_number"]), ("web", "anti-affinity", "2", []),
        ("", "", "x", ["name required", "policy not_a_policy", "max_server_per_host not_a_number"]),
    ])
    func `what breaks a rule names its field`(name: String, policy: String, most: String?, faults: [String]) {
        let error = serviceError { _ = try create(name, policy, most: most) }
        #expect((error?.violations.map { "\($0.field) \($0.code)" } ?? []) == faults)
    }

    @Test func `groups belong to their project`() throws {
        let mine = try create("mine")
        let theirs = try create("theirs", as: TestCloud.stranger)
        #expect(try compute.serverGroups(as: TestCloud.member).map(\.name) == ["mine"])
        #expect(try compute.serverGroups(allProjects: true, as: TestCloud.member).map(\.name) == ["mine"])
        #expect(try compute.serverGroups(allProjects: true, as: TestCloud.admin).map(\.name) == ["mine", "theirs"])
        #expect(serviceError { _ = try compute.serverGroup(theirs.id, as: TestCloud.member) }?.kind == .forbidden)
        #expect(serviceError { try compute.deleteServerGroup(theirs.id, as: TestCloud.member) }?.kind == .forbidden)
        var request = try cloud.request()
        request.serverGroupID = theirs.id.text
        let error = serviceError { _ = try compute.launch(request, as: TestCloud.member) }
        #expect(error?.violations.map(\.field) == ["server_group"])
        #expect(serviceError { _ = try create(as: TestCloud.reader) }?.kind == .forbidden)
        #expect(serviceError { try compute.deleteServerGroup(mine.id, as: TestCloud.reader) }?.kind == .forbidden)
    }

    @Test func `a project has ten groups, and a group ten members`() throws {
        let groups = try (0..<10).map { try create("g\($0)") }
        #expect(serviceError { _ = try create("one more") }?.kind == .overQuota)
        try compute.setQuota(
            ComputeResources(instances: -1, cores: -1, memoryMiB: -1), projectID: "p-lab", as: TestCloud.admin)
        var request = try cloud.request("m", flavor: "42")
        request.serverGroupID = groups[0].id.text
        request.count = 11
        let error = serviceError { _ = try compute.launch(request, as: TestCloud.member) }
        #expect(error?.violations.map(\.field) == ["server_group"])
        request.count = 10
        _ = try compute.launch(request, as: TestCloud.member)
        request.count = 1
        #expect(serviceError { _ = try compute.launch(request, as: TestCloud.member) } != nil)
    }

    @Test func `an instance leaves its group with its life, and a deleted group leaves its instances alone`() throws {
        let group = try create()
        var request = try cloud.request()
        request.serverGroupID = group.id.text
        let web = try compute.launch(request, as: TestCloud.member)[0]
        try cloud.jobs.drain()
        #expect(try compute.serverGroup(group.id, as: TestCloud.member).members.map(\.host) == ["node1"])
        try compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try compute.serverGroup(group.id, as: TestCloud.member).members.isEmpty)
        let other = try compute.launch(request, as: TestCloud.member)[0]
        try compute.deleteServerGroup(group.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.instance(other.id).status == .active, "a group that is gone wants nothing")
    }
}
