import ComputeHost
import TestSupport
import Testing

@testable import LibvirtHost

/// Routers between networks of namespaces: an external one with 203.0.113.1 on it, and one or two inside.
@Suite(.enabled(if: PacketLab.missing == nil, "\(PacketLab.missing ?? "")"))
struct RouterTests {
    /// A router with what it joins, and who is on the networks.
    final class Site {
        let lab: PacketLab
        let state: TemporaryDirectory
        let routers: Routers
        var router: RouterSpec
        let outside: NetworkNamespace
        let inside: NetworkNamespace
        let other: NetworkNamespace

        private static func network(_ number: Int) -> NetworkSpec {
            NetworkSpec(networkID: "5\(number)b9ef50-354b-457b-8ea2-8498ec64835b", subnets: [])
        }

        static func port(_ number: Int, on network: Int, _ addresses: FixedAddress...) -> PortSpec {
            PortSpec(
                portID: "7\(number)790b22-2900-4000-8000-000000000001", networkID: Self.network(network).networkID,
                instanceID: "", macAddress: "fa:16:3e:00:01:0\(number)", fixedIPs: addresses)
        }

        static func address(_ text: String, _ prefix: Int = 24, gateway: String? = nil) -> FixedAddress {
            FixedAddress(subnetID: "s", address: text, prefixLength: prefix, gateway: gateway)
        }

        init() throws {
            lab = try PacketLab()
            let id = "8\(Int.random(in: 1_000_000...9_999_999))-0000-4000-8000-000000000001"
            router = RouterSpec(
                routerID: id,
                interfaces: [
                    Self.port(1, on: 1, Self.address("10.0.0.1"), Self.address("2001:db8:1::1", 64)),
                    Self.port(2, on: 2, Self.address("10.0.1.1"), Self.address("2001:db8:2::1", 64)),
                ], gateway: Self.port(3, on: 3, Self.address("203.0.113.2", gateway: "203.0.113.1")))
            for number in 1...3 { try lab.add(Self.network(number)) }
            (inside, other, outside) = (
                try lab.outside(of: Self.network(1)).namespace, try lab.outside(of: Self.network(2)).namespace,
                try lab.outside(of: Self.network(3)).namespace
            )
            try Self.settle(inside, "10.0.0.11", "10.0.0.1", "2001:db8:1::11", "2001:db8:1::1")
            try Self.settle(other, "10.0.1.11", "10.0.1.1", "2001:db8:2::11", "2001:db8:2::1")
            try outside.change(["address add 203.0.113.1/24 dev eth0", "route add 10.0.0.0/8 via 203.0.113.2"])
            state = try TemporaryDirectory()
            routers = Routers(namespace: lab.host, mark: "daybreak:test", directory: state.path)
            try routers.apply(router)
        }

        private static func settle(
            _ guest: NetworkNamespace, _ four: String, _ gateway: String, _ six: String, _ gatewaySix: String
        ) throws {
            try guest.inside { () throws(HostError) in
                for (name, value) in [("accept_dad", 0), ("accept_ra", 0), ("disable_ipv6", 0)] {
                    try Sysctl.set("net/ipv6/conf/eth0/\(name)", to: value)
                }
            }
            try guest.change([
                // All "guests" of the lab have one MAC address; behind a router that makes no difference.
                "address add \(four)/24 dev eth0", "address add \(six)/64 dev eth0 nodad",
                "route add default via \(gateway)", "route add default via \(gatewaySix)",
            ])
        }

        deinit { try? routers.remove(routerID: router.routerID) }

        /// Says something and returns what the receiver took for the sender's address; nil when it did not arrive.
        func source(
            from sender: NetworkNamespace, to address: String, at receiver: NetworkNamespace, expected: Bool = true
        ) throws -> String? {
            let ear = try LabSocket(in: receiver, port: 5_000)
            let mouth = try LabSocket(in: sender)
            mouth.send("hello", to: address, port: 5_000)
            guard let heard = ear.receive(milliseconds: expected ? 2_000 : 100) else { return nil }
            // The answer must find its way back, from whom was spoken to.
            ear.send("welcome", to: heard.address, port: heard.port)
            let answer = mouth.receive()
            #expect(answer?.text == "welcome" && answer?.address == address)
            return heard.address
        }

        func floating(_ address: String, _ fixed: String) -> RouterSpec.FloatingIP {
            RouterSpec.FloatingIP(floatingIPID: "f", floatingAddress: address, fixedAddress: fixed)
        }
    }

    @Test func `guests go out under the gateway's address, and reach each other's networks under their own`() throws {
        let site = try Site()
        #expect(try site.source(from: site.inside, to: "203.0.113.1", at: site.outside) == "203.0.113.2")
        #expect(try site.source(from: site.inside, to: "10.0.1.11", at: site.other) == "10.0.0.11")
        let ping = site.inside.command("busybox", ["ping", "-6", "-c", "1", "-W", "2", "2001:db8:2::11"])
        #expect(try CommandRunner().run(ping).succeeded)
        site.router.enableSNAT = false
        try site.routers.apply(site.router)
        #expect(try site.source(from: site.inside, to: "203.0.113.1", at: site.outside) == "10.0.0.11")
    }

