import Foundation
import HTTP
import Testing

@Suite struct `Networks, subnets and ports over JSON` {
    private let cloud: NetworkCloud

    init() throws { cloud = try NetworkCloud() }

    @Test func `a network is what neutron says of one, and more to administrators`() throws {
        let (network, subnet) = try cloud.network()
        let answer = cloud.ask(.get, "/networks/\(network)")
        #expect(answer.status == 200)
        #expect(
            answer.members("network") == [
                "admin_state_up", "availability_zone_hints", "availability_zones", "created_at", "description", "id",
                "ipv4_address_scope", "ipv6_address_scope", "is_default", "mtu", "name", "port_security_enabled",
                "project_id", "revision_number", "router:external", "shared", "status", "subnets", "tags", "tenant_id",
                "updated_at",
            ])
        #expect(answer.text("network.name") == "net1")
        #expect(answer.text("network.tenant_id") == cloud.projectID)
        #expect(answer["network.subnets"] as? [String] == [subnet])
        let all = cloud.ask(.get, "/networks/\(network)", as: cloud.admin)
        #expect(all.text("network.provider:network_type") == "local")
        #expect(all["network.provider:physical_network"] is NSNull)
    }

    @Test func `a subnet's pools are replaced as the client of the tutorial does it`() throws {
        let subnet = try cloud.network().subnet
        let put = { (pools: String) in
            cloud.ask(.put, "/subnets/\(subnet)", #"{"subnet": {"allocation_pools": [\#(pools)]}}"#)
        }
        let first = #"{"start": "10.20.0.100", "end": "10.20.0.200"}"#
        let second = #"{"start": "10.20.0.50", "end": "10.20.0.99"}"#
        let answer = put("\(first), \(second)")
        #expect(answer.status == 200)
        #expect(answer.text("subnet.allocation_pools.0.start") == "10.20.0.100")
        #expect(answer.text("subnet.allocation_pools.1.end") == "10.20.0.99")
        for (pools, refusal) in [
            (#"{"start": "10.20.0.1", "end": "10.20.0.9"}"#, "409 GatewayConflictWithAllocationPools"),
            (first + ", " + first, "409 OverlappingAllocationPools"),
            (#"{"start": "10.20.0.9", "end": "10.20.0.8"}"#, "400 InvalidAllocationPool"),
            (#"{"start": "10.20.1.9", "end": "10.20.1.18"}"#, "400 OutOfBoundsAllocationPool"),
            (#"{"start": "10.20.0.9"}"#, "400 HTTPBadRequest"), (#"{"start": 1, "end": 2}"#, "400 HTTPBadRequest"),
        ] {
            let answer = put(pools)
            #expect("\(answer.status) \(answer.text("NeutronError.type") ?? "")" == refusal)
        }
    }

    @Test func `no gateway, a gateway of its own, and the first host are told apart`() throws {
        let network = try cloud.make("/networks", "network", "")
        func gateway(_ cidr: String, _ attribute: String) -> Any? {
            cloud.ask(
                .post, "/subnets",
                #"{"subnet": {"network_id": "\#(network)", "ip_version": 4, "cidr": "\#(cidr)"\#(attribute)}}"#
            )["subnet.gateway_ip"]
        }
        #expect(gateway("10.1.0.0/24", "") as? String == "10.1.0.1")
        #expect(gateway("10.2.0.0/24", #", "gateway_ip": null"#) is NSNull)
        #expect(gateway("10.3.0.0/24", #", "gateway_ip": "10.3.0.9""#) as? String == "10.3.0.9")
    }

    @Test func `a port has an address, the default group, and its binding only for administrators`() throws {
        let (network, subnet) = try cloud.network()
        let port = try cloud.make("/ports", "port", #""network_id": "\#(network)", "name": "port1""#)
        let answer = cloud.ask(.get, "/ports/\(port)")
        #expect(answer.text("port.fixed_ips.0.subnet_id") == subnet)
        #expect(answer.list("port.security_groups").count == 1)
        #expect(answer.text("port.mac_address")?.hasPrefix("fa:16:3e") == true)
        #expect(!answer.members("port").contains("binding:host_id"))
        let all = cloud.ask(.get, "/ports/\(port)", as: cloud.admin)
        #expect(all.text("port.binding:host_id") == "" && all.text("port.binding:vif_type") == "unbound")
        let update = #"{"port": {"name": "p", "security_groups": [], "admin_state_up": "false"}}"#
        let changed = cloud.ask(.put, "/ports/\(port)", update)
        #expect(changed.text("port.name") == "p" && changed["port.admin_state_up"] as? Bool == false)
        #expect(changed.list("port.security_groups").isEmpty)
        #expect(cloud.ask(.delete, "/ports/\(port)").status == 204)
        #expect(cloud.refusal(.get, "/ports/\(port)") == "404 PortNotFound")
    }

    @Test func `several are made at once, all or none`() throws {
        let answer = cloud.ask(.post, "/networks", #"{"networks": [{"name": "a"}, {"network": {"name": "b"}}]}"#)
        #expect(answer.status == 201 && answer.list("networks").count == 2)
        #expect(cloud.ask(.post, "/networks", #"{"networks": [{"name": "c"}, {"name": 7}]}"#).status == 400)
        let (network, subnet) = try cloud.network()
        let port = #"{"network_id": "\#(network)", "fixed_ips": [{"ip_address": "10.20.0.7"}]}"#
        #expect(cloud.refusal(.post, "/ports", #"{"ports": [\#(port), \#(port)]}"#) == "409 IpAddressAlreadyAllocated")
        let left = cloud.ask(.get, "/ports?fixed_ips=subnet_id=\(subnet)&fixed_ips=ip_address=10.20.0.7")
        #expect(left.status == 200 && left.list("ports").isEmpty)
        #expect(cloud.ask(.get, "/networks?name=c").list("networks").isEmpty)
    }

    @Test(arguments: [
        (#"{"network": {"colour": "red"}}"#, "Unrecognized attribute(s) 'colour'"),
        (#"{"network": {"id": "x"}}"#, "Attribute 'id' not allowed in POST"),
        (#"{"network": {"admin_state_up": "maybe"}}"#, "admin_state_up"), (#"{"network": {"name": null}}"#, "name"),
        (#"{"network": []}"#, "not an object"), (#"{"net": {}}"#, "Unable to find 'network' in request body"),
        (#"{"networks": []}"#, "Resources required"), ("[]", "not a valid dictionary"), ("{", "JSON"),
        (#"{"network": {"tenant_id": "a", "project_id": "b"}}"#, "do not match"),
    ])
    func `what is no network is refused in words that name the place`(content: String, words: String) {
        let answer = cloud.ask(.post, "/networks", content)
        #expect(answer.status == 400)
        #expect(answer.text("NeutronError.message")?.contains(words) == true, "\(answer.text)")
    }

    @Test func `what must be named, and what cannot be changed, is said`() throws {
        let network = try cloud.network().network
        #expect(
            cloud.ask(.post, "/subnets", #"{"subnet": {"ip_version": 4}}"#).text("NeutronError.message")
                == "Failed to parse request. Required attribute 'network_id' not specified")
        #expect(
            cloud.ask(.put, "/networks/\(network)", #"{"network": {"status": "DOWN"}}"#).text("NeutronError.message")
                == "Cannot update read-only attribute status")
    }

    @Test func `what cannot be seen is not there, and what can only be seen is forbidden`() throws {
        let (network, subnet) = try cloud.network()
        let path = "/networks/\(network)"
        #expect(cloud.refusal(.get, path, as: cloud.stranger) == "404 NetworkNotFound")
        #expect(cloud.refusal(.put, path, #"{"network": {"name": "x"}}"#, as: cloud.stranger) == "404 NetworkNotFound")
        #expect(cloud.ask(.put, path, #"{"network": {"shared": true}}"#, as: cloud.admin).status == 200)
        #expect(cloud.ask(.get, path, as: cloud.stranger).status == 200)
        #expect(
            cloud.refusal(.put, path, #"{"network": {"name": "x"}}"#, as: cloud.stranger) == "403 PolicyNotAuthorized")
        #expect(cloud.refusal(.delete, "/subnets/\(subnet)", as: cloud.stranger) == "403 PolicyNotAuthorized")
        #expect(cloud.ask(.get, "/networks", as: "no token").status == 401)
    }

    @Test(arguments: [
        #""shared": true"#, #""router:external": true"#, #""provider:network_type": "vlan""#,
        #""tenant_id": "another""#,
    ])
    func `what is for administrators is forbidden to members`(attribute: String) {
        #expect(cloud.refusal(.post, "/networks", #"{"network": {\#(attribute)}}"#) == "403 PolicyNotAuthorized")
    }

    @Test func `any text in a path is no identifier, and is told so`() {
        for text in ["net1", "a%20b", "%E7%BD%91%E7%BB%9C", "...", "x'y", "a%2Fb"] {
            #expect(cloud.ask(.get, "/networks/\(text)").status == 404)
        }
    }

    @Test func `the revision that was seen must be the present one`() throws {
        let network = try cloud.network().network
        let path = "/networks/\(network)"
        let revision = try #require(cloud.ask(.get, path)["network.revision_number"] as? Int)
        let change = #"{"network": {"name": "x"}}"#
        let stale = ["If-Match": "revision_number=\(revision - 1)"]
        let answer = cloud.ask(.put, path, change, fields: stale)
        #expect(answer.status == 412 && answer.text("NeutronError.type") == "RevisionNumberConstraintFailed")
        #expect(cloud.ask(.delete, path, fields: stale).status == 412)
        #expect(cloud.ask(.put, path, change, fields: ["If-Match": "x"]).status == 400)
        #expect(cloud.ask(.put, path, change, fields: ["If-Match": "revision_number=\(revision)"]).status == 200)
    }
}
