import ComputeHost
import Networking
import ServiceCore
import Synchronization
import Testing

@testable import Compute
@testable import ComputeHost

struct InterfaceTests {
    let cloud: TestCloud
    let web: Instance

    init() throws {
        cloud = try TestCloud()
        web = try cloud.launch("web")
    }

    private var cards: [String] {
        cloud.host.state.withLock { $0.domains[web.id.text]?.spec.interfaces.map(\.portID) ?? [] }
    }

    private func attach(_ request: InterfaceRequest) throws -> Port {
        let port = try cloud.compute.attachInterface(to: web.id, request, as: TestCloud.member)
        try cloud.jobs.drain()
        return port
    }

    @Test func `an interface on a network gets a port, and the running guest a card`() throws {
        let port = try attach(InterfaceRequest(networkID: cloud.network.id.text))
        #expect(cards.count == 2 && cards.last == port.id.text)
        #expect(try cloud.instance(web.id).addresses.count == 2)
        let line = try #require(try cloud.compute.actionLog(of: web.id, as: TestCloud.member).first)
        #expect(line.action == "attach_interface" && line.outcome == .success)
        #expect(try cloud.contradictions() == [])
        try cloud.compute.detachInterface(portID: port.id.text, from: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(cards.count == 1)
        #expect(serviceError { _ = try cloud.networking.port(port.id, as: TestCloud.admin) }?.kind == .notFound)
        #expect(try cloud.contradictions() == [])
    }

    @Test func `an address that was asked for is the port's, and a taken one is refused beside its field`() throws {
        let taken = try #require(try cloud.instance(web.id).addresses.first?.address.description)
        let request = InterfaceRequest(networkID: try cloud.network.id.text, fixedIP: taken)
        let error = serviceError { _ = try attach(request) }
        #expect(error?.kind == .conflict || error?.violations.map(\.field) == ["fixed_ip"])
        #expect(try cloud.networking.ports(as: TestCloud.admin, filter: PortFilter(deviceID: web.id.text)).count == 1)
        let wrong = serviceError {
            _ = try attach(InterfaceRequest(networkID: cloud.network.id.text, fixedIP: "not an address"))
        }
        #expect(wrong?.violations.map(\.field) == ["fixed_ip"])
    }

    @Test func `an existing port is plugged in, and free again when it is taken out`() throws {
        let port = try cloud.networking.createPort(
            NewPort(networkID: cloud.network.id), as: TestCloud.member)
        _ = try attach(InterfaceRequest(portID: port.id.text))
        #expect(try cloud.networking.port(port.id, as: TestCloud.member).deviceID == web.id.text)
        #expect(serviceError { _ = try attach(InterfaceRequest(portID: port.id.text)) }?.code == "port_in_use")
        try cloud.compute.detachInterface(portID: port.id.text, from: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.networking.port(port.id, as: TestCloud.member).deviceID.isEmpty)
        #expect(try cloud.contradictions() == [])
    }

    @Test func `an interface that the host refuses is taken back, and the log says why`() throws {
        cloud.host.fail(.attachInterface, with: .failed("no slot", remedy: nil))
        _ = try attach(InterfaceRequest(networkID: cloud.network.id.text))
        #expect(cards.count == 1)
        #expect(try cloud.instance(web.id).addresses.count == 1)
        let line = try #require(try cloud.compute.actionLog(of: web.id, as: TestCloud.member).first)
        #expect(line.outcome == .error)
        #expect(line.message?.english == "The interface could not be attached.")
        #expect(try cloud.instance(web.id).fault?.details == "no slot")
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a guest that does not let go is asked again, and keeps its address when it never does`() throws {
        let port = try attach(InterfaceRequest(networkID: cloud.network.id.text))
        cloud.host.fail(.detachInterface, with: .busy("the guest holds it"))
        try cloud.compute.detachInterface(portID: port.id.text, from: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(cards.count == 2)
        cloud.clock.advance(seconds: 1)
        try cloud.jobs.drain()
        #expect(cards.count == 1)
        #expect(try cloud.contradictions() == [])
    }

    @Test func `an instance that is shut off has its new card when it starts`() throws {
        try cloud.compute.perform(.stop, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        _ = try attach(InterfaceRequest(networkID: cloud.network.id.text))
        try cloud.compute.perform(.start, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(cards.count == 2)
        #expect(try cloud.contradictions() == [])
    }

    @Test func `what is asked for is named beside its field`() throws {
        let wrong: [(InterfaceRequest, String)] = [
            (InterfaceRequest(networkID: ""), "net_id"), (InterfaceRequest(networkID: "nope"), "net_id"),
            (InterfaceRequest(portID: "nope"), "port_id"),
        ]
        for (request, field) in wrong {
            let error = serviceError { try cloud.compute.attachInterface(to: web.id, request, as: TestCloud.member) }
            #expect(error?.violations.map(\.field) == [field])
        }
        #expect(
            serviceError { try cloud.compute.detachInterface(portID: web.id.text, from: web.id, as: TestCloud.member) }?
                .kind == .notFound)
    }

    @Test func `another project's port is not there`() throws {
        let port = try cloud.networking.createPort(
            NewPort(networkID: cloud.network.id), as: TestCloud.stranger)
        #expect(serviceError { _ = try attach(InterfaceRequest(portID: port.id.text)) }?.kind == .notFound)
    }
}
