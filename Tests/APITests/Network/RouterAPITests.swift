import Foundation
import HTTP
import Testing

@Suite struct `Routers and floating IPs over JSON` {
    private let cloud: NetworkCloud
    /// An external network with a subnet.
    private let outside: String

    init() throws {
        cloud = try NetworkCloud()
        outside = try cloud.make(
            "/networks", "network", #""name": "public", "router:external": true"#, as: cloud.admin)
        _ = try cloud.make(
            "/subnets", "subnet",
            #""network_id": "\#(outside)", "cidr": "172.24.4.0/24", "ip_version": 4, "enable_dhcp": false"#,
            as: cloud.admin)
    }

    @Test func `a router gets a way out, joins subnets, and is what neutron says of one`() throws {
        let subnet = try cloud.network().subnet
        let router = try cloud.make("/routers", "router", #""name": "r1", "admin_state_up": true"#)
        let path = "/routers/\(router)"
        let set = cloud.ask(.put, path, #"{"router": {"external_gateway_info": {"network_id": "\#(outside)"}}}"#)
        #expect(set.text("router.external_gateway_info.network_id") == outside)
        #expect(set["router.external_gateway_info.enable_snat"] as? Bool == true)
        #expect(set.list("router.external_gateway_info.external_fixed_ips").count == 1)
        #expect(
            set.members("router") == [
                "admin_state_up", "created_at", "description", "external_gateway_info", "id", "name", "project_id",
                "revision_number", "routes", "status", "tags", "tenant_id", "updated_at",
            ])
        let joined = cloud.ask(.put, path + "/add_router_interface", #"{"subnet_id": "\#(subnet)"}"#)
        #expect(joined.status == 200 && joined.text("id") == router && joined.text("subnet_id") == subnet)
        #expect(cloud.ask(.get, "/ports?device_id=\(router)").list("ports").count == 1)
        #expect(cloud.refusal(.delete, path) == "409 RouterInUse")
        let parted = cloud.ask(.put, path + "/remove_router_interface", #"{"subnet_id": "\#(subnet)"}"#)
        #expect(parted.text("port_id") == joined.text("port_id"))
        let cleared = cloud.ask(.put, path, #"{"router": {"external_gateway_info": {}}}"#)
        #expect(cleared["router.external_gateway_info"] is NSNull)
        #expect(cloud.ask(.delete, path).status == 204)
    }

    @Test func `routes are replaced, added and removed`() throws {
        let subnet = try cloud.network().subnet
        let router = try cloud.make("/routers", "router", "")
        let path = "/routers/\(router)"
        #expect(cloud.ask(.put, path + "/add_router_interface", #"{"subnet_id": "\#(subnet)"}"#).status == 200)
        func routes(_ suffix: String, _ hosts: [Int]) -> [String] {
            let list = hosts.map { #"{"destination": "10.\#($0).0.0/24", "nexthop": "10.20.0.\#($0)"}"# }
            let answer = cloud.ask(.put, path + suffix, #"{"router": {"routes": [\#(list.joined(separator: ","))]}}"#)
            return answer.list("router.routes").compactMap { ($0 as? [String: String])?["destination"] }
        }
        #expect(routes("", [50]) == ["10.50.0.0/24"])
        #expect(routes("/add_extraroutes", [50, 51]) == ["10.50.0.0/24", "10.51.0.0/24"])
        #expect(routes("/remove_extraroutes", [50, 99]) == ["10.51.0.0/24"])
        #expect(cloud.ask(.put, path, #"{"router": {"routes": null}}"#).list("router.routes").isEmpty)
        let far = #"{"router": {"routes": [{"destination": "10.9.0.0/24", "nexthop": "10.9.9.9"}]}}"#
        #expect(cloud.refusal(.put, path, far) == "400 InvalidRoutes")
    }

    @Test(arguments: [
        (#"{}"#, "400 BadRequest"), (#"{"subnet_id": "x"}"#, "400 HTTPBadRequest"),
        (#"{"subnet_id": "01234567-0123-4123-8123-012345678901"}"#, "404 SubnetNotFound"),
        (#"{"port_id": "01234567-0123-4123-8123-012345678901"}"#, "404 PortNotFound"),
    ])
    func `what a router cannot join is refused`(content: String, refusal: String) throws {
        let router = try cloud.make("/routers", "router", "")
        #expect(cloud.refusal(.put, "/routers/\(router)/add_router_interface", content) == refusal)
    }

    @Test func `a floating IP leads to a port, to another, and nowhere`() throws {
        let (network, subnet) = try cloud.network()
        let router = try cloud.make(
            "/routers", "router", #""external_gateway_info": {"network_id": "\#(outside)"}"#)
        let port = try cloud.make("/ports", "port", #""network_id": "\#(network)""#)
        let floating = try cloud.make("/floatingips", "floatingip", #""floating_network_id": "\#(outside)""#)
        let path = "/floatingips/\(floating)"
        let lead = #"{"floatingip": {"port_id": "\#(port)"}}"#
        #expect(cloud.refusal(.put, path, lead) == "404 ExternalGatewayForFloatingIPNotFound")
        #expect(
            cloud.ask(.put, "/routers/\(router)/add_router_interface", #"{"subnet_id": "\#(subnet)"}"#).status == 200)
        let answer = cloud.ask(.put, path, lead)
        #expect(answer.text("floatingip.port_id") == port && answer.text("floatingip.router_id") == router)
        #expect(answer.text("floatingip.status") == "ACTIVE")
        #expect(answer.text("floatingip.port_details.network_id") == network)
        let address = try #require(answer.text("floatingip.floating_ip_address"))
        #expect(
            cloud.ask(.get, "/floatingips?floating_ip_address=\(address)&port_id=\(port)").list("floatingips").count
                == 1)
        let described = cloud.ask(.put, path, #"{"floatingip": {"description": "web"}}"#)
        #expect(described.text("floatingip.port_id") == port && described.text("floatingip.description") == "web")
        let nowhere = cloud.ask(.put, path, #"{"floatingip": {"port_id": null}}"#)
        #expect(nowhere["floatingip.port_id"] is NSNull && nowhere["floatingip.port_details"] is NSNull)
        #expect(cloud.refusal(.get, path, as: cloud.stranger) == "404 FloatingIPNotFound")
        #expect(cloud.ask(.get, "/floatingips/\(address)").status == 404)
        #expect(cloud.ask(.delete, path).status == 204)
        let inside = #"{"floatingip": {"floating_network_id": "\#(network)"}}"#
        #expect(cloud.ask(.post, "/floatingips", inside).status == 400)
    }
}
