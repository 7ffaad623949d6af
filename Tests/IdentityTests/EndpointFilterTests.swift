import Identity
import ServiceCore
import Testing

@Suite struct `The catalogue of a project that is shown a part` {
    private let fixture: IdentityFixture
    private let identity: IdentityService
    private let admin: RequestContext
    private let project: Project

    init() throws {
        fixture = try IdentityFixture()
        identity = fixture.identity
        admin = fixture.admin
        project = try fixture.makeMember("alice").project
    }

    /// What alice's token shows: `compute public`.
    private func shown() throws -> [String] {
        try identity.catalog(for: fixture.login("alice", "secret")).entries.flatMap { entry in
            entry.endpoints.map { "\(entry.service.type) \($0.interface.rawValue)" }
        }
    }

    private func endpoint(_ type: String, _ interface: Endpoint.Interface) throws -> Endpoint {
        let service = try #require(try identity.services(CatalogServiceFilter(type: type), as: admin).first)
        let filter = EndpointFilter(serviceID: service.id, interface: interface)
        return try #require(try identity.endpoints(filter, as: admin).first)
    }

    private func group(_ filters: [String: String]) throws -> EndpointGroup {
        try identity.createEndpointGroup(
            name: "g", description: nil, filters: ExtraAttributes(filters.mapValues { "\"\($0)\"" }), as: admin)
    }

    @Test func `has the endpoints that it was given, and all again without`() throws {
        #expect(try shown().count == 15)
        let compute = try endpoint("compute", .public)
        try identity.show(.endpoint(compute.id), toProject: project.id, as: admin)
        try identity.show(.endpoint(compute.id), toProject: project.id, as: admin)
        #expect(try shown() == ["compute public"])
        #expect(try identity.endpoints(ofProject: project.id, as: admin) == [compute])
        #expect(try identity.projects(with: .endpoint(compute.id), as: admin) == [project])
        try identity.require(.endpoint(compute.id), inProject: project.id, as: admin)
        #expect(try identity.catalog(for: fixture.login()).entries.count == 5)
        #expect(try identity.catalog(for: fixture.login(scope: .system)).entries.count == 5)
        try identity.hide(.endpoint(compute.id), fromProject: project.id, as: admin)
        #expect(try shown().count == 15)
        #expect(
            refusal { try identity.hide(.endpoint(compute.id), fromProject: project.id, as: admin) }?.kind == .notFound)
        #expect(
            refusal { try identity.require(.endpoint(compute.id), inProject: project.id, as: admin) }?.kind
                == .notFound)
    }

    @Test func `has those that the filters of its groups find, together with its own`() throws {
        let image = try endpoint("image", .public)
        let group = try group(["service_id": image.serviceID, "interface": "public", "region_id": "RegionOne"])
        try identity.show(.group(group.id), toProject: project.id, as: admin)
        #expect(try identity.endpoints(ofEndpointGroup: group.id, as: admin) == [image])
        #expect(try identity.endpointGroups(ofProject: project.id, as: admin) == [group])
        #expect(try identity.projects(with: .group(group.id), as: admin) == [project])
        #expect(try shown() == ["image public"])
        try identity.show(.endpoint(endpoint("network", .admin).id), toProject: project.id, as: admin)
        #expect(try shown() == ["image public", "network admin"])
        let elsewhere = ExtraAttributes(["region_id": #""Moon""#])
        _ = try identity.updateEndpointGroup(group.id, filters: elsewhere, as: admin)
        #expect(try shown() == ["network admin"])
        try identity.deleteEndpointGroup(group.id, as: admin)
        #expect(try identity.endpointGroups(ofProject: project.id, as: admin).isEmpty)
    }

    @Test func `is not for its members to choose`() throws {
        let alice = try identity.context(token: fixture.login("alice", "secret").text, remoteAddress: "")
        let compute = try endpoint("compute", .public)
        let refused = [
            refusal { try identity.show(.endpoint(compute.id), toProject: project.id, as: alice) },
            refusal { try identity.hide(.endpoint(compute.id), fromProject: project.id, as: alice) },
            refusal { _ = try identity.endpoints(ofProject: project.id, as: alice) },
        ]
        #expect(refused.map { $0?.kind } == [.forbidden, .forbidden, .forbidden])
    }
}
