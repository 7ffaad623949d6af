import API
import ComputeHost
import Database
import Foundation
import HTTP
import ServiceCore
import Testing

/// Lists keep the rows they have written. They must show what a list that has kept nothing shows, whatever has happened.
@Suite struct `Rows that lists keep` {
    private let scene: ComputeScene
    private let cloud: APICloud

    init() throws {
        scene = try ComputeScene()
        cloud = scene.cloud
    }

    /// Who reads lists, and how: each sees other members.
    private var readers: [(token: String, version: String, query: String)] {
        [
            (scene.member, "2.1", ""), (scene.reader, "2.104", ""), (scene.admin, "2.15", "?all_tenants=1"),
            (scene.admin, "2.104", "?all_tenants=1"),
        ]
    }

    private func lists(_ router: Router) -> [String] {
        readers.map { reader in
            APIAnswer(
                router.respond(
                    to: .testing(
                        .get, "/compute/v2.1/servers/detail\(reader.query)",
                        fieldLines: [
                            ("X-Auth-Token", reader.token), ("OpenStack-API-Version", "compute \(reader.version)"),
                        ]))
            ).text
        }
    }

    /// The lists of a program that has just begun.
    private func written() -> [String] {
        var router = Router()
        OpenStackAPI(
            identity: cloud.identity, images: cloud.images, networking: cloud.networking, compute: cloud.compute
        ).register(on: &router)
        return lists(router)
    }

    /// Holds the lists against new ones after something was done, which somebody must see.
    private func look(_ what: String, _ deed: () throws -> Void) throws {
        let before = lists(cloud.router)
        try deed()
        try cloud.jobs.drain()
        let (kept, written) = (lists(cloud.router), written())
        // The lists themselves would fill a screen.
        let (isSame, isSeen) = (kept == written, kept != before)
        #expect(isSame, "after: \(what)")
        #expect(isSeen, "nothing to be seen of: \(what)")
    }

    private func network(_ method: HTTP.Method, _ path: String, _ json: String? = nil, as token: String? = nil)
        -> APIAnswer
    {
        cloud.ask(method, "/networking/v2.0" + path, token: token ?? scene.member, json: json)
    }

    private func made(_ path: String, _ json: String, as token: String? = nil) throws -> String {
        let answer = network(.post, path, json, as: token)
        let name = try #require(answer.members("").first)
        return try #require(answer.text(name + ".id"), "\(answer.text)")
    }

