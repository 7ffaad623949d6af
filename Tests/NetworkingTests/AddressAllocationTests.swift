import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct AddressAllocationTests {
    private func port(_ cloud: TestCloud, _ network: Network, _ address: String? = nil) throws -> Port {
        var new = NewPort(networkID: network.id)
        if let address { new.fixedIPs = [FixedIPInput(address: address)] }
        return try cloud.networking.createPort(new, as: TestCloud.admin)
    }

    @Test func `64 launches at once get all 64 addresses of a pool of 64`() throws {
        let cloud = try TestCloud()
        let (network, _) = try cloud.network(pools: [PoolInput(start: "10.0.0.100", end: "10.0.0.163")])
        let addresses = concurrently(64) { index -> String in
            let binding = InstanceBinding(
                instanceID: "instance-\(index)", projectID: "admin-project", host: "h", cards: [.network(network.id)])
            do {
                let ports = try cloud.networking.bindPorts(binding, as: TestCloud.admin)
                return ports[0].fixedIPs[0].address.description
            } catch {
                return "\(error)"
            }
        }
        #expect(Set(addresses) == Set((100...163).map { "10.0.0.\($0)" }))
        #expect(try cloud.number("SELECT count(*) FROM ipallocations") == 64)
        #expect(try cloud.number("SELECT count(*) FROM ipavailabilityranges") == 0)
        let error = refusal { try port(cloud, network) }
        #expect(error?.kind == .conflict)
        #expect(error?.code == "ip_address_generation_failure")
        // The refused port left nothing behind.
        #expect(try cloud.number("SELECT count(*) FROM ports") == 64)
    }

    @Test func `64 that ask for one address: one gets it, 63 are told`() throws {
        let cloud = try TestCloud()
        let (network, _) = try cloud.network()
        let outcomes = concurrently(64) { _ in
            refusal { try port(cloud, network, "10.0.0.77") }?.code ?? "got it"
        }
        #expect(outcomes.count { $0 == "got it" } == 1)
        #expect(outcomes.count { $0 == "ip_address_in_use" } == 63)
        #expect(try cloud.number("SELECT count(*) FROM ports") == 1)
    }

    @Test func `the schema itself refuses one address twice`() throws {
        let cloud = try TestCloud()
        let (network, subnet) = try cloud.network()
        let (first, second) = (try port(cloud, network, "10.0.0.7"), try port(cloud, network))
        let allocation = Allocation(portID: second.id, address: first.fixedIPs[0].address, subnetID: subnet.id)
        #expect(throws: DatabaseError.self) {
            try cloud.database.write { try AllocationStore().insert(allocation, network: network.id, in: $0) }
        }
    }

    @Test func `pools are used in stored order, the next when one is full`() throws {
        let cloud = try TestCloud()
        let (network, _) = try cloud.network(pools: [
            PoolInput(start: "10.0.0.200", end: "10.0.0.202"), PoolInput(start: "10.0.0.20", end: "10.0.0.21"),
        ])
        let addresses = try (0..<5).map { _ in try port(cloud, network).fixedIPs[0].address }
        #expect(Set(addresses[..<3]) == [ip("10.0.0.200"), ip("10.0.0.201"), ip("10.0.0.202")])
        #expect(Set(addresses[3...]) == [ip("10.0.0.20"), ip("10.0.0.21")])
    }

    @Test func `the place of an ordinary port is drawn from the thousand addresses above the lowest free one`() {
        var generator = SystemRandomNumberGenerator()
        let drawn = Set(
            (0..<20_000).map { _ in
                AddressChoice.place(from: ip("10.0.0.200"), to: ip("10.9.255.255"), using: &generator)
            })
        // 20,000 draws leave one of 1,000 out with a probability of 2 in a million.
        #expect(drawn.count == 1000)
        #expect(drawn.min() == ip("10.0.0.200"))
        #expect(drawn.max() == ip("10.0.0.200").advanced(by: 999))
        let last = ip("10.0.0.9")
        #expect(AddressChoice.place(from: last, to: last, using: &generator) == last)
    }

    @Test func `where addresses are taken here and there, the free one next below the drawn place is given`() throws {
        let cloud = try TestCloud()
        let (network, _) = try cloud.network(pools: [PoolInput(start: "10.0.0.2", end: "10.0.0.60")])
        for number in [3, 4] + (7...60) { _ = try port(cloud, network, "10.0.0.\(number)") }
        let given = try (0..<3).map { _ in try port(cloud, network).fixedIPs[0].address }
        #expect(Set(given) == Set(["10.0.0.2", "10.0.0.5", "10.0.0.6"].map(ip)))
        #expect(refusal { try port(cloud, network) }?.code == "ip_address_generation_failure")
        #expect(try cloud.number("SELECT count(*) FROM ipavailabilityranges") == 0)
    }

    @Test func `the DHCP port has the lowest address, guests others, as in the tutorial`() throws {
        let cloud = try TestCloud()
        let (network, _) = try cloud.network(
            "192.168.56.0/24", pools: [PoolInput(start: "192.168.56.100", end: "192.168.56.200")], dhcp: true)
        let dhcp = try cloud.networking.ports(as: TestCloud.admin, filter: PortFilter(networkID: network.id))
        #expect(dhcp.map(\.deviceOwner) == [DeviceOwner.dhcp])
        #expect(dhcp[0].fixedIPs.map(\.address) == [ip("192.168.56.100")])
        let columns = try cloud.database.read { transaction in
            try transaction.rows("SELECT * FROM ipallocations").map { row in
                try (0..<4).map { try row[$0] as String }
            }
        }
        #expect(columns == [[dhcp[0].id.text, "192.168.56.100", network.subnets[0].id.text, network.id.text]])
    }

    @Test func `an address asked for must be usable on the network and free`() throws {
        let cloud = try TestCloud()
        let (network, _) = try cloud.network(pools: [PoolInput(start: "10.0.0.20", end: "10.0.0.30")])
        // Outside of all pools is fine, as in neutron.
        #expect(try port(cloud, network, "10.0.0.200").fixedIPs[0].address == ip("10.0.0.200"))
        for address in ["10.0.1.1", "10.0.0.0", "10.0.0.255"] {
            let error = refusal { try port(cloud, network, address) }
            #expect(
                error?.violations.map { "\($0.field) \($0.code)" } == ["fixed_ips[0].ip_address invalid_ip_for_subnet"])
        }
        #expect(refusal { try port(cloud, network, "10.0.0.0x") }?.code == "not_an_address")
        #expect(refusal { try port(cloud, network, "10.0.0.200") }?.code == "ip_address_in_use")
    }

    @Test func `a network of both versions gives one address of each, a full subnet is passed over`() throws {
        let cloud = try TestCloud()
        let (network, _) = try cloud.network(pools: [PoolInput(start: "10.0.0.20", end: "10.0.0.20")])
        for cidr in ["10.1.0.0/24", "2001:db8::/64"] {
            cloud.clock.advance(seconds: 1)
            var new = NewSubnet(name: cidr, cidr: cidr)
            new.enableDHCP = false
            _ = try cloud.networking.createSubnet(new, on: network.id, as: TestCloud.admin)
        }
        let ports = try (0..<2).map { _ in try port(cloud, network) }
        #expect(ports[0].fixedIPs.map(\.address.version) == [.v4, .v6])
        #expect(ports[0].fixedIPs[0].address == ip("10.0.0.20"))
        #expect(CIDR("10.1.0.0/24")?.contains(ports[1].fixedIPs[0].address) == true)
    }

    @Test func `free stretches always are the pools without the allocated addresses`() throws {
        let cloud = try TestCloud()
        let (network, original) = try cloud.network("10.0.0.0/26")
        var subnet = original
        var generator = SeededGenerator(state: 4711)
        var ports: [Port] = []
        for step in 0..<300 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<4:
                if let port = try? port(cloud, network) { ports.append(port) }
            case 4..<6:
                let address = "10.0.0.\(Int.random(in: 1...62, using: &generator))"
                if let port = try? port(cloud, network, address) { ports.append(port) }
            case 6..<9:
                guard !ports.isEmpty else { continue }
                let port = ports.remove(at: Int.random(in: 0..<ports.count, using: &generator))
                try cloud.networking.deletePort(port.id, as: TestCloud.admin)
            default:
                let (a, b) = (Int.random(in: 2...30, using: &generator), Int.random(in: 31...60, using: &generator))
                subnet = try cloud.update(subnet) {
                    $0.allocationPools = [
                        PoolInput(start: "10.0.0.\(b)", end: "10.0.0.62"),
                        PoolInput(start: "10.0.0.2", end: "10.0.0.\(a)"),
                    ]
                }
            }
            #expect(try freeAddresses(cloud, subnet) == expectedFree(subnet, ports), "after step \(step)")
        }
        #expect(try cloud.number("SELECT count(*) FROM ipallocation_keys") == ports.count)
    }

    private func freeAddresses(_ cloud: TestCloud, _ subnet: Subnet) throws -> [IPAddress] {
        let ranges = try cloud.database.read { transaction in
            try subnet.pools.flatMap { try PoolStore().free(in: $0, limit: 1000, in: transaction) }
        }
        // Neighbours must have been joined.
        for pair in zip(ranges, ranges.dropFirst()) { #expect(pair.0.last.successor != pair.1.first) }
        return ranges.flatMap { range in (0..<range.count).compactMap { range.first.advanced(by: $0) } }
    }

    private func expectedFree(_ subnet: Subnet, _ ports: [Port]) -> [IPAddress] {
        let used = Set(ports.flatMap(\.fixedIPs).map(\.address))
        return subnet.pools.flatMap { pool in
            (0..<pool.range.count).compactMap { pool.range.first.advanced(by: $0) }.filter { !used.contains($0) }
        }
    }

    @Test func `a port in a crowded /8 reads a handful of rows`() throws {
        let recorder = StatementRecorder()
        let cloud = try TestCloud(recorder: recorder)
        let (network, subnet) = try cloud.network("10.0.0.0/8")
        // A hundred thousand addresses are gone from the front of the pool, as if ports had them.
        try cloud.database.write { transaction in
            let pool = subnet.pools[0]
            try transaction.execute("DELETE FROM ipavailabilityranges WHERE allocation_pool_id = \(pool.id)")
            try transaction.execute(
                """
                INSERT INTO ipavailabilityranges (allocation_pool_id, first_key, last_key)
                VALUES (\(pool.id), \(ip("10.1.134.162").key), \(pool.range.last.key))
                """)
        }
        let port = try port(cloud, network)
        #expect(port.fixedIPs[0].address >= ip("10.1.134.162"))
        #expect(port.fixedIPs[0].address <= ip("10.1.138.137"))
        #expect(try cloud.database.scans(in: recorder) == [])
        #expect(try cloud.number("SELECT count(*) FROM ipavailabilityranges") <= 2)
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
