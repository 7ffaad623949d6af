import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct PortServiceTests {
    let cloud: TestCloud
    let networking: NetworkingService

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
    }

    @Test func `a port on a shared network is its maker's and the network owner's to see`() throws {
        let (network, _) = try cloud.network(shared: true)
        let port = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.bob)
        #expect(port.projectID == "red")
        #expect(port.networkName == "net" && port.mtu == 1500)
        #expect(port.macAddress.description.hasPrefix("fa:16:3e:"))
        #expect(port.status == .down)
        #expect(try networking.port(port.id, as: TestCloud.bob) == port)
        #expect(try networking.ports(as: TestCloud.bob).map(\.id) == [port.id])
        #expect(try networking.ports(as: TestCloud.admin).map(\.id) == [port.id])
        #expect(refusal { try networking.port(port.id, as: TestCloud.alice) }?.kind == .notFound)
        #expect(refusal { try networking.updatePort(port.id, PortUpdate(), as: TestCloud.alice) }?.kind == .notFound)
        #expect(refusal { try networking.deletePort(port.id, as: TestCloud.alice) }?.kind == .notFound)
        #expect(try networking.ports(as: TestCloud.alice) == [])

        let own = try cloud.network(as: TestCloud.alice).network
        var forRed = NewPort(networkID: own.id)
        forRed.projectID = "red"
        let guest = try networking.createPort(forRed, as: TestCloud.admin)
        #expect(try networking.ports(as: TestCloud.alice).map(\.id) == [guest.id])
    }

    @Test func `a MAC address is a card's own and once on a network`() throws {
        let (network, _) = try cloud.network()
        var new = NewPort(networkID: network.id)
        for bad in ["fa:16:3e:00:00", "01:00:5e:00:00:01", "00:00:00:00:00:00"] {
            new.macAddress = bad
            #expect(refusal { try networking.createPort(new, as: TestCloud.admin) }?.code == "invalid_mac_address")
        }
        new.macAddress = "FA:16:3E:00:00:01"
        let port = try networking.createPort(new, as: TestCloud.admin)
        #expect(port.macAddress.description == "fa:16:3e:00:00:01")
        #expect(refusal { try networking.createPort(new, as: TestCloud.admin) }?.code == "mac_address_in_use")
        let other = try cloud.network().network
        new.networkID = other.id
        _ = try networking.createPort(new, as: TestCloud.admin)
    }

    @Test func `an edit keeps the addresses that are named again and gives the others back`() throws {
        let (network, subnet) = try cloud.network()
        var new = NewPort(networkID: network.id)
        new.fixedIPs = [FixedIPInput(address: "10.0.0.10"), FixedIPInput(address: "10.0.0.11")]
        let port = try networking.createPort(new, as: TestCloud.admin)
        var update = PortUpdate()
        update.name = "web"
        update.fixedIPs = [
            FixedIPInput(subnetID: subnet.id), FixedIPInput(address: "10.0.0.10"), FixedIPInput(address: "10.0.0.12"),
        ]
        let edited = try networking.updatePort(port.id, update, as: TestCloud.admin)
        // "Any of the subnet" keeps .11, because .10 is asked for by name.
        #expect(edited.fixedIPs.map(\.address) == [ip("10.0.0.11"), ip("10.0.0.10"), ip("10.0.0.12")])
        #expect(edited.name == "web")
        update.fixedIPs = []
        #expect(try networking.updatePort(port.id, update, as: TestCloud.admin).fixedIPs == [])
        #expect(try cloud.number("SELECT count(*) FROM ipallocations") == 0)
        #expect(try cloud.number("SELECT count(*) FROM ipavailabilityranges") == 1)
        update.revision = port.revision
        #expect(
            refusal { try networking.updatePort(port.id, update, as: TestCloud.admin) }?.code == "revision_conflict")
    }

    @Test func `wishes for addresses are checked as a whole`() throws {
        let (network, _) = try cloud.network()
        var new = NewPort(networkID: network.id)
        new.fixedIPs = [FixedIPInput(), FixedIPInput(subnetID: ID("elsewhere")), FixedIPInput(address: "10.1.1.1")]
        let error = refusal { try networking.createPort(new, as: TestCloud.admin) }
        #expect(
            error?.violations.map { "\($0.field) \($0.code)" } == [
                "fixed_ips[0] fixed_ip_missing", "fixed_ips[1].subnet_id subnet_not_on_network",
                "fixed_ips[2].ip_address invalid_ip_for_subnet",
            ])
        new.fixedIPs = Array(repeating: FixedIPInput(subnetID: network.subnets[0].id), count: 6)
        #expect(refusal { try networking.createPort(new, as: TestCloud.admin) }?.code == "too_many_fixed_ips")
        #expect(try cloud.number("SELECT count(*) FROM ports") == 0)
    }

    @Test func `binding to a host is an administrator's choice, and DHCP ports are the service's own`() throws {
        let (network, _) = try cloud.network(shared: true)
        var new = NewPort(networkID: network.id)
        new.bindingHost = "node1"
        #expect(refusal { try networking.createPort(new, as: TestCloud.bob) }?.kind == .forbidden)
        new.bindingHost = ""
        new.deviceOwner = DeviceOwner.dhcp
        #expect(refusal { try networking.createPort(new, as: TestCloud.admin) }?.code == "reserved_device_owner")
        let dhcpNetwork = try cloud.network(dhcp: true).network
        let dhcp = try networking.ports(as: TestCloud.admin, filter: PortFilter(networkID: dhcpNetwork.id))
        #expect(refusal { try networking.deletePort(dhcp[0].id, as: TestCloud.admin) }?.code == "port_in_use")
    }

    @Test func `the DHCP port has one address in every subnet that has DHCP`() throws {
        let (network, subnet) = try cloud.network(dhcp: true)
        cloud.clock.advance(seconds: 1)
        let second = try networking.createSubnet(
            NewSubnet(name: "b", cidr: "10.1.0.0/24"), on: network.id, as: TestCloud.admin)
        let addresses = {
            try networking.ports(as: TestCloud.admin, filter: PortFilter(networkID: network.id))
                .flatMap(\.fixedIPs).map(\.address)
        }
        #expect(try addresses() == [ip("10.0.0.2"), ip("10.1.0.2")])
        _ = try cloud.update(subnet) { $0.enableDHCP = false }
        #expect(try addresses() == [ip("10.1.0.2")])
        _ = try cloud.update(subnet) { $0.enableDHCP = true }
        #expect(try addresses() == [ip("10.0.0.2"), ip("10.1.0.2")])
        _ = try cloud.update(subnet) { $0.enableDHCP = false }
        _ = try cloud.update(second) { $0.enableDHCP = false }
        #expect(try networking.ports(as: TestCloud.admin) == [])
    }

    @Test func `DHCP cannot be enabled when no address is left for its server`() throws {
        let (network, subnet) = try cloud.network(pools: [PoolInput(start: "10.0.0.9", end: "10.0.0.9")])
        _ = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.admin)
        let error = refusal { try cloud.update(subnet) { $0.enableDHCP = true } }
        #expect(error?.code == "ip_address_generation_failure")
        #expect(try networking.subnet(subnet.id, as: TestCloud.admin) == subnet)
        #expect(try networking.ports(as: TestCloud.admin).count == 1)
    }
}

