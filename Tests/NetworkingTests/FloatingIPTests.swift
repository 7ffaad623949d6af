import ComputeHost
import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct FloatingIPTests {
    let cloud: TestCloud
    let networking: NetworkingService
    let outside: Network
    let inside: (network: Network, subnet: Subnet)
    let router: NetworkRouter
    let port: Port

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
        outside = try cloud.externalNetwork()
        inside = try cloud.network("10.0.0.0/24", as: TestCloud.alice)
        var new = NewRouter(name: "r")
        new.gateway = RouterGatewayInput(networkID: outside.id)
        router = try networking.createRouter(new, as: TestCloud.alice)
        _ = try networking.addInterface(to: router.id, .subnet(inside.subnet.id), as: TestCloud.alice)
        var newPort = NewPort(networkID: inside.network.id)
        newPort.fixedIPs = [FixedIPInput(address: "10.0.0.50")]
        newPort.deviceID = "vm"
        port = try networking.createPort(newPort, as: TestCloud.alice)
    }

    private func allocate(_ change: (inout NewFloatingIP) -> Void = { _ in }) throws -> FloatingIP {
        var new = NewFloatingIP(networkID: outside.id)
        change(&new)
        return try networking.createFloatingIP(new, as: TestCloud.alice)
    }

    @Test func `a floating IP is allocated, led to a port, led away and released`() throws {
        let free = try allocate()
        #expect(free.status == .down && free.networkName == "outside" && free.projectID == "blue")
        #expect(range("203.0.113.2", "203.0.113.254").contains(free.address))
        let used = try networking.associate(free.id, portID: port.id, as: TestCloud.alice)
        #expect(used.status == .active)
        #expect(used.association?.fixedAddress == ip("10.0.0.50") && used.association?.routerID == router.id)
        #expect(used.association?.deviceID == "vm")
        #expect(try networking.floatingIPs(as: TestCloud.alice) == [used])
        try cloud.jobs.drain()
        #expect(
            cloud.backend.router(router.id.text)?.floatingIPs == [
                RouterSpec.FloatingIP(
                    floatingIPID: free.id.text, floatingAddress: free.address.description, fixedAddress: "10.0.0.50")
            ])
        #expect(
            refusal { try networking.removeInterface(from: router.id, .subnet(inside.subnet.id), as: TestCloud.alice) }?
                .code == "router_interface_in_use_by_floating_ip")
        var update = RouterUpdate()
        update.gateway = .clear
        #expect(
            refusal { try networking.updateRouter(router.id, update, as: TestCloud.alice) }?.code
                == "router_gateway_in_use_by_floating_ip")
        #expect(try networking.disassociate(free.id, as: TestCloud.alice).association == nil)
        _ = try networking.disassociate(free.id, as: TestCloud.alice)
        try cloud.jobs.drain()
        #expect(cloud.backend.router(router.id.text)?.floatingIPs == [])
        try networking.releaseFloatingIP(free.id, as: TestCloud.alice)
        #expect(try networking.floatingIPs(as: TestCloud.alice) == [])
        #expect(try cloud.number("SELECT count(*) FROM ports WHERE device_owner = 'network:floatingip'") == 0)
    }

    @Test func `one floating IP of a network leads to an address, and only where a router leads`() throws {
        let first = try allocate { $0.portID = port.id }
        #expect(first.status == .active)
        #expect(refusal { try allocate { $0.portID = port.id } }?.code == "floating_ip_port_already_associated")
        // What is refused leaves no address taken.
        #expect(try cloud.number("SELECT count(*) FROM floatingips") == 1)
        #expect(try cloud.number("SELECT count(*) FROM ports WHERE device_owner = 'network:floatingip'") == 1)
        #expect(try networking.associate(first.id, portID: port.id, as: TestCloud.alice) == first)
        let apart = try cloud.network("10.1.0.0/24", as: TestCloud.alice).network
        let lonely = try networking.createPort(NewPort(networkID: apart.id), as: TestCloud.alice)
        let error = refusal { try networking.associate(first.id, portID: lonely.id, as: TestCloud.alice) }
        #expect(error?.code == "external_gateway_for_floating_ip_not_found" && error?.kind == .notFound)
        #expect(try networking.floatingIPTargets(as: TestCloud.alice).map(\.id) == [port.id])
        var update = PortUpdate()
        update.fixedIPs = [FixedIPInput(address: "10.0.0.50"), FixedIPInput(address: "10.0.0.51")]
        _ = try networking.updatePort(port.id, update, as: TestCloud.alice)
        #expect(try networking.floatingIP(first.id, as: TestCloud.alice).association != nil)
        let second = try allocate()
        #expect(
            refusal { try networking.associate(second.id, portID: port.id, as: TestCloud.alice) }?.code
                == "fixed_ip_ambiguous")
        #expect(
            refusal { try networking.associate(second.id, portID: port.id, fixedIP: "10.0.0.9", as: TestCloud.alice) }?
                .code == "address_not_on_port")
        _ = try networking.associate(second.id, portID: port.id, fixedIP: "10.0.0.51", as: TestCloud.alice)
        update.fixedIPs = []
        _ = try networking.updatePort(port.id, update, as: TestCloud.alice)
        #expect(try networking.floatingIPs(as: TestCloud.alice).allSatisfy { $0.status == .down })
        #expect(
            refusal { try networking.associate(second.id, portID: port.id, as: TestCloud.alice) }?.code
                == "port_without_ipv4_address")
    }

    @Test func `a port that is deleted leaves its floating IP free, and the router knows`() throws {
        let floatingIP = try allocate { $0.portID = port.id }
        try networking.deletePort(port.id, as: TestCloud.alice)
        let free = try networking.floatingIP(floatingIP.id, as: TestCloud.alice)
        #expect(free.association == nil && free.status == .down && free.revision == floatingIP.revision + 1)
        try cloud.jobs.drain()
        #expect(cloud.backend.router(router.id.text)?.floatingIPs == [])
    }

    @Test func `an address is an administrator's to choose, and must be the external network's`() throws {
        // The router has drawn one by lot.
        let isTaken = router.gateway?.fixedIPs.contains { $0.address == ip("203.0.113.40") } ?? false
        let address = isTaken ? "203.0.113.41" : "203.0.113.40"
        #expect(refusal { try allocate { $0.address = address } }?.kind == .forbidden)
        var new = NewFloatingIP(networkID: outside.id, address: address)
        new.projectID = "blue"
        let floatingIP = try networking.createFloatingIP(new, as: TestCloud.admin)
        #expect(floatingIP.address == ip(address) && floatingIP.projectID == "blue")
        #expect(refusal { try networking.createFloatingIP(new, as: TestCloud.admin) }?.code == "ip_address_in_use")
        for bad in ["10.0.0.9", "203.0.113.255", "here"] {
            new.address = bad
            #expect(
                refusal { try networking.createFloatingIP(new, as: TestCloud.admin) }?.violations.map(\.field) == [
                    "floating_ip_address"
                ])
        }
        #expect(
            refusal {
                try networking.createFloatingIP(NewFloatingIP(networkID: inside.network.id), as: TestCloud.alice)
            }?
            .code == "network_not_external")
    }

    @Test func `another project's floating IP is not there, and the limit holds`() throws {
        let floatingIP = try allocate()
        #expect(refusal { try networking.floatingIP(floatingIP.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.disassociate(floatingIP.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.releaseFloatingIP(floatingIP.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.releaseFloatingIP(floatingIP.id, as: TestCloud.reader) }?.kind == .forbidden)
        let foreign = try networking.createFloatingIP(NewFloatingIP(networkID: outside.id), as: TestCloud.bob)
        #expect(refusal { try networking.associate(foreign.id, portID: port.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(try networking.floatingIPs(as: TestCloud.bob) == [foreign])
        #expect(refusal { try networking.floatingIPs(.init(.everything), as: TestCloud.bob) }?.kind == .forbidden)
        try networking.setQuotas(["floatingip": 1], projectID: "blue", as: TestCloud.admin)
        #expect(refusal { try allocate() }?.kind == .overQuota)
        #expect(
            try networking.describeFloatingIP(floatingIP.id, "web", as: TestCloud.alice).description == "web")
        #expect(
            refusal {
                try networking.describeFloatingIP(
                    floatingIP.id, String(repeating: "d", count: 256), as: TestCloud.alice)
            }?.kind == .invalid)
    }

    @Test func `no statement about routers and floating IPs reads a whole table`() throws {
        let recorder = StatementRecorder()
        let cloud = try TestCloud(recorder: recorder)
        let networking = cloud.networking
        let outside = try cloud.externalNetwork()
        let (network, subnet) = try cloud.network("10.0.0.0/24", as: TestCloud.alice)
        var new = NewRouter(name: "r")
        new.gateway = RouterGatewayInput(networkID: outside.id)
        let router = try networking.createRouter(new, as: TestCloud.alice)
        _ = try networking.addInterface(to: router.id, .subnet(subnet.id), as: TestCloud.alice)
        let port = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        let floatingIP = try networking.createFloatingIP(
            NewFloatingIP(networkID: outside.id, portID: port.id), as: TestCloud.alice)
        _ = try networking.routers(as: TestCloud.alice)
        _ = try networking.floatingIPs(as: TestCloud.alice)
        _ = try networking.floatingIPTargets(as: TestCloud.alice)
        _ = try networking.updateRouter(router.id, RouterUpdate(), as: TestCloud.alice)
        _ = try cloud.update(subnet, as: TestCloud.alice) { $0.dnsNameservers = ["9.9.9.9"] }
        try cloud.jobs.drain()
        _ = try networking.disassociate(floatingIP.id, as: TestCloud.alice)
        try networking.releaseFloatingIP(floatingIP.id, as: TestCloud.alice)
        _ = try networking.removeInterface(from: router.id, .subnet(subnet.id), as: TestCloud.alice)
        try networking.deleteRouter(router.id, as: TestCloud.alice)
        let scans = try cloud.database.scans(in: recorder).filter { !$0.contains("jobs") && !$0.contains("migrations") }
        #expect(scans == [])
    }
}
