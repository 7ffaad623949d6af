import ComputeHost
import Foundation
import Testing

@testable import LibvirtHost

/// The decisions alone, for what this machine's kernel may not have.
struct NetworkPlanTests {
    private static let network = "33b9ef50-354b-457b-8ea2-8498ec64835b"

    private func links(_ json: String = "") throws -> LinkTable {
        LinkTable(try JSONDecoder().decode([Link].self, from: Data("[\(json)]".utf8)))
    }

    private func link(
        _ name: String, kind: String, alias: String = "daybreak:us", master: String? = nil, link: String? = nil,
        id: Int? = nil
    ) -> String {
        let more = [master.map { "\"master\": \"\($0)\"," }, link.map { "\"link\": \"\($0)\"," }].compactMap { $0 }
            .joined()
        let data = id.map { "\"id\": \($0)" } ?? "\"stp_state\": 0, \"forward_delay\": 0"
        return """
            {"ifname": "\(name)", "flags": ["UP"], "mtu": 1500, "ifalias": "\(alias)", \(more)
             "linkinfo": {"info_kind": "\(kind)", "info_data": {\(data)}}, "addr_info": []}
            """
    }

    private let nic = """
        {"ifname": "eth1", "flags": [], "mtu": 1500, "addr_info": [{"local": "192.0.2.7", "prefixlen": 24, "scope": "global"}]}
        """

    private func plan(_ mappings: [String: String] = ["physnet1": "eth1"], tunnel: String? = nil) -> BridgePlan {
        BridgePlan(mark: "daybreak:us", uplinks: Uplinks(mappings: mappings, tunnelAddress: tunnel))
    }

    private func network(_ segment: SegmentSpec) -> NetworkSpec {
        var network = NetworkSpec(networkID: Self.network, subnets: [])
        network.segment = segment
        return network
    }