extension PortServiceTests {
    @Test func `a MAC address and port security are the network owner's to choose, another MAC an administrator's`()
        throws
    {
        let (network, _) = try cloud.network(shared: true)
        var new = NewPort(networkID: network.id)
        new.macAddress = "fa:16:3e:00:00:01"
        #expect(refusal { try networking.createPort(new, as: TestCloud.bob) }?.kind == .forbidden)
        new.macAddress = ""
        new.portSecurityEnabled = false
        #expect(refusal { try networking.createPort(new, as: TestCloud.bob) }?.kind == .forbidden)
        new.portSecurityEnabled = true
        let port = try networking.createPort(new, as: TestCloud.bob)
        var update = PortUpdate()
        update.macAddress = "fa:16:3e:00:00:01"
        #expect(refusal { try networking.updatePort(port.id, update, as: TestCloud.bob) }?.kind == .forbidden)
        #expect(
            try networking.updatePort(port.id, update, as: TestCloud.admin).macAddress.description == update.macAddress)
    }

    @Test func `addresses and a device of the cloud's own are the network owner's to choose`() throws {
        let (network, subnet) = try cloud.network(shared: true)
        let port = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.bob)
        for change: (inout NewPort) -> Void in [
            { $0.fixedIPs = [FixedIPInput(address: "10.0.0.99")] }, { $0.deviceOwner = "network:box" },
        ] {
            var new = NewPort(networkID: network.id)
            change(&new)
            #expect(refusal { try networking.createPort(new, as: TestCloud.bob) }?.kind == .forbidden)
        }
        for change: (inout PortUpdate) -> Void in [
            { $0.fixedIPs = [FixedIPInput(subnetID: subnet.id)] }, { $0.deviceOwner = "network:box" },
        ] {
            var update = PortUpdate()
            change(&update)
            #expect(refusal { try networking.updatePort(port.id, update, as: TestCloud.bob) }?.kind == .forbidden)
            _ = try networking.updatePort(port.id, update, as: TestCloud.admin)
        }
        // Where it is only said which subnet, everybody may.
        var new = NewPort(networkID: network.id)
        new.fixedIPs = [FixedIPInput(subnetID: subnet.id)]
        new.deviceOwner = "baremetal:box"
        _ = try networking.createPort(new, as: TestCloud.bob)
    }

    @Test func `a plugged port stays plugged, but may be renamed`() throws {
        let (network, _) = try cloud.network(as: TestCloud.alice)
        let binding = InstanceBinding(instanceID: "vm", projectID: "blue", host: "h", cards: [.network(network.id)])
        let port = try networking.bindPorts(binding, as: TestCloud.alice)[0]
        for change: (inout PortUpdate) -> Void in [
            { $0.deviceID = "" }, { $0.deviceOwner = "x" }, { $0.macAddress = "fa:16:3e:0:0:1" },
        ] {
            var update = PortUpdate()
            change(&update)
            #expect(refusal { try networking.updatePort(port.id, update, as: TestCloud.admin) }?.code == "port_in_use")
        }
        var update = PortUpdate()
        update.name = "web"
        #expect(try networking.updatePort(port.id, update, as: TestCloud.alice).name == "web")
    }
}
