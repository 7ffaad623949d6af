import ComputeHost
import Database
import ServiceCore
import Testing

@testable import Compute

@Suite struct ServiceTests {
    let cloud: TestCloud
    private let admin = TestCloud.admin

    init() throws {
        cloud = try TestCloud(
            host: InMemoryHost(hostname: "node1"), others: [InMemoryHost(hostname: "node2")])
    }

    private func services() throws -> [ServiceRecord] { try cloud.compute.services(as: admin) }

    private func up() throws -> [String] {
        try services().filter(\.isUp).map { $0.binary == "nova-compute" ? $0.host : $0.binary }
    }

    /// Lets the heartbeats come, one round after the other.
    private func pass(seconds: Int) throws {
        for _ in 0..<seconds / 10 {
            cloud.clock.advance(seconds: 10)
            try cloud.jobs.drain()
        }
    }

    @Test func `the list names every service with its zone`() throws {
        let services = try services()
        #expect(
            services.map { "\($0.binary) \($0.host) \($0.zone)" } == [
                "nova-conductor linux-node1 internal", "nova-consoleauth linux-node1 internal",
                "nova-scheduler linux-node1 internal", "nova-compute node1 nova", "nova-compute node2 nova",
            ])
        #expect(services.allSatisfy { $0.isUp && $0.isEnabled && $0.updatedAt == cloud.clock.now() })
        #expect(Set(services.map(\.number)).count == 5 && Set(services.map(\.id)).count == 5)
    }

    @Test func `a host that does not answer is down after a minute, alone, and up again with its next beat`() throws {
        cloud.others[0].setUnavailable("libvirtd is stopped")
        try pass(seconds: 60)
        #expect(try up().contains("node2"), "nova gives it a minute")
        try pass(seconds: 10)
        #expect(
            try up() == ["nova-conductor", "nova-consoleauth", "nova-scheduler", "node1"])
        cloud.others[0].setUnavailable(nil)
        try pass(seconds: 10)
        #expect(try up().count == 5)
    }

    @Test func `without workers nobody beats`() throws {
        cloud.clock.advance(seconds: 61)
        #expect(try up().isEmpty)
    }

    @Test func `the scheduler beats only when a decision can be made`() throws {
        try cloud.database.write { _ = try $0.execute("ALTER TABLE aggregate_hosts RENAME TO away") }
        try pass(seconds: 70)
        try cloud.database.write { _ = try $0.execute("ALTER TABLE away RENAME TO aggregate_hosts") }
        #expect(try up() == ["nova-conductor", "nova-consoleauth", "node1", "node2"])
    }

    @Test func `consoleauth beats only when tokens can be judged`() throws {
        try cloud.database.write { _ = try $0.execute("ALTER TABLE console_auth_tokens RENAME TO away") }
        try pass(seconds: 70)
        try cloud.database.write { _ = try $0.execute("ALTER TABLE away RENAME TO console_auth_tokens") }
        #expect(try up() == ["nova-conductor", "nova-scheduler", "node1", "node2"])
    }

    @Test func `a service that never reported is there, and down`() throws {
        try cloud.database.write { _ = try $0.execute("UPDATE services SET updated_at = NULL WHERE host = 'node2'") }
        let node = try #require(try services().last)
        #expect(node.host == "node2" && node.updatedAt == nil && !node.isUp)
    }

    @Test func `a disabled host gets nothing new, and a heartbeat does not enable it`() throws {
        let record = try cloud.compute.setService(
            "nova-compute", on: "node1", enabled: false, reason: " new disks ", as: admin)
        #expect(!record.isEnabled && record.disabledReason == "new disks" && record.isUp)
        try pass(seconds: 20)
        #expect(try services()[3].disabledReason == "new disks")
        #expect(try cloud.launch("web").host == "node2")
        let enabled = try cloud.compute.setService("nova-compute", on: "node1", enabled: true, as: admin)
        #expect(enabled.isEnabled && enabled.disabledReason == nil)
    }

    @Test func `a controller cannot be disabled, nor a service that is not there, nor by just anybody`() throws {
        func attempt(_ binary: String, _ host: String, _ reason: String?, _ context: RequestContext) -> ServiceError? {
            serviceError {
                try cloud.compute.setService(binary, on: host, enabled: false, reason: reason, as: context)
            }
        }
        #expect(attempt("nova-conductor", "linux-node1", nil, admin)?.kind == .unsupported)
        #expect(attempt("nova-compute", "node9", nil, admin)?.kind == .notFound)
        #expect(attempt("nova-compute", "node1", nil, TestCloud.member)?.kind == .forbidden)
        let long = String(repeating: "x", count: 256)
        #expect(attempt("nova-compute", "node1", long, admin)?.violations.map(\.field) == ["disabled_reason"])
        #expect(serviceError { _ = try cloud.compute.services(as: TestCloud.member) }?.kind == .forbidden)
    }

    @Test func `a host with instances is not forgotten`() throws {
        let web = try cloud.launch("web")
        let host = try #require(web.host)
        #expect(
            serviceError { try cloud.compute.deleteService("nova-compute", on: host, as: admin) }?.code
                == "host_in_use")
        let other = host == "node1" ? "node2" : "node1"
        let aggregate = try cloud.compute.createAggregate(named: "rack", as: admin)
        try cloud.compute.addHost(other, toAggregate: aggregate.id, as: admin)
        try cloud.compute.deleteService("nova-compute", on: other, as: admin)
        #expect(try services().count == 4)
        #expect(try cloud.compute.aggregate(aggregate.id, as: admin).hosts.isEmpty)
    }
}