    @Test func `a floating IP reaches its guest, which goes out under it`() throws {
        let site = try Site()
        #expect(try site.source(from: site.outside, to: "203.0.113.10", at: site.inside, expected: false) == nil)
        site.router.floatingIPs = [
            site.floating("203.0.113.10", "10.0.0.11"), site.floating("203.0.113.11", "10.0.1.11"),
        ]
        try site.routers.apply(site.router)
        #expect(try site.source(from: site.outside, to: "203.0.113.10", at: site.inside) == "203.0.113.1")
        #expect(try site.source(from: site.inside, to: "203.0.113.1", at: site.outside) == "203.0.113.10")
        #expect(try site.source(from: site.other, to: "203.0.113.1", at: site.outside) == "203.0.113.11")
        // From inside, by the address outside.
        #expect(try site.source(from: site.inside, to: "203.0.113.11", at: site.other) == "203.0.113.2")
        #expect(try site.source(from: site.inside, to: "203.0.113.10", at: site.inside) == "203.0.113.2")
    }

    @Test func `a floating IP that is taken away ends the conversations that it had`() throws {
        let site = try Site()
        site.router.floatingIPs = [site.floating("203.0.113.10", "10.0.0.11")]
        try site.routers.apply(site.router)
        let guest = try LabSocket(in: site.inside, port: 6_000)
        let peer = try LabSocket(in: site.outside, port: 6_000)
        peer.send("one", to: "203.0.113.10", port: 6_000)
        #expect(guest.receive()?.text == "one")
        let caller = try LabSocket(in: site.inside, port: 7_000)
        caller.send("mine", to: "203.0.113.1", port: 6_000)
        #expect(peer.receive()?.address == "203.0.113.10")
        site.router.floatingIPs = [site.floating("203.0.113.10", "10.0.1.11")]
        try site.routers.apply(site.router)
        peer.send("two", to: "203.0.113.10", port: 6_000)
        #expect(guest.receive(milliseconds: 100) == nil)
        caller.send("two", to: "203.0.113.1", port: 6_000)
        #expect(peer.receive(milliseconds: 100) == nil)
        #expect(try site.source(from: site.inside, to: "203.0.113.1", at: site.outside) == "203.0.113.2")
    }

    @Test func `the neighbours of a floating IP hear of it at once`() throws {
        let site = try Site()
        let listener = try LabGuest(namespace: site.outside, mac: LabGuest.outsideMAC)
        listener.forget()
        site.router.floatingIPs = [site.floating("203.0.113.10", "10.0.0.11")]
        try site.routers.apply(site.router)
        let gateway = try #require(site.router.gateway)
        var announcement = Frame(
            from: gateway.macAddress, to: "ff:ff:ff:ff:ff:ff", type: 0x0806,
            [0, 1, 8, 0, 6, 4, 0, 1] + mac(gateway.macAddress) + address("203.0.113.10") + [0, 0, 0, 0, 0, 0]
                + address("203.0.113.10"))
        #expect(listener.sees(announcement, within: 2))
        // Not again when nothing has changed.
        listener.forget()
        try site.routers.apply(site.router)
        announcement.bytes[21] = 2
        #expect(!listener.sees(announcement, within: 0.05))
    }

    @Test func `the neighbours of an IPv6 address hear of it at once`() throws {
        let site = try Site()
        let listener = try LabGuest(namespace: site.inside, mac: LabGuest.outsideMAC)
        listener.forget()
        site.router.interfaces[0].fixedIPs.append(Site.address("2001:db8:9::1", 64))
        try site.routers.apply(site.router)
        let port = site.router.interfaces[0]
        let announcement = Packet(
            sourceMAC: port.macAddress, destinationMAC: "33:33:00:00:00:01", source: "2001:db8:9::1",
            destination: "ff02::1",
            load: .message(type: 136, [0xa0, 0, 0, 0] + address("2001:db8:9::1") + [2, 1] + mac(port.macAddress)))
        #expect(listener.sees(announcement.frame, within: 2))
    }

    @Test func `a way out that is on no subnet of the router's is taken for a neighbour`() throws {
        let site = try Site()
        site.router.gateway?.fixedIPs = [
            Site.address("203.0.113.2", gateway: "203.0.113.1"),
            Site.address("2001:db8:ff::2", 64, gateway: "fe80::1"),
        ]
        try site.routers.apply(site.router)
        #expect(try site.routers.apply(site.router).isEmpty)
        let inside = NetworkNamespace(site.router.namespace)
        let way = try #require(try Routers.routes(in: inside).first { $0.gateway == "fe80::1" })
        #expect(way.dst == "default" && way.dev == "qg-73790b22-29")
    }

