import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct ListingTests {
    private func ports(_ count: Int, of cloud: TestCloud) throws -> Network {
        let network = try cloud.network("10.0.0.0/20", as: TestCloud.alice).network
        for index in 0..<count {
            var new = NewPort(networkID: network.id)
            new.name = "p\(index % 7)"
            new.fixedIPs = []
            _ = try cloud.networking.createPort(new, as: TestCloud.alice)
        }
        return network
    }

    @Test func `a list may be longer than a statement has variables`() throws {
        let cloud = try TestCloud()
        let network = try ports(2, of: cloud)
        try cloud.networking.addTag("x", to: .network(network.id), as: TestCloud.alice)
        let ids = (0..<40_000).map { "no-\($0)" } + [network.id.text]
        #expect(try cloud.networking.tags(ofVisible: ids) == [network.id.text: ["x"]])
        let listing = Listing([.init("id", ids), .init("name", ids + ["net"])])
        #expect(try cloud.networking.networks(listing, as: TestCloud.alice).map(\.id) == [network.id])
    }

    @Test func `a list takes the same number of statements however long it is`() throws {
        var configuration = NetworkingConfiguration()
        configuration.portQuota = -1
        func statements(_ count: Int, _ listing: Listing) throws -> Int {
            let recorder = StatementRecorder()
            let cloud = try TestCloud(configuration, recorder: recorder)
            _ = try ports(count, of: cloud)
            let before = recorder.statements
            _ = try cloud.networking.ports(listing, as: TestCloud.alice)
            return Set(recorder.statements).subtracting(before).count
        }
        for listing in [Listing(), Listing([], stretch: .init(limit: 1000)), Listing([.init("name", ["p1", "p2"])])] {
            let few = try statements(3, listing)
            #expect(try statements(200, listing) == few && few <= 6)
        }
    }

    @Test func `a list by an attribute with an index reads no table`() throws {
        let recorder = StatementRecorder()
        let cloud = try TestCloud(recorder: recorder)
        let network = try ports(3, of: cloud)
        let port = try cloud.networking.ports(as: TestCloud.alice)[0]
        _ = try cloud.networking.ports(Listing([.init("network_id", [network.id.text])]), as: TestCloud.alice)
        _ = try cloud.networking.ports(Listing([.init("device_id", ["vm"])]), as: TestCloud.admin)
        _ = try cloud.networking.ports(Listing([.init("id", [port.id.text])]), as: TestCloud.admin)
        _ = try cloud.networking.subnets(Listing([.init("network_id", [network.id.text])]), as: TestCloud.admin)
        _ = try cloud.networking.securityGroupRules(
            Listing([.init("security_group_id", [port.securityGroupIDs[0].text])]), as: TestCloud.admin)
        let scans = try cloud.database.scans(in: recorder).filter { !$0.contains("jobs") && !$0.contains("migrations") }
        #expect(scans == [])
    }

    @Test func `stretches follow each other without a gap, whatever decides the order`() throws {
        let cloud = try TestCloud()
        _ = try ports(23, of: cloud)
        for key in ["name", "id", "mac_address", "created_at", "binding:vnic_type"] {
            for isDescending in [false, true] {
                let sort = [Listing.SortKey(key, isDescending: isDescending)]
                let all = try cloud.networking.ports(Listing(sort: sort), as: TestCloud.alice).map(\.id)
                var walked: [ID<Port>] = []
                while true {
                    let stretch = Listing.Stretch(limit: 4, marker: walked.last?.text)
                    let next = try cloud.networking.ports(Listing(sort: sort, stretch: stretch), as: TestCloud.alice)
                    if next.isEmpty { break }
                    walked += next.map(\.id)
                }
                #expect(walked == all && walked.count == 23)
                let stretch = Listing.Stretch(limit: 4, marker: walked[10].text, isBackward: true)
                let back = try cloud.networking.ports(Listing(sort: sort, stretch: stretch), as: TestCloud.alice)
                #expect(back.map(\.id) == Array(walked[6..<10]))
            }
        }
    }

    @Test func `a marker that cannot be seen is none, and what only administrators know is not filtered by`() throws {
        let cloud = try TestCloud()
        let network = try cloud.network(as: TestCloud.alice).network
        let listing = Listing(stretch: .init(limit: 2, marker: network.id.text))
        #expect(refusal { try cloud.networking.networks(listing, as: TestCloud.bob) }?.kind == .notFound)
        let secret = Listing([.init("binding:host_id", ["h"])])
        #expect(refusal { try cloud.networking.ports(secret, as: TestCloud.alice) }?.kind == .forbidden)
        #expect(try cloud.networking.ports(secret, as: TestCloud.admin).isEmpty)
        let unknown = Listing([.init("colour'; DROP TABLE ports --", ["x"])])
        #expect(refusal { try cloud.networking.ports(unknown, as: TestCloud.alice) }?.code == "unknown_filter")
        let quoted = Listing([.init("name", ["'; DROP TABLE ports --"])])
        #expect(try cloud.networking.ports(quoted, as: TestCloud.alice).isEmpty)
    }

    @Test func `of several, all are made or none`() throws {
        let cloud = try TestCloud()
        var bad = NewNetwork(name: "b")
        bad.mtu = "1"
        #expect(
            refusal { try cloud.networking.createNetworks([NewNetwork(name: "a"), bad], as: TestCloud.alice) }?.kind
                == .invalid)
        #expect(try cloud.networking.networks(Listing(), as: TestCloud.alice).isEmpty)
        let both = try cloud.networking.createNetworks(
            [NewNetwork(name: "a"), NewNetwork(name: "b")], as: TestCloud.alice)
        #expect(both.map(\.name) == ["a", "b"])
    }
}

