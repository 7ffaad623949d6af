import Database
import ServiceCore
import Testing

@testable import Compute

struct InstanceListTests {
    let cloud: TestCloud

    init() throws {
        cloud = try TestCloud(limits: ComputeResources(instances: -1, cores: -1, memoryMiB: -1))
        for name in ["alpha", "beta", "gamma"] {
            _ = try cloud.compute.launch(try cloud.request(name), as: TestCloud.member)
            cloud.clock.advance(seconds: 1)
        }
        _ = try cloud.compute.launch(try cloud.request("foreign"), as: TestCloud.stranger)
        try cloud.jobs.drain()
    }

    private func names(
        _ change: (inout InstanceFilter) -> Void = { _ in }, _ context: RequestContext = TestCloud.member
    )
        throws -> [String]
    {
        var filter = InstanceFilter()
        change(&filter)
        return try cloud.compute.instances(filter, as: context).items.map(\.name)
    }

    @Test func `a project lists its own, newest first`() throws {
        #expect(try names() == ["gamma", "beta", "alpha"])
        #expect(try names({ $0.allProjects = true }) == ["gamma", "beta", "alpha"])
        #expect(try names({ _ in }, TestCloud.admin).isEmpty)
    }

    @Test func `an administrator lists all projects, or one`() throws {
        #expect(try names({ $0.allProjects = true }, TestCloud.admin) == ["foreign", "gamma", "beta", "alpha"])
        #expect(
            try names(
                {
                    $0.allProjects = true
                    $0.projectID = "p-other"
                }, TestCloud.admin) == ["foreign"])
    }

    @Test func `each filter narrows`() throws {
        let beta = try #require(try cloud.compute.instances(as: TestCloud.member).items.first { $0.name == "beta" })
        try cloud.compute.perform(.stop, on: beta.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try names { $0.name = "ET" } == ["beta"])
        #expect(try names { $0.name = "%" }.isEmpty)
        #expect(try names { $0.id = beta.id.text } == ["beta"])
        #expect(try names { $0.status = .shutoff } == ["beta"])
        #expect(try names { $0.status = .active } == ["gamma", "alpha"])
        #expect(try names { $0.imageName = "tiny-linux" }.count == 3)
        #expect(try names { $0.imageID = "none" }.isEmpty)
        #expect(try names { $0.flavorName = "m1.tiny" }.count == 3)
        #expect(try names { $0.flavorID = "2" }.isEmpty)
        #expect(try names { $0.keyName = "none" }.isEmpty)
        #expect(try names { $0.host = "node1" }.count == 3)
        #expect(try names { $0.availabilityZone = "mars" }.isEmpty)
    }

    @Test func `changes since a moment include what was deleted`() throws {
        let since = cloud.clock.now().adding(seconds: 5)
        cloud.clock.advance(seconds: 10)
        let alpha = try #require(try cloud.compute.instances(as: TestCloud.member).items.last)
        try cloud.compute.perform(.delete, on: alpha.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try names { $0.changesSince = since } == ["alpha"])
        #expect(try names() == ["gamma", "beta"])
    }

    @Test func `pages follow one another without gap or repeat`() throws {
        var seen: [String] = []
        var marker: String?
        repeat {
            let page = try cloud.compute.instances(page: PageRequest(marker: marker, limit: 2), as: TestCloud.member)
            #expect(page.items.count <= 2)
            seen += page.items.map(\.name)
            marker = page.next
        } while marker != nil
        #expect(seen == ["gamma", "beta", "alpha"])
    }

    @Test func `the way back through pages is the way there`() throws {
        func page(_ marker: String?, back: Bool = false) throws -> Page<Instance> {
            try cloud.compute.instances(
                page: PageRequest(marker: marker, limit: 1, isBackward: back), as: TestCloud.member)
        }
        let gamma = try page(nil)
        let beta = try page(gamma.next)
        let alpha = try page(beta.next)
        #expect([gamma, beta, alpha].map { $0.items.map(\.name) } == [["gamma"], ["beta"], ["alpha"]])
        #expect(gamma.previous == nil && alpha.next == nil)
        let back = try page(alpha.previous, back: true)
        #expect(back.items.map(\.name) == ["beta"])
        #expect(back.next == beta.next)
        let start = try page(back.previous, back: true)
        #expect(start.items.map(\.name) == ["gamma"])
        #expect((start.previous, start.next) == (nil, gamma.next))
    }

    @Test func `a page that comes back to the beginning is a full one`() throws {
        let beta = try #require(try cloud.compute.instances(as: TestCloud.member).items.first { $0.name == "beta" })
        let page = try cloud.compute.instances(
            page: PageRequest(marker: beta.id.text, limit: 2, isBackward: true), as: TestCloud.member)
        #expect(page.items.map(\.name) == ["gamma", "beta"])
        #expect(page.previous == nil && page.next == beta.id.text)
    }

    @Test func `a filter looks at a bounded stretch of the list at a time and goes on from there`() throws {
        try cloud.database.write { transaction in
            let made = try transaction.execute(
                """
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(InstanceStore.reach))
                INSERT INTO instances (id, number, name, description, project_id, project_name, user_id, user_name,
                    vm_state, power_state, host, availability_zone, flavor_id, flavor_name, vcpus, memory_mib, disk_gib,
                    claimed_vcpus, claimed_memory_mib, claimed_disk_gib, image_id, image_name, launch_index,
                    reservation_id, config_drive, created_at, updated_at, revision)
                SELECT 'hay-' || n, 1000 + n, 'hay', description, project_id, project_name, user_id, user_name, vm_state,
                    power_state, host, availability_zone, flavor_id, flavor_name, vcpus, memory_mib, disk_gib, vcpus,
                    memory_mib, disk_gib, image_id, image_name, launch_index, reservation_id, config_drive, created_at + n, updated_at, revision
                FROM instances, numbers WHERE name = 'gamma'
                """)
            #expect(made == InstanceStore.reach)
        }
        var filter = InstanceFilter()
        filter.name = "gamma"
        let first = try cloud.compute.instances(filter, page: PageRequest(limit: 20), as: TestCloud.member)
        #expect(first.items.isEmpty)
        #expect(first.next == "hay-1")
        let second = try cloud.compute.instances(
            filter, page: PageRequest(marker: first.next, limit: 20), as: TestCloud.member)
        #expect(second.items.map(\.name) == ["gamma"])
        #expect(second.next == nil)
        let alpha = try #require(
            try cloud.compute.instances(page: PageRequest(marker: "hay-1"), as: TestCloud.member).items.last)
        filter.name = "nothing"
        let back = try cloud.compute.instances(
            filter, page: PageRequest(marker: alpha.id.text, limit: 20, isBackward: true), as: TestCloud.member)
        #expect(back.items.isEmpty)
        #expect(back.previous == "hay-\(InstanceStore.reach - 2)")
        let used = try cloud.compute.quota(projectID: "p-lab", as: TestCloud.member).used
        #expect(used.instances == InstanceStore.reach + 3)
    }

    @Test func `a page of a hundred takes two statements, one for the rows and one for all addresses`() throws {
        var request = try cloud.request("bulk", flavor: "42")
        request.count = 90
        _ = try cloud.compute.launch(request, as: TestCloud.member)
        try cloud.jobs.drain()
        let before = cloud.recorder.runs
        let page = try cloud.compute.instances(page: PageRequest(limit: 100), as: TestCloud.member)
        #expect(page.items.count == 93)
        #expect(page.items.allSatisfy { $0.addresses.count == 1 })
        #expect(cloud.recorder.runs - before == 2)
    }
}