    @Test func `a router may be applied again and again, and is mended`() throws {
        let site = try Site()
        site.router.floatingIPs = [site.floating("203.0.113.10", "10.0.0.11")]
        site.router.routes = [RouteSpec(destination: "198.51.100.0/24", nextHop: "10.0.1.11")]
        #expect(try !site.routers.apply(site.router).isEmpty)
        #expect(try site.routers.apply(site.router).isEmpty)
        let inside = NetworkNamespace(site.router.namespace)
        #expect(try Routers.routes(in: inside).contains(RouterPlan.Route(dst: "198.51.100.0/24", gateway: "10.0.1.11")))
        let injuries: [(NetworkNamespace, [String])] = [
            (inside, ["address delete 203.0.113.10/32 dev qg-73790b22-29"]),
            (inside, ["address delete 10.0.0.1/24 dev qr-71790b22-29"]),
            (inside, ["route delete default"]), (inside, ["route delete 198.51.100.0/24"]),
            (inside, ["route add 192.0.2.0/24 via 10.0.1.12 proto static"]),
            (inside, ["link set dev qg-73790b22-29 down"]), (inside, ["link delete dev qr-71790b22-29"]),
            (site.lab.host, ["link set dev tap73790b22-29 nomaster"]),
            (site.lab.host, ["link set dev tap73790b22-29 down"]),
        ]
        for (namespace, orders) in injuries {
            try namespace.change(orders)
            #expect(try !site.routers.apply(site.router).isEmpty, "\(orders)")
            #expect(try site.routers.apply(site.router).isEmpty, "\(orders)")
            #expect(try site.source(from: site.outside, to: "203.0.113.10", at: site.inside) != nil, "\(orders)")
        }
        try CommandRunner().succeed(inside.command("nft", ["flush", "chain", "ip", "router", "prerouting"]))
        #expect(try site.routers.apply(site.router) == ["nft rules of \(site.router.namespace)"])
    }

    @Test func `what a router loses goes, and so does it, without a trace`() throws {
        let site = try Site()
        site.router.routes = [RouteSpec(destination: "198.51.100.0/24", nextHop: "10.0.1.11")]
        try site.routers.apply(site.router)
        site.router.routes = []
        site.router.gateway = nil
        site.router.interfaces.removeLast()
        try site.routers.apply(site.router)
        let inside = NetworkNamespace(site.router.namespace)
        #expect(try inside.links().all.map(\.name) == ["lo", "qr-71790b22-29"])
        #expect(try Routers.routes(in: inside).filter(\.isStatic).isEmpty)
        #expect(try site.lab.host.links()["tap73790b22-29"] == nil)
        site.router.adminStateUp = false
        try site.routers.apply(site.router)
        #expect(!inside.exists)
        #expect(try site.lab.host.links().all.filter { $0.name.hasPrefix("tap") }.isEmpty)
        try site.routers.remove(routerID: site.router.routerID)
        site.router.adminStateUp = true
        try site.routers.apply(site.router)
        try site.routers.removeUnused(keeping: [site.router.routerID])
        #expect(inside.exists)
        // The routers of other installations, or of another test, are not ours.
        let others = Routers(
            namespace: site.lab.host, mark: "daybreak:another", directory: site.state.path + "/another")
        try others.removeUnused(keeping: [])
        #expect(inside.exists)
        try others.remove(routerID: site.router.routerID)
        #expect(inside.exists)
        #expect(throws: HostError.self) { try others.apply(site.router) }
    }

    @Test func `a router waits for its networks' bridges`() throws {
        let site = try Site()
        site.router.interfaces.append(Site.port(4, on: 4, Site.address("10.0.4.1")))
        #expect { try site.routers.apply(site.router) } throws: { ($0 as? HostError)?.isTransient == true }
    }

    @Test(arguments: ["", "10.0.0.1; }", "10.0.0.1 dev lo", "::1%lo", "10.0.0.1\nlink set dev lo down"])
    func `what is no address never becomes part of an order`(_ bad: String) {
        let changes: [(inout RouterSpec) -> Void] = [
            { $0.interfaces[0].fixedIPs[0].address = bad }, { $0.interfaces[0].macAddress = bad },
            { $0.interfaces[0].portID = bad }, { $0.interfaces[0].networkID = bad }, { $0.routerID = bad },
            { $0.interfaces[0].fixedIPs[0].gateway = bad },
            { $0.routes = [RouteSpec(destination: bad, nextHop: "10.0.0.1")] },
            { $0.routes = [RouteSpec(destination: "10.0.0.0/8", nextHop: bad)] },
            { $0.floatingIPs = [.init(floatingIPID: "f", floatingAddress: bad, fixedAddress: "10.0.0.1")] },
            { $0.floatingIPs = [.init(floatingIPID: "f", floatingAddress: "10.0.0.1", fixedAddress: bad)] },
        ]
        for change in changes {
            var router = RouterSpec(
                routerID: "80000000-0000-4000-8000-000000000001",
                interfaces: [Site.port(1, on: 1, Site.address("10.0.0.1"))])
            change(&router)
            #expect(throws: HostError.self) { try router.check() }
        }
    }
}