    @Test func `show what is done to an instance`() throws {
        let id = try scene.launch()
        _ = try scene.launch("other")
        let path = "/servers/\(id)"
        try look("a name") { _ = scene.ask(.put, path, json: #"{"server": {"name": "new"}}"#) }
        try look("key-value pairs") { _ = scene.ask(.post, path + "/metadata", json: #"{"metadata": {"a": "b"}}"#) }
        try look("a pair that changes") { _ = scene.ask(.put, path + "/metadata/a", json: #"{"meta": {"a": "c"}}"#) }
        try look("a pair that goes") { _ = scene.ask(.delete, path + "/metadata/a") }
        try look("a tag") { _ = scene.ask(.put, path + "/tags/red", version: "2.26") }
        try look("a tag that goes") { _ = scene.ask(.delete, path + "/tags/red", version: "2.26") }
        try look("a lock") { try scene.act(id, #"{"lock": {"locked_reason": "x"}}"#, version: "2.73") }
        try look("no lock") { try scene.act(id, #"{"unlock": null}"#) }
        try look("a stop") { try scene.act(id, #"{"os-stop": null}"#) }
        try look("a launch that fails") {
            cloud.host.fail(.define, with: .failed("no power", remedy: nil))
            _ = try scene.launch("unlucky")
        }
        try look("a rebuild") {
            let json = #"{"rebuild": {"imageRef": "\#(try scene.image("two"))", "user_data": "aGk="}}"#
            try scene.act(id, json, version: "2.57")
        }
        try look("a resize") { try scene.act(id, #"{"resize": {"flavorRef": "42"}}"#) }
        try look("its end") { try scene.act(id, #"{"revertResize": null}"#) }
        try look("a zone that is pinned") {
            let json = #"{"server": {"pinned_availability_zone": "nova"}}"#
            _ = scene.ask(.put, path, as: scene.admin, version: "2.104", json: json)
        }
        try look("a state that is set") {
            try scene.act(id, #"{"os-resetState": {"state": "error"}}"#, as: scene.admin)
        }
        try look("a launch") { _ = try scene.launch("third") }
        try look("a deletion") { _ = scene.ask(.delete, path) }
    }

    @Test func `show what becomes of an instance's cards`() throws {
        let id = try scene.launch()
        let group = try made("/security-groups", #"{"security_group": {"name": "web"}}"#)
        try look("a group") { try scene.act(id, #"{"addSecurityGroup": {"name": "web"}}"#) }
        try look("a group's name") {
            _ = network(.put, "/security-groups/\(group)", #"{"security_group": {"name": "www"}}"#)
        }
        try look("no group") { try scene.act(id, #"{"removeSecurityGroup": {"name": "www"}}"#) }
        let (inside, subnet) = try joined()
        var card = ""
        try look("one more card") {
            let json = #"{"interfaceAttachment": {"net_id": "\#(inside)"}}"#
            card = try #require(
                scene.ask(.post, "/servers/\(id)/os-interface", json: json).text("interfaceAttachment.port_id"))
        }
        try look("a network's name") {
            _ = network(.put, "/networks/\(inside)", #"{"network": {"name": "renamed"}}"#)
        }
        try look("an address") {
            let drawn = try #require(network(.get, "/ports/\(card)").text("port.fixed_ips.0.ip_address"))
            let address = try #require(["10.7.0.77", "10.7.0.78"].first { $0 != drawn })
            let addresses = #"[{"subnet_id": "\#(subnet)", "ip_address": "\#(address)"}]"#
            _ = network(.put, "/ports/\(card)", #"{"port": {"fixed_ips": \#(addresses)}}"#)
        }
        try look("a floating IP") {
            let outside = try #require(network(.get, "/networks?router:external=true").text("networks.0.id"))
            _ = try made(
                "/floatingips",
                #"{"floatingip": {"floating_network_id": "\#(outside)", "port_id": "\#(card)"}}"#)
        }
        let floating = try #require(network(.get, "/floatingips").text("floatingips.0.id"))
        try look("no floating IP") {
            _ = network(.put, "/floatingips/\(floating)", #"{"floatingip": {"port_id": null}}"#)
        }
        try look("a card that goes") { _ = scene.ask(.delete, "/servers/\(id)/os-interface/\(card)") }
    }

    /// A network and subnet of the project, behind a router that leads out.
    private func joined() throws -> (network: String, subnet: String) {
        let outside = try made(
            "/networks", #"{"network": {"name": "public", "router:external": true}}"#, as: scene.admin)
        _ = try made(
            "/subnets",
            #"{"subnet": {"network_id": "\#(outside)", "cidr": "172.24.4.0/24", "ip_version": 4}}"#,
            as: scene.admin)
        let inside = try made("/networks", #"{"network": {"name": "inside"}}"#)
        let subnet = try made(
            "/subnets", #"{"subnet": {"network_id": "\#(inside)", "cidr": "10.7.0.0/24", "ip_version": 4}}"#)
        let router = try made(
            "/routers", #"{"router": {"external_gateway_info": {"network_id": "\#(outside)"}}}"#)
        _ = network(.put, "/routers/\(router)/add_router_interface", #"{"subnet_id": "\#(subnet)"}"#)
        return (inside, subnet)
    }

    @Test func `show what is said of a host, which no row tells`() throws {
        _ = try scene.launch()
        let services = scene.ask(.get, "/os-services?binary=nova-compute", as: scene.admin, version: "2.53")
        let service = try #require(services.text("services.0.id"))
        try look("a host that is disabled") {
            let json = #"{"status": "disabled"}"#
            _ = scene.ask(.put, "/os-services/\(service)", as: scene.admin, version: "2.53", json: json)
        }
        try look("a host that is down") {
            let json = #"{"status": "enabled", "forced_down": true}"#
            _ = scene.ask(.put, "/os-services/\(service)", as: scene.admin, version: "2.53", json: json)
        }
    }

    @Test func `are forgotten when more has changed than is remembered`() throws {
        let id = try scene.launch()
        _ = lists(cloud.router)
        try look("five thousand names") {
            for number in 0..<10 {
                try cloud.database.write { transaction in
                    for count in 0..<500 {
                        try transaction.execute(
                            "UPDATE instances SET name = \("n\(number)-\(count)") WHERE id = \(id)")
                    }
                }
            }
        }
        #expect(try cloud.database.read { try $0.value("SELECT count(*) FROM recent_changes", as: Int.self) } == 4096)
    }
}
