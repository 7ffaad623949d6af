import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct SubnetServiceTests {
    let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    @Test func `the seed's edit adds a pool and writes it under neutron's names`() throws {
        let (network, subnet) = try cloud.network(
            "192.168.56.0/24", pools: [PoolInput(start: "192.168.56.100", end: "192.168.56.200")])
        let edited = try cloud.update(subnet) {
            $0.allocationPools = PoolInput.lines(of: "192.168.56.50,192.168.56.99\n192.168.56.100,192.168.56.200")
            $0.revision = subnet.revision
        }
        #expect(edited.revision == subnet.revision + 1)
        #expect(edited.pools.map { subnet.pools.map(\.id).contains($0.id) } == [false, true])
        let rows = try cloud.database.read { transaction in
            try transaction.rows("SELECT * FROM ipallocationpools ORDER BY first_ip")
        }
        let texts = try rows.map { row in try (0..<4).map { try row[$0] as String } }
        #expect(
            Set(texts.map { $0[2...].joined(separator: " ") }) == [
                "192.168.56.50 192.168.56.99", "192.168.56.100 192.168.56.200",
            ])
        #expect(texts.allSatisfy { $0[1] == subnet.id.text })
        #expect(try cloud.networking.subnet(subnet.id, as: TestCloud.admin) == edited)
        #expect(try cloud.networking.network(network.id, as: TestCloud.admin).revision > network.revision)
    }

    @Test func `pools are kept in the order they were given`() throws {
        let (_, subnet) = try cloud.network(pools: [
            PoolInput(start: "10.0.0.200", end: "10.0.0.210"), PoolInput(start: "10.0.0.20", end: "10.0.0.30"),
        ])
        #expect(subnet.pools.map(\.range) == [range("10.0.0.200", "10.0.0.210"), range("10.0.0.20", "10.0.0.30")])
    }

    @Test func `a refused edit changes nothing and names every fault`() throws {
        let (_, subnet) = try cloud.network()
        let error = refusal {
            try cloud.update(subnet) {
                $0.name = String(repeating: "n", count: 256)
                $0.gateway = .address("10.0.0.255")
                $0.allocationPools = PoolInput.lines(of: "10.0.0.9,10.0.0.2\n10.0.1.1,10.0.1.2")
                $0.dnsNameservers = AddressInput.lines(of: "8.8.8.8\n8.8.8.8\nx")
                $0.hostRoutes = HostRouteInput.lines(of: "10.9.0.0/16\n10.9.0.0/16,10.0.0.0.1")
            }
        }
        #expect(error?.kind == .invalid)
        #expect(
            error?.violations.map { "\($0.field) \($0.code)" } == [
                "name too_long", "gateway_ip gateway_not_a_host", "allocation_pools[0] reversed_pool",
                "allocation_pools[1].start pool_out_of_range", "allocation_pools[1].end pool_out_of_range",
                "dns_nameservers[1] duplicate", "dns_nameservers[2] not_an_address",
                "host_routes[0] route_needs_two_parts",
                "host_routes[1].nexthop not_an_address",
            ])
        #expect(try cloud.networking.subnet(subnet.id, as: TestCloud.admin) == subnet)
    }

    @Test func `fields that are not given stay as they are, empty lists clear`() throws {
        let (_, subnet) = try cloud.network()
        let full = try cloud.update(subnet) {
            $0.dnsNameservers = ["9.9.9.9", "1.1.1.1"]
            $0.hostRoutes = [HostRouteInput(destination: "10.9.0.7/16", nextHop: "10.0.0.5")]
        }
        #expect(full.dnsNameservers == [ip("9.9.9.9"), ip("1.1.1.1")])
        #expect(full.hostRoutes.map(\.destination) == [CIDR("10.9.0.0/16")])
        let renamed = try cloud.update(full) { $0.name = "new" }
        #expect(renamed.pools == full.pools)
        #expect(renamed.dnsNameservers == full.dnsNameservers)
        #expect(renamed.hostRoutes == full.hostRoutes)
        #expect(renamed.gateway == full.gateway)
        let cleared = try cloud.update(renamed) {
            $0.dnsNameservers = []
            $0.hostRoutes = []
            $0.gateway = .disabled
        }
        #expect(cleared.dnsNameservers == [])
        #expect(cleared.hostRoutes == [])
        #expect(cleared.gateway == nil)
        #expect(try cloud.networking.subnet(subnet.id, as: TestCloud.admin) == cleared)
    }

    @Test func `emptied pools go back to the usable range without the gateway`() throws {
        let (_, subnet) = try cloud.network(pools: [PoolInput(start: "10.0.0.20", end: "10.0.0.30")])
        let reset = try cloud.update(subnet) {
            $0.gateway = .address("10.0.0.100")
            $0.allocationPools = []
        }
        #expect(reset.pools.map(\.range) == [range("10.0.0.1", "10.0.0.99"), range("10.0.0.101", "10.0.0.254")])
    }

    @Test func `a new gateway inside a current pool is refused, and a new pool over the current gateway`() throws {
        let (_, subnet) = try cloud.network(pools: [PoolInput(start: "10.0.0.20", end: "10.0.0.30")])
        let gateway = refusal { try cloud.update(subnet) { $0.gateway = .address("10.0.0.25") } }
        #expect(gateway?.violations.map(\.field) == ["gateway_ip"])
        #expect(gateway?.code == "gateway_in_pool")
        let pool = refusal {
            try cloud.update(subnet) { $0.allocationPools = [PoolInput(start: "10.0.0.1", end: "10.0.0.9")] }
        }
        #expect(pool?.violations.map(\.field) == ["allocation_pools[0]"])
        #expect(pool?.code == "gateway_in_pool")
        // Both at once, so that they fit, is fine.
        let moved = try cloud.update(subnet) {
            $0.gateway = .address("10.0.0.25")
            $0.allocationPools = [PoolInput(start: "10.0.0.1", end: "10.0.0.9")]
        }
        #expect(moved.gateway == ip("10.0.0.25"))
    }

    @Test func `a gateway outside the network address is accepted`() throws {
        let (_, subnet) = try cloud.network()
        #expect(try cloud.update(subnet) { $0.gateway = .address("172.16.0.1") }.gateway == ip("172.16.0.1"))
        let six = refusal { try cloud.update(subnet) { $0.gateway = .address("fe80::1") } }
        #expect(six?.code == "wrong_ip_version")
    }

    @Test func `the second of two editors is told`() throws {
        let (_, subnet) = try cloud.network()
        _ = try cloud.update(subnet) {
            $0.name = "first"; $0.revision = subnet.revision
        }
        let error = refusal {
            try cloud.update(subnet) {
                $0.name = "second"; $0.revision = subnet.revision
            }
        }
        #expect(error?.kind == .conflict)
        #expect(error?.code == "revision_conflict")
        let current = try cloud.networking.subnet(subnet.id, as: TestCloud.admin)
        #expect(current.name == "first")
        #expect(current.revision == subnet.revision + 1)
    }

    @Test(arguments: [
        ("10.0.0.0/0", "prefix_zero"), ("::/64", "unspecified_network"), ("10.0.0.0", "prefix_missing"),
        ("10.0.0.0/33", "prefix_wrong"), ("ten", "not_a_cidr"), ("", "cidr_missing"),
        ("10.0.0.0 /8", "white_space"), ("010.0.0.0/8", "leading_zeros"),
    ])
    func `a network address that cannot be used is refused`(_ cidr: String, _ code: String) {
        let error = refusal { try cloud.network(cidr) }
        #expect(error?.violations.map { "\($0.field) \($0.code)" } == ["subnet.cidr \(code)"])
    }

    @Test(arguments: [
        ("10.0.0.0/31", "too_small_for_dhcp"), ("2001:db8::/127", "too_small_for_dhcp"),
        ("224.0.0.0/24", "multicast_with_dhcp"), ("ff00::/64", "multicast_with_dhcp"),
        ("127.0.0.0/24", "loopback_with_dhcp"), ("0.0.0.0/24", "zero_network_with_dhcp"),
    ])
    func `DHCP is refused where it cannot work`(_ cidr: String, _ code: String) throws {
        let error = refusal { try cloud.network(cidr, dhcp: true) }
        #expect(error?.violations.map { "\($0.field) \($0.code)" } == ["subnet.enable_dhcp \(code)"])
        let (_, subnet) = try cloud.network(cidr, dhcp: false)
        #expect(refusal { try cloud.update(subnet) { $0.enableDHCP = true } }?.code == code)
    }

    @Test func `overlapping subnets of one network are refused by name, those of others are fine`() throws {
        let (network, _) = try cloud.network("10.0.0.0/16")
        let error = refusal {
            try cloud.networking.createSubnet(
                NewSubnet(name: "b", cidr: "10.0.7.0/24"), on: network.id, as: TestCloud.admin)
        }
        #expect(error?.code == "overlapping_cidr")
        #expect(error?.message.english == "'10.0.7.0/24' overlaps with another subnet of the network, sub (10.0.0.0/16).")
        _ = try cloud.network("10.0.7.0/24")
    }

    @Test func `the IP version must be the one that was chosen`() throws {
        let (network, _) = try cloud.network()
        var new = NewSubnet(name: "six", cidr: "10.1.0.0/24")
        new.version = .v6
        let error = refusal { try cloud.networking.createSubnet(new, on: network.id, as: TestCloud.admin) }
        #expect(error?.violations.map(\.field) == ["cidr"])
        #expect(error?.code == "wrong_ip_version")
    }

    @Test func `lists have neutron's limits`() throws {
        let (_, subnet) = try cloud.network()
        let error = refusal {
            try cloud.update(subnet) {
                $0.dnsNameservers = (1...6).map { AddressInput("10.1.0.\($0)") }
                $0.hostRoutes = (1...21).map { HostRouteInput(destination: "10.\($0).0.0/16", nextHop: "10.0.0.9") }
            }
        }
        #expect(
            error?.violations.map { "\($0.field) \($0.code)" } == [
                "dns_nameservers too_many_dns_nameservers", "host_routes too_many_host_routes",
            ])
    }

    @Test func `shrinking a pool below allocated addresses is allowed and the ports outside are named`() throws {
        let (network, subnet) = try cloud.network()
        let ports = try ["10.0.0.10", "10.0.0.50", "10.0.0.200"].map { address in
            var new = NewPort(networkID: network.id)
            new.name = address
            new.fixedIPs = [FixedIPInput(address: address)]
            return try cloud.networking.createPort(new, as: TestCloud.admin)
        }
        _ = try cloud.update(subnet) { $0.allocationPools = [PoolInput(start: "10.0.0.40", end: "10.0.0.60")] }
        let outside = try cloud.networking.addressesOutsidePools(of: subnet.id, as: TestCloud.admin)
        #expect(outside.count == 2)
        #expect(outside.entries.map(\.address) == [ip("10.0.0.10"), ip("10.0.0.200")])
        #expect(outside.entries.map(\.holder.portID) == [ports[0].id, ports[2].id])
        #expect(try cloud.networking.port(ports[0].id, as: TestCloud.admin).fixedIPs == ports[0].fixedIPs)
    }

    @Test func `a subnet with ports cannot be deleted, one with the DHCP port alone can`() throws {
        let (network, subnet) = try cloud.network(dhcp: true)
        let port = try cloud.networking.createPort(NewPort(networkID: network.id), as: TestCloud.admin)
        let error = refusal { try cloud.networking.deleteSubnet(subnet.id, as: TestCloud.admin) }
        #expect(error?.code == "subnet_in_use")
        #expect(error?.message.english.contains(port.id.text) == true)
        try cloud.networking.deletePort(port.id, as: TestCloud.admin)
        try cloud.networking.deleteSubnet(subnet.id, as: TestCloud.admin)
        #expect(try cloud.networking.ports(as: TestCloud.admin) == [])
        #expect(try cloud.number("SELECT count(*) FROM ipallocations") == 0)
        #expect(try cloud.number("SELECT count(*) FROM ipavailabilityranges") == 0)
        #expect(refusal { try cloud.networking.subnet(subnet.id, as: TestCloud.admin) }?.kind == .notFound)
    }

    @Test func `self-configured IPv6 needs a 64 and DHCP, and guests get the address of their MAC`() throws {
        var subnet = NewSubnet(name: "six", cidr: "2001:db8::/60")
        subnet.ipv6Mode = .slaac
        let error = refusal {
            try cloud.networking.createNetwork(NewNetwork(name: "n"), subnet: subnet, as: TestCloud.admin)
        }
        #expect(error?.code == "ipv6_mode_needs_64")
        subnet.cidr = "2001:db8::/64"
        let network = try cloud.networking.createNetwork(NewNetwork(name: "n"), subnet: subnet, as: TestCloud.admin)
        var new = NewPort(networkID: network.id)
        new.macAddress = "fa:16:3e:ab:cd:ef"
        let port = try cloud.networking.createPort(new, as: TestCloud.admin)
        #expect(port.fixedIPs.map(\.address) == [ip("2001:db8::f816:3eff:feab:cdef")])
    }
}
