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

    /// Adjoining, in order, and the whole of the CIDR.
    private func expectCover(_ map: AddressMap) {
        #expect(map.segments.count <= AddressMap.segmentLimit)
        #expect(map.segments.first?.range.first == map.cidr.network)
        #expect(map.segments.last?.range.last == map.cidr.last)
        for (one, next) in zip(map.segments, map.segments.dropFirst()) {
            #expect(one.range.last.successor == next.range.first)
        }
    }

    @Test func `a small subnet is drawn address by address`() throws {
        let (network, subnet) = try cloud.network(
            "192.168.56.0/24", pools: [PoolInput(start: "192.168.56.100", end: "192.168.56.200")], dhcp: true)
        let inside = try port(network, "192.168.56.107")
        _ = try port(network, "192.168.56.220")
        let map = try cloud.networking.addressUse(of: subnet.id, as: TestCloud.admin)
        expectCover(map)
        #expect(map.isExact)
        #expect(
            map.segments.map { "\($0.range.first) \($0.use.rawValue)" } == [
                "192.168.56.0 reserved", "192.168.56.1 gateway", "192.168.56.2 outside_pools", "192.168.56.100 dhcp",
                "192.168.56.101 free", "192.168.56.107 allocated", "192.168.56.108 free",
                "192.168.56.201 outside_pools",
                "192.168.56.220 allocated_outside_pools", "192.168.56.221 outside_pools", "192.168.56.255 reserved",
            ])
        #expect(map.segments[5].holder?.portID == inside.id)
        #expect(map.segments.reduce(0) { $0 + $1.allocated } == 3)
    }

    @Test func `a /8 stays small, empty or crowded`() throws {
        let (network, subnet) = try cloud.network("10.0.0.0/8")
        let empty = try cloud.networking.addressUse(of: subnet.id, as: TestCloud.admin)
        expectCover(empty)
        #expect(empty.isExact)
        #expect(empty.segments.count == 4)
        try cloud.networking.setQuotas(["port": -1], projectID: "admin-project", as: TestCloud.admin)
        for index in 0..<300 { _ = try port(network, "10.\(index % 250).\(index / 250).\(index % 200 + 5)") }
        let crowded = try cloud.networking.addressUse(of: subnet.id, as: TestCloud.admin)
        expectCover(crowded)
        #expect(!crowded.isExact)
        #expect(crowded.segments.reduce(0) { $0 + $1.allocated } == 300)
        #expect(crowded.segments.contains { $0.use == .mixed })
    }

    @Test func `other projects see the use of a shared subnet but not whose it is`() throws {
        let (network, subnet) = try cloud.network(shared: true)
        _ = try port(network, "10.0.0.9")
        let map = try cloud.networking.addressUse(of: subnet.id, as: TestCloud.bob)
        let taken = try #require(map.segments.first { $0.use == .allocated })
        #expect(taken.range.first == ip("10.0.0.9"))
        #expect(taken.holder?.portID.text == "")
    }

    @Test(arguments: ["10.0.0.4/32", "10.0.0.4/31", "10.0.0.4/30", "2001:db8::/64", "2001:db8::1/128", "128.0.0.0/1"])
    func `every size of subnet is covered`(_ cidr: String) throws {
        let (_, subnet) = try cloud.network(cidr)
        expectCover(try cloud.networking.addressUse(of: subnet.id, as: TestCloud.admin))
        let slices = AddressMap(inSlices: subnet) { _ in 0 }
        expectCover(slices)
    }
}