@Suite struct SelfConfiguredAddressTests {
    private let cloud: TestCloud
    private let network: Network

    init() throws {
        cloud = try TestCloud()
        network = try cloud.networking.createNetwork(NewNetwork(name: "six"), as: TestCloud.alice)
    }

    private func subnet(_ cidr: String, _ mode: IPv6AddressMode?) throws -> Subnet {
        var new = NewSubnet(name: cidr, cidr: cidr)
        new.ipv6Mode = mode
        return try cloud.networking.createSubnet(new, on: network.id, as: TestCloud.alice)
    }

    @Test(arguments: IPv6AddressMode.allCases)
    func `every pair of modes is stored, and read as neutron's two attributes`(mode: IPv6AddressMode) throws {
        let made = try subnet("2001:db8::/64", mode)
        let read = try cloud.networking.subnet(made.id, as: TestCloud.alice)
        #expect(read.ipv6Mode == mode)
        let parts = [mode.routerAdvertisement ?? "none", mode.address ?? "none"]
        #expect(parts.joined(separator: "/") == mode.rawValue)
    }

    @Test func `a port has an address of every subnet where guests make their own, and one of the others`() throws {
        let own = try subnet("2001:db8:1::/64", .slaac)
        let given = try subnet("2001:db8:2::/64", .stateful)
        let other = try subnet("2001:db8:3::/64", .statefulOutside)
        let port = try cloud.networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        let subnets = Set(port.fixedIPs.map(\.subnetID))
        #expect(subnets.contains(own.id) && subnets.count == 2)
        #expect(subnets.contains(given.id) != subnets.contains(other.id))
    }

    @Test func `such a subnet can go while ports have addresses of it, and takes them along`() throws {
        let own = try subnet("2001:db8:1::/64", .slaac)
        let port = try cloud.networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        #expect(port.fixedIPs.count == 1)
        try cloud.networking.deleteSubnet(own.id, as: TestCloud.alice)
        let left = try cloud.networking.port(port.id, as: TestCloud.alice)
        #expect(left.fixedIPs.isEmpty && left.revision > port.revision)
        let given = try subnet("2001:db8:2::/64", .stateful)
        _ = try cloud.networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        #expect(
            refusal { try cloud.networking.deleteSubnet(given.id, as: TestCloud.alice) }?.code == "subnet_in_use")
    }

    @Test func `an external network takes the floating IPs along that lead nowhere`() throws {
        let outside = try cloud.externalNetwork()
        let floatingIP = try cloud.networking.createFloatingIP(
            NewFloatingIP(networkID: outside.id), as: TestCloud.alice)
        try cloud.networking.deleteNetwork(outside.id, as: TestCloud.admin)
        #expect(refusal { try cloud.networking.floatingIP(floatingIP.id, as: TestCloud.alice) }?.kind == .notFound)
    }
}
