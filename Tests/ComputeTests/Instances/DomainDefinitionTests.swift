import ComputeHost
import Database
import ServiceCore
import Testing

@testable import Compute

struct DomainDefinitionTests {
    private let cloud: TestCloud
    private let web: Instance

    init() throws {
        cloud = try TestCloud()
        web = try cloud.launch()
    }

    @Test func `an administrator reads the definition, which is as it is to be`() throws {
        let drift = try #require(try cloud.compute.domainDefinition(of: web.id, as: TestCloud.admin))
        #expect(drift.xml.contains("<uuid>\(web.id)</uuid>"))
        #expect(drift.xml == drift.expectedXML)
        #expect(drift.differences.isEmpty)
    }

    @Test func `what was changed by hand is told`() throws {
        var spec = try #require(
            try cloud.database.read { try cloud.compute.lifecycle.specs.find(web.id, in: $0) }?.domain)
        spec.memoryMiB += 1
        spec.interfaces = []
        try cloud.host.define(spec)
        let drift = try #require(try cloud.compute.domainDefinition(of: web.id, as: TestCloud.admin))
        #expect(drift.differences.map(\.kind) == [.memory, .interface])
        #expect(drift.differences.first?.found == String(spec.memoryMiB))
    }

    @Test func `nobody else reads it`() {
        for context in [TestCloud.member, TestCloud.reader] {
            let error = #expect(throws: ServiceError.self) {
                try cloud.compute.domainDefinition(of: web.id, as: context)
            }
            #expect(error?.kind == .forbidden)
        }
    }

    @Test func `a domain that is gone has no definition, and a host that is away does not answer`() throws {
        cloud.host.lose(web.id.text)
        #expect(try cloud.compute.domainDefinition(of: web.id, as: TestCloud.admin) == nil)
        cloud.host.setUnavailable("libvirtd was stopped")
        let error = #expect(throws: ServiceError.self) {
            try cloud.compute.domainDefinition(of: web.id, as: TestCloud.admin)
        }
        #expect(error?.kind == .unavailable)
    }
}