    @Test func `a VLAN is an interface on the physical one, in the bridge`() throws {
        let orders = try plan().orders(
            for: network(.vlan(physicalNetwork: "physnet1", id: 1001)), in: try links(nic))
        #expect(
            orders.suffix(4) == [
                "link add link eth1 name eth1.1001 type vlan id 1001",
                "link set dev eth1.1001 alias daybreak:us addrgenmode none",
                "link set dev eth1.1001 master brq33b9ef50-35 up", "link set dev eth1 up",
            ])
        #expect(Uplinks.vlanName("enp0s31f6s0d123", 4094) == "enp0s31f6s.4094")
    }

    @Test func `a VLAN that is right is left alone, and one with another number is made anew`() throws {
        let wanted = network(.vlan(physicalNetwork: "physnet1", id: 1001))
        let bridge = link("brq33b9ef50-35", kind: "bridge")
        let up = nic.replacing("\"flags\": []", with: "\"flags\": [\"UP\"]")
        let right = link("eth1.1001", kind: "vlan", master: "brq33b9ef50-35", link: "eth1", id: 1001)
        #expect(try plan().orders(for: wanted, in: try links([up, bridge, right].joined(separator: ","))).isEmpty)
        let wrong = link("eth1.1001", kind: "vlan", master: "brq33b9ef50-35", link: "eth1", id: 7)
        let orders = try plan().orders(for: wanted, in: try links([up, bridge, wrong].joined(separator: ",")))
        #expect(
            orders.prefix(2) == ["link delete dev eth1.1001", "link add link eth1 name eth1.1001 type vlan id 1001"])
        let foreign = link("eth1.1001", kind: "vlan", alias: "", link: "eth1", id: 1001)
        #expect(throws: HostError.self) {
            try plan().orders(for: wanted, in: try links([up, bridge, foreign].joined(separator: ",")))
        }
    }

    @Test func `a VXLAN starts from the address of the settings, and without one the network ends at the host`() throws
    {
        let wanted = network(.vxlan(vni: 77))
        let orders = try plan(tunnel: "192.0.2.7").orders(for: wanted, in: try links(nic))
        #expect(
            orders.contains(
                "link add name vxlan-77 type vxlan id 77 dstport 8472 local 192.0.2.7 group 224.0.0.1 dev eth1"))
        #expect(try plan().orders(for: wanted, in: try links(nic)).count == 3)
        #expect(throws: HostError.self) { try plan(tunnel: "192.0.2.8").orders(for: wanted, in: try links(nic)) }
    }

    @Test func `a physical network without an interface is refused with the setting's name`() throws {
        let error = #expect(throws: HostError.self) {
            try plan([:]).orders(for: network(.flat(physicalNetwork: "physnet1")), in: try links())
        }
        #expect(error?.remedy?.contains("PHYSICAL_INTERFACE_MAPPINGS") == true)
        #expect(throws: HostError.self) {
            try plan(["physnet1": "eth9"]).orders(for: network(.flat(physicalNetwork: "physnet1")), in: try links(nic))
        }
    }

    @Test func `removing a bridge takes its uplink and cable away, and lets physical interfaces go`() throws {
        let bridge = "brq33b9ef50-35"
        let table = try links(
            [
                link(bridge, kind: "bridge"), link("eth1", kind: "veth", alias: "", master: bridge),
                link("eth1.7", kind: "vlan", master: bridge, link: "eth1", id: 7),
                link("tapaaaaaaaa-aa", kind: "veth", master: bridge),
                link("tapguest", kind: "tun", alias: "", master: bridge), link("eth2", kind: "veth", alias: ""),
            ].joined(separator: ","))
        #expect(
            plan().removal(ofBridge: bridge, in: table) == [
                "link set dev eth1 nomaster", "link delete dev eth1.7", "link delete dev tapaaaaaaaa-aa",
                "link delete dev \(bridge)",
            ])
    }

    @Test func `dnsmasq's options are neutron's`() throws {
        var network = NetworkSpec(networkID: Self.network, subnets: [])
        let subnetID = "5c242396-3c7b-4bc6-bec1-3df8eb57d53d"
        network.subnets = [
            SubnetSpec(subnetID: subnetID, cidr: "192.168.56.0/24", gateway: "192.168.56.2", enableDHCP: true)
        ]
        func port(_ address: String, _ mac: String) -> PortSpec {
            PortSpec(
                portID: "d605dd99-5261-4f4e-9c3e-1a2b3c4d5e6f", networkID: Self.network, instanceID: "",
                macAddress: mac,
                fixedIPs: [FixedAddress(subnetID: subnetID, address: address, prefixLength: 24)])
        }
        var guest = port("192.168.56.108", "fa:16:3e:1a:06:90")
        guest.hostname = "web;rm"
        network.ports = [guest, port("192.168.56.109", "fa:16:3e:1a:06:91")]
        let plan = DnsmasqPlan(
            network, port: port("192.168.56.100", "fa:16:3e:a1:e7:54"), directory: "/d", user: "nobody")
        #expect(plan.arguments.contains("--dhcp-range=set:subnet-\(subnetID),192.168.56.0,static,255.255.255.0,86400s"))
        #expect(plan.arguments.contains("--interface=ns-d605dd99-52"))
        #expect(!plan.arguments.contains("--enable-ra"))
        #expect(
            plan.files["host"] == """
                fa:16:3e:1a:06:90,host-192-168-56-108.openstacklocal,192.168.56.108
                fa:16:3e:1a:06:91,host-192-168-56-109.openstacklocal,192.168.56.109

                """)
        #expect(
            plan.files["opts"] == """
                tag:subnet-\(subnetID),option:dns-server,192.168.56.100
                tag:subnet-\(subnetID),option:classless-static-route,169.254.169.254/32,192.168.56.100,0.0.0.0/0,192.168.56.2
                tag:subnet-\(subnetID),249,169.254.169.254/32,192.168.56.100,0.0.0.0/0,192.168.56.2
                tag:subnet-\(subnetID),option:router,192.168.56.2

                """)
    }

    @Test func `what single ports are told is told by their tags`() throws {
        var network = NetworkSpec(networkID: Self.network, subnets: [])
        network.subnets = [
            SubnetSpec(subnetID: "four", cidr: "192.168.56.0/24", gateway: "192.168.56.2", enableDHCP: true),
            SubnetSpec(subnetID: "six", cidr: "2001:db8::/64", gateway: nil, enableDHCP: true),
        ]
        network.subnets[1].ipv6Mode = .stateless
        func port(_ id: String, _ four: String, _ six: String, _ mac: String) -> PortSpec {
            PortSpec(
                portID: id, networkID: Self.network, instanceID: "", macAddress: mac,
                fixedIPs: [
                    FixedAddress(subnetID: "four", address: four, prefixLength: 24),
                    FixedAddress(subnetID: "six", address: six, prefixLength: 64),
                ])
        }
        var guest = port("p1", "192.168.56.108", "2001:db8::8", "fa:16:3e:1a:06:90")
        guest.dhcpOptions = [
            DHCPOptionSpec(name: "bootfile-name", value: "pxelinux.0"), DHCPOptionSpec(name: "150", value: "192.0.2.1"),
            DHCPOptionSpec(name: "tag:ipxe,67", value: "http://192.0.2.1/boot"), DHCPOptionSpec(name: "router", value: ""),
            DHCPOptionSpec(name: "domain-search", value: "example.org", isIPv6: true),
            DHCPOptionSpec(name: "59", value: "tftp://boot", isIPv6: true),
        ]
        network.ports = [guest, port("p2", "192.168.56.109", "2001:db8::9", "fa:16:3e:1a:06:91")]
        let plan = DnsmasqPlan(
            network, port: port("d", "192.168.56.100", "2001:db8::1", "fa:16:3e:a1:e7:54"), directory: "/d",
            user: "nobody")
        #expect(
            plan.files["host"] == """
                fa:16:3e:1a:06:90,set:port-p1,host-192-168-56-108.openstacklocal,192.168.56.108
                fa:16:3e:1a:06:90,set:port-p1,[2001:db8::8]
                fa:16:3e:1a:06:91,host-192-168-56-109.openstacklocal,192.168.56.109

                """)
        #expect(
            plan.files["opts"]?.hasSuffix(
                """
                tag:port-p1,option:bootfile-name,pxelinux.0
                tag:port-p1,150,192.0.2.1
                tag:port-p1,tag:ipxe,67,http://192.0.2.1/boot
                tag:port-p1,option:router
                tag:port-p1,option6:domain-search,example.org
                tag:port-p1,option6:59,tftp://boot

                """) == true)
        network.subnets.removeLast()
        let four = DnsmasqPlan(
            network, port: port("d", "192.168.56.100", "2001:db8::1", "fa:16:3e:a1:e7:54"), directory: "/d",
            user: "nobody")
        #expect(four.files["opts"]?.contains("option6") == false)
    }

    @Test func `leases of addresses that are another guest's now are forgotten, all others kept`() {
        let leases = """
            1764231000 fa:16:3e:1a:06:90 192.168.56.108 host-192-168-56-108 01:fa:16:3e:1a:06:90
            1764231000 fa:16:3e:1a:06:91 192.168.56.109 host-192-168-56-109 *
            duid 00:01:00:01:2e
            1764231000 1234 2001:db8::5 host 00:01

            """
        #expect(DnsmasqServer.pruned(leases, ["192.168.56.108": "fa:16:3e:1a:06:90"]) == nil)
        let pruned = DnsmasqServer.pruned(leases, ["192.168.56.109": "fa:16:3e:1a:06:99"])
        #expect(pruned?.contains("192.168.56.109") == false)
        #expect(pruned?.split(separator: "\n").count == 3)
    }

    @Test func `what is missing for bridges is said with its cure`() {
        func decide(
            _ setting: HostNetworkSetting = .auto, _ namespace: String? = nil,
            mode: HypervisorChoice.Mode = .privateDaemon, uri: String = "qemu:///system", rights: Bool = true,
            without missing: String = ""
        ) -> NetworkChoice {
            let programs = Set(NetworkChoice.programs.map(\.name)).subtracting([missing])
            return NetworkChoice.decide(
                setting: setting, namespace: namespace, hypervisor: .stub(mode, uri: uri),
                facts: NetworkChoice.Facts(hasRights: rights, programs: programs))
        }
        #expect(decide().abilities == NetworkAbilities(bridges: true))
        #expect(decide(.auto, "cloud").abilities.namespace == "cloud")
        #expect(!decide(.user).abilities.bridges)
        #expect(
            decide(without: "dnsmasq").abilities.missing == [
                "The program dnsmasq is not installed: apt-get install dnsmasq-base"
            ])
        #expect(decide(rights: false).abilities.missing.first?.contains("root") == true)
        #expect(!decide(mode: .session).abilities.bridges)
        #expect(!decide(mode: .simulated).abilities.bridges)
        #expect(decide(mode: .configured).abilities.bridges)
        #expect(!decide(mode: .configured, uri: "test:///default").abilities.bridges)
        #expect(!decide(mode: .configured, uri: "qemu+ssh://node2/system").abilities.bridges)
        #expect(decide(.auto, "cloud", mode: .system).abilities.missing.first?.contains("LIBVIRT_URI") == true)
        #expect(NetworkChoice.Facts.hasRights("Name:\tx\nCapEff:\t000001ffffffffff\n"))
        #expect(!NetworkChoice.Facts.hasRights("CapEff:\t00000000a80425fb\n"))
        #expect(!NetworkChoice.Facts.hasRights(""))
    }
}
