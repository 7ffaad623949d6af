import Networking
import ServiceCore
import Testing

@testable import Compute

struct LaunchWithPortTests {
    let cloud: TestCloud
    let port: Port

    init() throws {
        cloud = try TestCloud()
        var new = NewPort(networkID: try cloud.network.id)
        new.name = "mine"
        port = try cloud.networking.createPort(new, as: TestCloud.member)
        try cloud.jobs.drain()
    }

    private func request() throws -> LaunchRequest {
        var request = try cloud.request()
        request.networkIDs = []
        request.portIDs = [port.id.text]
        return request
    }

    @Test func `an existing port gives its address and survives the instance`() throws {
        let launched = try cloud.compute.launch(try request(), as: TestCloud.member)[0]
        try cloud.jobs.drain()
        let instance = try cloud.instance(launched.id)
        #expect(instance.status == .active)
        #expect(instance.addresses.map(\.macAddress) == [port.macAddress])
        #expect(instance.addresses.map(\.address) == port.fixedIPs.map(\.address))
        try cloud.compute.perform(.delete, on: launched.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.networking.port(port.id, as: TestCloud.member).deviceID == "")
    }

    @Test func `a port in use, and one port for two instances, are refused`() throws {
        var two = try request()
        two.count = 2
        #expect(
            serviceError { _ = try cloud.compute.launch(two, as: TestCloud.member) }?.violations.map(\.code)
                == ["port_for_several"])
        _ = try cloud.compute.launch(try request(), as: TestCloud.member)
        try cloud.jobs.drain()
        let error = serviceError { _ = try cloud.compute.launch(try request(), as: TestCloud.member) }
        #expect(error?.violations.map { "\($0.field) \($0.code)" } == ["ports port_in_use"])
    }

    @Test func `of two launches with one port the second ends in error and leaves the first alone`() throws {
        let first = try cloud.compute.launch(try request(), as: TestCloud.member)[0]
        let second = try cloud.compute.launch(try request(), as: TestCloud.member)[0]
        try cloud.jobs.drain()
        #expect(try cloud.instance(first.id).status == .active)
        let failed = try cloud.instance(second.id)
        #expect(failed.status == .error)
        #expect(failed.fault?.phase == .network)
        #expect(try cloud.instance(first.id).addresses.count == 1)
    }
}
