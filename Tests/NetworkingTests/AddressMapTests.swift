import ServiceCore
import Testing

@testable import Networking

@Suite struct AddressMapTests {
    let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    private func port(_ network: Network, _ address: String) throws -> Port {
        var new = NewPort(networkID: network.id)
        new.fixedIPs = [FixedIPInput(address: address)]
        return try cloud.networking.createPort(new, as: TestCloud.admin)
    }

    private func map(
        _ subnet: Subnet, _ stretch: String? = nil, as context: RequestContext = TestCloud.admin
    ) throws -> AddressMap {
        let stretch = stretch.flatMap { CIDR($0) }
        return try cloud.networking.addressUse(of: subnet.id, in: stretch, as: context).map
    }

    /// Adjoining, in order, of one size, and the whole of the stretch.
    private func expectCover(_ map: AddressMap) {
        #expect(map.cells.count <= 256)
        #expect(Set(map.cells.map(\.range.count)).count == 1)
        for cells in [map.cells, map.joined] {
            #expect(cells.first?.range.first == map.stretch.network)
            #expect(cells.last?.range.last == map.stretch.last)
            for (one, next) in zip(cells, cells.dropFirst()) {
                #expect(one.range.last.successor == next.range.first)
            }
        }
    }

    @Test func `a small subnet is drawn address by address`() throws {
        let (network, subnet) = try cloud.network(
            "192.168.56.0/24", pools: [PoolInput(start: "192.168.56.100", end: "192.168.56.200")], dhcp: true)
        let inside = try port(network, "192.168.56.107")
        _ = try port(network, "192.168.56.220")
        let map = try map(subnet)
        expectCover(map)
        #expect(map.isExact)
        #expect(map.cells.count == 256)
        #expect(
            map.joined.map { "\($0.range.first) \($0.use.rawValue)" } == [
                "192.168.56.0 reserved", "192.168.56.1 gateway", "192.168.56.2 outside_pools", "192.168.56.100 dhcp",
                "192.168.56.101 free", "192.168.56.107 allocated", "192.168.56.108 free",
                "192.168.56.201 outside_pools",
                "192.168.56.220 allocated_outside_pools", "192.168.56.221 outside_pools", "192.168.56.255 reserved",
            ])
        #expect(map.cells[107].holder?.portID == inside.id)
        #expect(map.cells.reduce(0) { $0 + $1.allocated } == 3)
        let tally = try cloud.networking.addressUse(of: subnet.id, as: TestCloud.admin).tally
        #expect(tally == AddressTally(pooled: 101, allocated: 2, outside: 1))
        #expect(tally.free == 99)
    }

    @Test func `a /8 stays small, and each of its cells can be looked into, down to the address`() throws {
        let (network, subnet) = try cloud.network(
            "10.0.0.0/8", pools: [PoolInput(start: "10.7.0.0", end: "10.7.3.255")])
        expectCover(try map(subnet))
        try cloud.networking.setQuotas(["port": -1], projectID: "admin-project", as: TestCloud.admin)
        for index in 0..<300 { _ = try port(network, "10.7.\(index % 3).\(index / 3 + 1)") }
        let whole = try map(subnet)
        expectCover(whole)
        #expect(!whole.isExact)
        #expect(whole.cells.reduce(0) { $0 + $1.allocated } == 300)
        #expect(whole.cells[7].use == .mixed)
        #expect(whole.cells[7].pooled == 1024)
        let block = try #require(whole.cells[7].block)
        #expect(block.description == "10.7.0.0/16")
        let part = try map(subnet, block.description)
        expectCover(part)
        #expect(part.cells[0...3].map(\.allocated) == [100, 100, 100, 0])
        #expect(part.cells[0...4].map(\.use) == [.mixed, .mixed, .mixed, .free, .outsidePools])
        let singles = try map(subnet, "10.7.2.0/24")
        #expect(singles.isExact)
        #expect(singles.cells.reduce(0) { $0 + $1.allocated } == 100)
        #expect(singles.trail.map(\.description) == ["10.0.0.0/8", "10.7.0.0/16", "10.7.2.0/24"])
        #expect(singles.cells[1].block == nil)
    }

    @Test(arguments: ["11.0.0.0/24", "0.0.0.0/0", "2001:db8::/64", "10.0.0.0/7"])
    func `a stretch that is not of the subnet is the whole subnet`(_ stretch: String) throws {
        let (_, subnet) = try cloud.network("10.0.0.0/16")
        #expect(try map(subnet, stretch).stretch == subnet.cidr)
    }

    @Test func `other projects see the use of a shared subnet but not whose it is`() throws {
        let (network, subnet) = try cloud.network(shared: true)
        _ = try port(network, "10.0.0.9")
        let taken = try #require(try map(subnet, as: TestCloud.bob).cells.first { $0.use == .allocated })
        #expect(taken.range.first == ip("10.0.0.9"))
        #expect(taken.holder?.portID.text == "")
    }

    @Test(arguments: [
        "10.0.0.4/32", "10.0.0.4/31", "10.0.0.4/30", "10.0.0.0/21", "2001:db8::/64", "2001:db8::1/128", "128.0.0.0/1",
    ])
    func `every size of subnet is covered`(_ cidr: String) throws {
        let (_, subnet) = try cloud.network(cidr)
        let map = try map(subnet)
        expectCover(map)
        #expect(map.trail == [subnet.cidr])
        if let block = map.cells.last?.block { expectCover(try self.map(subnet, block.description)) }
    }

    @Test(arguments: ["10.0.0.0/20", "2001:db8::/61"])
    func `the way down to a stretch has each map on it once`(_ cidr: String) throws {
        let (_, subnet) = try cloud.network(cidr)
        var shown = try map(subnet)
        while let block = shown.cells.last?.block { shown = try map(subnet, block.description) }
        #expect(shown.isExact)
        #expect(Set(shown.trail).count == shown.trail.count)
        #expect(shown.trail.first == subnet.cidr)
        #expect(shown.trail.last == shown.stretch)
    }
}
