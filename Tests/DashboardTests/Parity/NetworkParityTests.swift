import HTTP
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// The same work done with the dashboard's forms and with neutron's interface leaves the same rows.
@Suite struct `Forms and JSON of networks` {
    private static let api = "/networking/v2.0"
    private static let pages = "/dashboard/project/"

    private func networks(
        _ cloud: ParityCloud, pools: String = ""
    ) throws -> (form: (network: Network, subnet: Subnet), json: (network: Network, subnet: Subnet)) {
        let made = try cloud.both("network", id: { $0.network.id.text }) {
            try cloud.site.makeNetwork(pools: pools, as: $0.context)
        }
        cloud.both("subnet", id: { $0 }) {
            $0.name == cloud.form.name ? made.form.subnet.id.text : made.json.subnet.id.text
        }
        return made
    }

    @Test func `a network with a subnet`() throws {
        let cloud = try ParityCloud()
        let changes = try cloud.compare { browser in
            try browser.fill(
                Self.pages + "networks/create",
                [
                    "net_name": "blue", "mtu": "1400", "subnet_name": "sub", "cidr": " 10.20.0.0/24",
                    "gateway_ip": "10.20.0.254",
                    "allocation_pools": "10.20.0.100,10.20.0.200\r\n10.20.0.10, 10.20.0.20\r\n",
                    "dns_nameservers": "9.9.9.9\r\n8.8.8.8", "host_routes": "10.30.0.0/24,10.20.0.2",
                ])
        } json: { cloud in
            let network = cloud.work(
                .post, Self.api + "/networks", #"{"network": {"name": "blue", "mtu": 1400}}"#)["network.id"]
            cloud.work(
                .post, Self.api + "/subnets",
                """
                {"subnet": {"network_id": "\(network)", "ip_version": 4, "name": "sub", "cidr": "10.20.0.0/24",
                    "gateway_ip": "10.20.0.254",
                    "allocation_pools": [{"start": "10.20.0.100", "end": "10.20.0.200"},
                        {"start": "10.20.0.10", "end": "10.20.0.20"}],
                    "dns_nameservers": ["9.9.9.9", "8.8.8.8"],
                    "host_routes": [{"destination": "10.30.0.0/24", "nexthop": "10.20.0.2"}]}}
                """)
        }
        #expect(changes.filter { $0.hasPrefix("+ ipallocationpools:") }.count == 2)
    }

    @Test func `a network alone, and a subnet of IPv6 on it`() throws {
        let cloud = try ParityCloud()
        try cloud.compare { browser in
            try browser.fill(
                Self.pages + "networks/create", ["net_name": "six", "with_subnet": nil, "admin_state": nil])
            let network = try #require(
                try cloud.site.networking.networks(as: cloud.form.context).first { $0.name == "six" })
            try browser.fill(
                Self.pages + "networks/\(network.id)/subnets/create",
                [
                    "subnet_name": "s6", "cidr": "2001:db8::/64", "ip_version": "6", "ipv6_modes": "slaac/slaac",
                    "no_gateway": "on",
                ])
        } json: { cloud in
            let network = cloud.work(
                .post, Self.api + "/networks", #"{"network": {"name": "six", "admin_state_up": false}}"#)["network.id"]
            cloud.work(
                .post, Self.api + "/subnets",
                """
                {"subnet": {"network_id": "\(network)", "ip_version": 6, "name": "s6", "cidr": "2001:db8::/64",
                    "ipv6_ra_mode": "slaac", "ipv6_address_mode": "slaac", "gateway_ip": null}}
                """)
        }
    }

    @Test func `the allocation pools of a subnet, and then everything else of it`() throws {
        let cloud = try ParityCloud()
        let (typed, sent) = try networks(cloud, pools: "10.0.0.100,10.0.0.200")
        let page = Self.pages + "networks/\(typed.network.id)/subnets/\(typed.subnet.id)/update/"
        let path = Self.api + "/subnets/\(sent.subnet.id)"
        let changes = try cloud.compare {
            try $0.fill(page, ["allocation_pools": "10.0.0.10,10.0.0.20\r\n10.0.0.100,10.0.0.120\r\n"])
        } json: {
            $0.work(
                .put, path,
                """
                {"subnet": {"allocation_pools": [{"start": "10.0.0.10", "end": "10.0.0.20"},
                    {"start": "10.0.0.100", "end": "10.0.0.120"}]}}
                """)
        }
        #expect(changes.contains { $0.hasPrefix("+ ipallocationpools:") })
        try cloud.compare {
            try $0.fill(
                page,
                [
                    "subnet_name": "renamed", "gateway_ip": "10.0.0.254", "enable_dhcp": "on",
                    "dns_nameservers": "9.9.9.9", "host_routes": "10.9.0.0/16, 10.0.0.7\r\n",
                ])
        } json: {
            $0.work(
                .put, path,
                """
                {"subnet": {"name": "renamed", "gateway_ip": "10.0.0.254", "enable_dhcp": true,
                    "dns_nameservers": ["9.9.9.9"],
                    "host_routes": [{"destination": "10.9.0.0/16", "nexthop": "10.0.0.7"}]}}
                """)
        }
    }

    @Test func `a port with an address, its groups, and a pair of addresses`() throws {
        let cloud = try ParityCloud()
        let (typed, sent) = try networks(cloud)
        var port = ""
        try cloud.compare { browser in
            try browser.fill(
                Self.pages + "networks/\(typed.network.id)/ports/create",
                ["name": "door", "device_id": "box-7", "specify_ip": "fixed_ip", "fixed_ip": "10.0.0.77"])
        } json: { cloud in
            let json = #""name": "door", "device_id": "box-7", "fixed_ips": [{"ip_address": "10.0.0.77"}]"#
            port =
                cloud.work(
                    .post, Self.api + "/ports",
                    #"{"port": {"network_id": "\#(sent.network.id)", \#(json)}}"#)["port.id"]
        }
        let own = try #require(
            try cloud.site.networking.ports(as: cloud.form.context).first {
                $0.name == "door"
            }
        ).id.text
        cloud.both("port", id: { $0 }) { $0.name == cloud.form.name ? own : port }
        try cloud.compare {
            try $0.fill(
                Self.pages + "networks/ports/\(own)/addallowedaddresspairs", ["ip": "10.0.0.128/25"])
        } json: {
            $0.work(
                .put, Self.api + "/ports/\(port)",
                #"{"port": {"allowed_address_pairs": [{"ip_address": "10.0.0.128/25"}]}}"#)
        }
        try cloud.compare {
            try $0.fill(
                Self.pages + "networks/\(typed.network.id)/ports/\(own)/security_groups/", ["groups": nil])
        } json: {
            $0.work(.put, Self.api + "/ports/\(port)", #"{"port": {"security_groups": []}}"#)
        }
    }

    /// What is typed of a rule, and what is sent for it.
    private static let rules: [([String: String], String)] = [
        (["rule_menu": "ssh"], #""protocol": "tcp", "port_range_min": 22, "port_range_max": 22"#),
        (
            [
                "rule_menu": "udp", "port_or_range": "range", "from_port": "5000", "to_port": "5010",
                "cidr": "10.0.0.0/8", "direction": "egress", "description": "calls",
            ],
            """
            "protocol": "udp", "port_range_min": 5000, "port_range_max": 5010, "remote_ip_prefix": "10.0.0.0/8",
            "direction": "egress", "description": "calls"
            """
        ),
        (
            ["rule_menu": "icmp", "icmp_type": "8", "icmp_code": "0", "cidr": "::/0"],
            #""protocol": "icmp", "port_range_min": 8, "port_range_max": 0, "remote_ip_prefix": "::/0""#
        ),
        (["rule_menu": "custom", "ip_protocol": "112", "remote": "sg"], #""protocol": "112", "remote_group_id": "ME""#),
        (["rule_menu": "custom", "ip_protocol": "-1"], #""remote_ip_prefix": "0.0.0.0/0""#),
    ]

    @Test func `a security group with rules of all kinds`() throws {
        let cloud = try ParityCloud()
        let changes = try cloud.compare { browser in
            try browser.fill(Self.pages + "security_groups/create", ["name": "web", "description": "pages"])
            let group = try #require(
                try cloud.site.networking.securityGroups(as: cloud.form.context).first { $0.name == "web" }
            ).id.text
            for (typed, _) in Self.rules {
                var values: [String: String?] = typed
                if typed["remote"] == "sg" { values["security_group"] = group }
                try browser.fill(Self.pages + "security_groups/\(group)/add_rule", values)
            }
        } json: { cloud in
            let group = cloud.work(
                .post, Self.api + "/security-groups",
                #"{"security_group": {"name": "web", "description": "pages"}}"#)["security_group.id"]
            for (typed, sent) in Self.rules {
                let isSix = typed["cidr"]?.contains(":") == true
                let prefix = sent.contains("remote_") ? "" : #""remote_ip_prefix": "0.0.0.0/0", "#
                let direction = sent.contains("direction") ? "" : #""direction": "ingress", "#
                let head = #""security_group_id": "\#(group)", "ethertype": "\#(isSix ? "IPv6" : "IPv4")", "#
                cloud.work(
                    .post, Self.api + "/security-group-rules",
                    #"{"security_group_rule": {\#(head)\#(direction)\#(prefix)"#
                        + sent.replacing("ME", with: group) + "}}")
            }
        }
        #expect(changes.filter { $0.hasPrefix("+ securitygrouprules:") }.count == Self.rules.count + 2)
    }

    /// A network that leads out, with two addresses to take.
    private func outside(_ cloud: ParityCloud) throws -> Network {
        var network = NewNetwork(name: "outside")
        network.external = true
        var subnet = NewSubnet(name: "", cidr: "203.0.113.0/24")
        subnet.enableDHCP = false
        subnet.allocationPools = PoolInput.lines(of: "203.0.113.10,203.0.113.11")
        return try cloud.site.networking.createNetwork(network, subnet: subnet, as: cloud.site.admin)
    }

    @Test func `a router with its gateway and an interface, and a floating IP that leads inside`() throws {
        let cloud = try ParityCloud()
        let outside = try cloud.both("outside", id: \.id.text) { _ in try self.outside(cloud) }
        cloud.both("outer subnet", id: { $0 }) {
            ($0.name == cloud.form.name ? outside.form : outside.json).subnets[0].id.text
        }
        let (typed, sent) = try networks(cloud)
        let ports = try cloud.both("port", id: \.id.text) {
            var port = NewPort(networkID: $0.name == cloud.form.name ? typed.network.id : sent.network.id)
            port.fixedIPs = [FixedIPInput(address: "10.0.0.77")]
            return try cloud.site.networking.createPort(port, as: $0.context)
        }
        try cloud.compare { browser in
            let networking = cloud.site.networking
            try browser.fill(Self.pages + "routers/create/", ["name": "edge", "network_id": outside.form.id.text])
            let router = try #require(try networking.routers(as: cloud.form.context).first).id
            try browser.fill(
                Self.pages + "routers/\(router)/addinterface/", ["subnet_id": typed.subnet.id.text])
            try browser.fill(
                Self.pages + "floating_ips/allocate/", ["pool": outside.form.id.text, "description": "www"])
            let ip = try #require(try networking.floatingIPs(as: cloud.form.context).first).id.text
            try browser.fill(
                Self.pages + "floating_ips/associate/", ["ip_id": ip, "instance_id": "\(ports.form.id)_10.0.0.77"])
        } json: { cloud in
            let gateway = #"{"network_id": "\#(outside.json.id)"}"#
            let router = cloud.work(
                .post, Self.api + "/routers",
                #"{"router": {"name": "edge", "external_gateway_info": \#(gateway)}}"#)["router.id"]
            cloud.work(
                .put, Self.api + "/routers/\(router)/add_router_interface",
                #"{"subnet_id": "\#(sent.subnet.id)"}"#)
            let ip = cloud.work(
                .post, Self.api + "/floatingips",
                #"{"floatingip": {"floating_network_id": "\#(outside.json.id)", "description": "www"}}"#
            )["floatingip.id"]
            cloud.work(
                .put, Self.api + "/floatingips/\(ip)", #"{"floatingip": {"port_id": "\#(ports.json.id)"}}"#)
        }
    }

    @Test func `what administrators say of a network, and with whom it is shared`() throws {
        let cloud = try ParityCloud(role: "admin")
        try cloud.compare { browser in
            try browser.fill(
                "/dashboard/admin/networks/create",
                [
                    "net_name": "wire", "tenant_id": cloud.form.projectID, "network_type": "vlan",
                    "physical_network": "rack1", "segmentation_id": "71", "external": "on", "with_subnet": nil,
                ])
        } json: { cloud in
            cloud.work(
                .post, Self.api + "/networks",
                """
                {"network": {"name": "wire", "project_id": "\(cloud.json.projectID)", "router:external": true,
                    "provider:network_type": "vlan", "provider:physical_network": "rack2",
                    "provider:segmentation_id": 71}}
                """)
        }
        let (typed, sent) = try networks(cloud)
        let target = cloud.site.admin.projectID ?? ""
        try cloud.compare {
            try $0.fill(
                "/dashboard/admin/rbac_policies/create/",
                [
                    "target_tenant": target, "action_object_type": "shared_network",
                    "network_id": typed.network.id.text,
                ])
        } json: {
            $0.work(
                .post, Self.api + "/rbac-policies",
                """
                {"rbac_policy": {"object_type": "network", "object_id": "\(sent.network.id)",
                    "action": "access_as_shared", "target_tenant": "\(target)"}}
                """)
        }
    }
}
