import Networking
import ServiceCore
import Testing

@testable import Compute

@Suite struct `Tags, and what lists find` {
    private let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    private func names(_ change: (inout InstanceFilter) -> Void) throws -> [String] {
        var filter = InstanceFilter()
        change(&filter)
        return try cloud.compute.instances(filter, as: TestCloud.member).items.map(\.name)
    }

    @Test func `instances are found by all, any and none of their tags`() throws {
        let web = try cloud.launch("web")
        let shop = try cloud.launch("shop")
        try cloud.compute.setTags(["a", "b"], of: web.id, as: TestCloud.member)
        #expect(try cloud.compute.addTag("b", to: shop.id, as: TestCloud.member))
        #expect(try !cloud.compute.addTag("b", to: shop.id, as: TestCloud.member))
        #expect(try names { $0.tags = ["a", "b"] } == ["web"])
        #expect(try Set(names { $0.tagsAny = ["a", "b"] }) == ["web", "shop"])
        #expect(try names { $0.notTags = ["a", "b"] } == ["shop"])
        #expect(try names { $0.notTagsAny = ["a"] } == ["shop"])
        try cloud.compute.removeTag("a", from: web.id, as: TestCloud.member)
        #expect(
            serviceError { try cloud.compute.removeTag("a", from: web.id, as: TestCloud.member) }?.kind == .notFound)
    }

    @Test(arguments: [Array(repeating: "x", count: 51).enumerated().map { "\($0)" }, ["a,b"], ["a/b"], [""]])
    func `tags have nova's limits`(tags: [String]) throws {
        let web = try cloud.launch()
        #expect(serviceError { try cloud.compute.setTags(tags, of: web.id, as: TestCloud.member) }?.kind == .invalid)
        #expect(serviceError { try cloud.compute.setTags([], of: web.id, as: TestCloud.reader) }?.kind == .forbidden)
        #expect(serviceError { try cloud.compute.setTags([], of: web.id, as: TestCloud.stranger) }?.kind == .forbidden)
    }

    @Test func `an order of the caller's choice is kept from page to page, whatever is alike`() throws {
        for name in ["b", "a", "c", "a"] { _ = try cloud.launch(name) }
        var filter = InstanceFilter()
        filter.order = [InstanceOrder(.name, isAscending: true), InstanceOrder(.createdAt, isAscending: false)]
        var (found, marker): ([String], String?) = ([], nil)
        repeat {
            let page = try cloud.compute.instances(
                filter, page: PageRequest(marker: marker, limit: 1), as: TestCloud.member)
            found += page.items.map(\.name)
            marker = page.next
        } while marker != nil
        #expect(found == ["a", "a", "b", "c"])
        filter.requiresMarker = true
        let error = serviceError {
            _ = try cloud.compute.instances(filter, page: PageRequest(marker: "none"), as: TestCloud.member)
        }
        #expect(error?.violations.map(\.field) == ["marker"])
    }

    @Test func `the address leads to the instance, and the deleted are for administrators`() throws {
        let web = try cloud.launch()
        let address = try #require(web.addresses.first).address.description
        #expect(try names { $0.ip = address } == ["web"])
        #expect(try names { $0.ip = "203.0.113" } == [])
        #expect(try names { $0.ip6 = "f" } == [])
        try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try names { $0.deleted = true } == [])
        var filter = InstanceFilter()
        (filter.deleted, filter.allProjects) = (true, true)
        let deleted = try cloud.compute.instances(filter, as: TestCloud.admin).items
        #expect(deleted.map(\.name) == ["web"] && deleted[0].deletedAt != nil)
    }

    @Test func `without a named network the project's only one is taken`() throws {
        var request = try cloud.request()
        request.networkIDs = []
        request.networkChoice = .only
        let web = try cloud.compute.launch(request, as: TestCloud.member)[0]
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).addresses.count == 1)
        request.networkChoice = .none
        let alone = try cloud.compute.launch(request, as: TestCloud.member)[0]
        try cloud.jobs.drain()
        #expect(try cloud.instance(alone.id).addresses.isEmpty)
        #expect(try cloud.instance(alone.id).status == .active)
    }

    @Test func `as many are launched as there is room for, if fewer will do`() throws {
        var request = try cloud.request()
        (request.count, request.minCount) = (12, 2)
        #expect(try cloud.compute.launch(request, as: TestCloud.member).count == 10)
        #expect(serviceError { _ = try cloud.compute.launch(request, as: TestCloud.member) }?.kind == .overQuota)
    }
}
