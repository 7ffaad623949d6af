import Identity
import ServiceCore
import Testing

@Suite struct `The catalogue` {
    private let fixture: IdentityFixture
    private let identity: IdentityService
    private let admin: RequestContext

    init() throws {
        fixture = try IdentityFixture()
        identity = fixture.identity
        admin = fixture.admin
    }

    private func types() throws -> [String] {
        try identity.catalog(for: fixture.login()).entries.map(\.service.type)
    }

    @Test func `lists what this cloud has, where the client has come to`() throws {
        let catalog = try identity.catalog(for: fixture.login())
        #expect(catalog.entries.map(\.service.type) == ["compute", "identity", "image", "network", "placement"])
        for entry in catalog.entries {
            #expect(entry.endpoints.map(\.interface) == [.public, .internal, .admin])
        }
        let compute = try #require(catalog.entries.first?.endpoints.first)
        #expect(compute.url(below: "https://cloud.example.org") == "https://cloud.example.org/compute/v2.1")
    }

    @Test func `follows what is entered, disabled and deleted`() throws {
        let service = try identity.createService(NewCatalogService(type: "dns", name: "designate"), as: admin)
        #expect(try types().contains("dns"))
        let url = "https://dns.example.org/%(project_id)s/x"
        let endpoint = try identity.createEndpoint(
            NewEndpoint(serviceID: service.id, regionID: "RegionOne", interface: .public, url: url), as: admin)
        let token = try fixture.login()
        let entry = try identity.catalog(for: token).entries.first { $0.service.type == "dns" }
        #expect(entry?.endpoints.map(\.url) == ["https://dns.example.org/\(token.project?.id ?? "")/x"])
        let unscoped = try identity.catalog(for: fixture.login(scope: .system)).entries.first {
            $0.service.type == "dns"
        }
        #expect(unscoped?.endpoints.isEmpty == true)
        var update = CatalogServiceUpdate()
        update.isEnabled = false
        _ = try identity.updateService(service.id, update, as: admin)
        #expect(try !types().contains("dns"))
        try identity.deleteService(service.id, as: admin)
        #expect(refusal { _ = try identity.endpoint(endpoint.id, as: admin) }?.kind == .notFound)
    }

    @Test func `takes no endpoint of an unknown service or region, and no path`() throws {
        let service = try #require(try identity.services(as: admin).first)
        func code(_ new: NewEndpoint) -> String? { refusal { _ = try identity.createEndpoint(new, as: admin) }?.code }
        #expect(code(NewEndpoint(serviceID: "nowhere", interface: .public, url: "http://a")) == "unknown_service")
        #expect(code(NewEndpoint(serviceID: service.id, interface: .public, url: "/identity")) == "bad_url")
        var new = NewEndpoint(serviceID: service.id, regionID: "Moon", interface: .public, url: "http://a")
        #expect(code(new) == "unknown_region")
        new.makesRegion = true
        #expect(code(new) == nil)
        #expect(try identity.region("Moon").id == "Moon")
        #expect(refusal { try identity.deleteRegion("Moon", as: admin) }?.kind == .conflict)
    }

    @Test func `has regions within regions, and none within itself`() throws {
        _ = try identity.createRegion(NewRegion(id: "Earth"), as: admin)
        _ = try identity.createRegion(NewRegion(id: "Europe", parentID: "Earth"), as: admin)
        #expect(try identity.regions(partsOf: "Earth").map(\.id) == ["Europe"])
        let circle = refusal { _ = try identity.updateRegion("Earth", RegionUpdate(parentID: "Europe"), as: admin) }
        #expect(circle?.code == "own_part")
        #expect(refusal { _ = try identity.createRegion(NewRegion(id: "Earth"), as: admin) }?.code == "name_taken")
    }

    @Test func `limits take the place of registered ones`() throws {
        let service = try #require(try identity.services(as: admin).first)
        let new = NewRegisteredLimit(serviceID: service.id, resourceName: "things", defaultLimit: 10)
        let registered = try #require(try identity.createRegisteredLimits([new], as: admin).first)
        #expect(refusal { _ = try identity.createRegisteredLimits([new], as: admin) }?.kind == .conflict)
        var own = NewLimit(serviceID: service.id, resourceName: "things", resourceLimit: 5)
        own.projectID = admin.projectID
        let limit = try #require(try identity.createLimits([own], as: admin).first)
        #expect(limit.registered == registered)
        #expect(refusal { try identity.deleteRegisteredLimit(registered.id, as: admin) }?.code == "limit_in_use")
        #expect(try identity.updateLimit(limit.id, resourceLimit: 6, as: admin).resourceLimit == 6)
        _ = try fixture.makeMember("alice")
        let alice = try identity.context(token: fixture.login("alice", "secret").text, remoteAddress: "")
        #expect(try identity.limits(as: alice).isEmpty)
        #expect(refusal { _ = try identity.createLimits([own], as: alice) }?.kind == .forbidden)
        try identity.deleteLimit(limit.id, as: admin)
        try identity.deleteRegisteredLimit(registered.id, as: admin)
    }
}
