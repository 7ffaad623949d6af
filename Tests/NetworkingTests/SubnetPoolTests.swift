import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct SubnetPoolTests {
    let cloud: TestCloud
    let networking: NetworkingService

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
    }

    private func pool(
        _ prefixes: [AddressInput], as context: RequestContext = TestCloud.alice,
        _ change: (inout NewSubnetPool) -> Void = { _ in }
    ) throws -> SubnetPool {
        var new = NewSubnetPool(name: "pool", prefixes: prefixes)
        change(&new)
        return try networking.createSubnetPool(new, as: context)
    }

    private func subnet(
        of pool: SubnetPool, _ cidr: String = "", length: String? = nil, as context: RequestContext = TestCloud.alice
    ) throws -> Subnet {
        let network = try networking.createNetwork(NewNetwork(name: "n"), as: context)
        var new = NewSubnet(name: "s", cidr: cidr)
        new.subnetPoolID = pool.id
        new.prefixLength = length
        new.enableDHCP = false
        return try networking.createSubnet(new, on: network.id, as: context)
    }

    @Test func `subnets are cut from a pool one beside the other, of the length that is asked for`() throws {
        let pool = try pool(["10.1.0.0/24", "10.0.0.0/24"]) { $0.defaultPrefixLength = "26" }
        #expect(pool.prefixes.map(\.description) == ["10.0.0.0/24", "10.1.0.0/24"])
        #expect(pool.lengths == .init(min: 8, max: 32, standard: 26))
        let first = try subnet(of: pool)
        #expect(first.cidr.description == "10.0.0.0/26" && first.subnetPoolID == pool.id)
        #expect(try subnet(of: pool, length: "25").cidr.description == "10.0.0.128/25")
        #expect(try subnet(of: pool, "10.1.0.0/24").cidr.description == "10.1.0.0/24")
        #expect(try subnet(of: pool).cidr.description == "10.0.0.64/26")
        #expect(try networking.subnet(first.id, as: TestCloud.alice) == first)
        #expect(refusal { try subnet(of: pool) }?.code == "subnet_pool_exhausted")
        #expect(refusal { try subnet(of: pool, "10.0.0.0/25") }?.code == "subnet_pool_exhausted")
        #expect(refusal { try subnet(of: pool, "10.2.0.0/26") }?.code == "cidr_outside_pool")
        #expect(
            refusal { try networking.deleteSubnetPool(pool.id, as: TestCloud.alice) }?.code == "subnet_pool_in_use")
        try networking.deleteSubnet(first.id, as: TestCloud.alice)
        #expect(try subnet(of: pool).cidr.description == "10.0.0.0/26")
    }

    @Test func `lengths outside the pool's, and pools of addresses without an address, are refused`() throws {
        let pool = try pool(["10.0.0.0/16"]) {
            $0.minPrefixLength = "24"
            $0.maxPrefixLength = "28"
        }
        #expect(pool.lengths.standard == 24)
        #expect(refusal { try subnet(of: pool, length: "23") }?.violations.map(\.field) == ["prefixlen"])
        #expect(refusal { try subnet(of: pool, length: "x") }?.violations.map(\.field) == ["prefixlen"])
        #expect(refusal { try subnet(of: pool, "10.0.0.0/29") }?.violations.map(\.field) == ["cidr"])
        var new = NewSubnet(name: "s", cidr: "")
        new.subnetPoolID = pool.id
        new.allocationPools = [PoolInput(start: "10.0.0.5", end: "10.0.0.9")]
        let error = refusal {
            try networking.createNetwork(NewNetwork(name: "n"), subnet: new, as: TestCloud.alice)
        }
        #expect(error?.violations.map(\.field) == ["subnet.allocation_pools"])
        new.allocationPools = []
        let network = try networking.createNetwork(NewNetwork(name: "n"), subnet: new, as: TestCloud.alice)
        #expect(network.subnets.map(\.cidr.description) == ["10.0.0.0/24"])
    }

    @Test func `what a project may take from a pool is limited`() throws {
        let pool = try pool(["10.0.0.0/16"]) {
            $0.defaultPrefixLength = "24"
            $0.defaultQuota = "512"
        }
        _ = try subnet(of: pool)
        _ = try subnet(of: pool)
        #expect(refusal { try subnet(of: pool, length: "30") }?.code == "subnet_pool_quota_exceeded")
        let wide = try self.pool(["2001:db8::/32"]) { $0.defaultQuota = "1" }
        #expect(try subnet(of: wide).cidr.description == "2001:db8::/64")
        #expect(refusal { try subnet(of: wide) }?.code == "subnet_pool_quota_exceeded")
        try networking.setQuotas(["subnetpool": 2], projectID: "blue", as: TestCloud.admin)
        #expect(refusal { try self.pool(["10.9.0.0/16"]) }?.kind == .overQuota)
    }

    @Test func `every fault of a pool is named by its field`() throws {
        let error = refusal {
            try pool(["10.0.0.0/8", "2001:db8::/32", "x"]) {
                $0.name = String(repeating: "n", count: 256)
                $0.minPrefixLength = "30"
                $0.maxPrefixLength = "20"
                $0.defaultQuota = "-1"
            }
        }
        #expect(
            error?.violations.map(\.field) == ["name", "prefixes[1]", "prefixes[2]", "min_prefixlen", "default_quota"])
        #expect(refusal { try pool([]) }?.code == "prefixes_missing")
        #expect(refusal { try pool(["10.0.0.0/8"]) { $0.maxPrefixLength = "33" } }?.code == "invalid_prefix_length")
        #expect(
            refusal { try pool(["10.0.0.0/8"]) { $0.defaultPrefixLength = "4" } }?.code
                == "default_prefix_length_outside")
    }

    @Test func `an edit may add prefixes and not take any out`() throws {
        let pool = try pool(["10.0.0.0/24"])
        var update = SubnetPoolUpdate()
        update.prefixes = ["10.0.1.0/24"]
        #expect(
            refusal { try networking.updateSubnetPool(pool.id, update, as: TestCloud.alice) }?.code == "prefix_removed")
        update.prefixes = ["10.0.0.0/24", "10.0.1.0/24"]
        update.name = "wider"
        update.defaultQuota = "100"
        update.revision = pool.revision
        let wider = try networking.updateSubnetPool(pool.id, update, as: TestCloud.alice)
        #expect(wider.prefixes.map(\.description) == ["10.0.0.0/23"] && wider.defaultQuota == 100)
        #expect(try networking.subnetPool(pool.id, as: TestCloud.alice) == wider)
        #expect(
            refusal { try networking.updateSubnetPool(pool.id, update, as: TestCloud.alice) }?.code
                == "revision_conflict")
        update = SubnetPoolUpdate()
        update.isDefault = true
        #expect(refusal { try networking.updateSubnetPool(pool.id, update, as: TestCloud.alice) }?.kind == .forbidden)
        _ = try networking.updateSubnetPool(pool.id, update, as: TestCloud.admin)
        #expect(
            refusal { try self.pool(["10.7.0.0/24"], as: TestCloud.admin) { $0.isDefault = true } }?.code
                == "default_subnet_pool_exists")
        try networking.deleteSubnetPool(pool.id, as: TestCloud.alice)
    }

    @Test func `another project's pool is not there unless administrators share it`() throws {
        let own = try pool(["10.0.0.0/16"])
        #expect(refusal { try networking.subnetPool(own.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.deleteSubnetPool(own.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.deleteSubnetPool(own.id, as: TestCloud.reader) }?.kind == .forbidden)
        #expect(refusal { try subnet(of: own, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try pool(["10.0.0.0/16"]) { $0.shared = true } }?.kind == .forbidden)
        let shared = try pool(["10.8.0.0/16"], as: TestCloud.admin) { $0.shared = true }
        #expect(try networking.subnetPools(as: TestCloud.bob) == [shared])
        #expect(try subnet(of: shared, length: "24", as: TestCloud.bob).projectID == "red")
        #expect(refusal { try networking.deleteSubnetPool(shared.id, as: TestCloud.bob) }?.kind == .forbidden)
    }

    @Test func `pools of an address scope are of its version and do not overlap`() throws {
        let scope = try networking.createAddressScope(NewAddressScope(name: "s", version: .v4), as: TestCloud.alice)
        _ = try pool(["10.0.0.0/16"]) { $0.addressScopeID = scope.id }
        #expect(
            refusal { try pool(["10.0.9.0/24"]) { $0.addressScopeID = scope.id } }?.code
                == "address_scope_prefix_conflict")
        #expect(
            refusal { try pool(["2001:db8::/32"]) { $0.addressScopeID = scope.id } }?.code == "scope_of_other_version")
        #expect(
            refusal { try networking.deleteAddressScope(scope.id, as: TestCloud.alice) }?.code
                == "address_scope_in_use")
        #expect(refusal { try networking.addressScope(scope.id, as: TestCloud.bob) }?.kind == .notFound)
        var shared = NewAddressScope(name: "s", version: .v4)
        shared.shared = true
        #expect(refusal { try networking.createAddressScope(shared, as: TestCloud.bob) }?.kind == .forbidden)
        #expect(try networking.updateAddressScope(scope.id, name: "t", as: TestCloud.alice).name == "t")
        #expect(try networking.addressScopes(as: TestCloud.alice).map(\.name) == ["t"])
        #expect(try networking.addressScopes(as: TestCloud.bob) == [])
        let empty = try networking.createAddressScope(NewAddressScope(name: "e", version: .v6), as: TestCloud.alice)
        try networking.deleteAddressScope(empty.id, as: TestCloud.alice)
    }

    @Test func `the subnets of a network that are of one version come from one pool, or from one address scope`() throws {
        let scope = try networking.createAddressScope(NewAddressScope(name: "s", version: .v4), as: TestCloud.alice)
        let pools = try ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "2001:db8::/48"].enumerated().map { index, prefix in
            try pool([AddressInput(prefix)]) { if [1, 2].contains(index) { $0.addressScopeID = scope.id } }
        }
        func add(_ pool: SubnetPool?, _ cidr: String = "", to network: Network) throws -> Subnet {
            var new = NewSubnet(name: "s", cidr: cidr)
            new.subnetPoolID = pool?.id
            new.prefixLength = pool.map { $0.version == .v4 ? "24" : "64" }
            new.enableDHCP = false
            return try networking.createSubnet(new, on: network.id, as: TestCloud.alice)
        }
        func isRefused(_ body: () throws -> Subnet) -> Bool {
            refusal(body)?.violations.map(\.code) == ["network_subnet_pool_affinity"]
        }
        let network = try networking.createNetwork(NewNetwork(name: "n"), as: TestCloud.alice)
        _ = try add(pools[0], to: network)
        _ = try add(pools[0], to: network)
        _ = try add(pools[3], to: network)
        #expect(isRefused { try add(pools[1], to: network) })
        #expect(isRefused { try add(nil, "192.168.0.0/24", to: network) })
        let scoped = try networking.createNetwork(NewNetwork(name: "scoped"), as: TestCloud.alice)
        _ = try add(pools[1], to: scoped)
        _ = try add(pools[2], to: scoped)
        #expect(isRefused { try add(pools[0], to: scoped) })
        let plain = try networking.createNetwork(NewNetwork(name: "plain"), as: TestCloud.alice)
        _ = try add(nil, "192.168.0.0/24", to: plain)
        #expect(isRefused { try add(pools[0], to: plain) })
    }

    @Test func `the first free block is what a search of every block finds`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let whole = try #require(CIDR("10.0.0.0/24"))
            var taken: [CIDR] = []
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                let room = SubnetPoolAllocation(prefixes: [whole], taken: taken)
                let length = Int.random(in: 25...28, using: &generator)
                let start = UInt128(Int.random(in: 0...255, using: &generator))
                let address = try #require(whole.network.advanced(by: start))
                let wanted = CIDR(holding: address, prefix: length)
                if !taken.contains(where: { $0.overlaps(wanted) }), room.contains(wanted) { taken.append(wanted) }
            }
            for length in 25...28 {
                let blocks = stride(from: 0, to: 256, by: 1 << (32 - length)).compactMap { offset in
                    whole.network.advanced(by: UInt128(offset)).map { CIDR(holding: $0, prefix: length) }
                }
                let expected = blocks.first { block in !taken.contains { $0.overlaps(block) } }
                #expect(SubnetPoolAllocation(prefixes: [whole], taken: taken).firstFree(length: length) == expected)
            }
        }
    }

    @Test func `no statement about subnet pools reads a whole table`() throws {
        let recorder = StatementRecorder()
        let cloud = try TestCloud(recorder: recorder)
        let networking = cloud.networking
        let scope = try networking.createAddressScope(NewAddressScope(name: "s", version: .v4), as: TestCloud.alice)
        var new = NewSubnetPool(name: "p", prefixes: ["10.0.0.0/16"])
        new.addressScopeID = scope.id
        let pool = try networking.createSubnetPool(new, as: TestCloud.alice)
        var subnet = NewSubnet(name: "s", cidr: "")
        subnet.subnetPoolID = pool.id
        subnet.prefixLength = "24"
        _ = try networking.createNetwork(NewNetwork(name: "n"), subnet: subnet, as: TestCloud.alice)
        _ = try networking.subnetPools(as: TestCloud.alice)
        _ = try networking.addressScopes(as: TestCloud.alice)
        _ = try networking.updateSubnetPool(pool.id, SubnetPoolUpdate(), as: TestCloud.alice)
        let scans = try cloud.database.scans(in: recorder).filter { !$0.contains("jobs") && !$0.contains("migrations") }
        #expect(scans == [])
    }
}
