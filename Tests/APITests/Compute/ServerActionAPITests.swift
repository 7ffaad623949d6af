import ComputeHost
import HTTP
import ServiceCore
import Testing

@Suite struct `Actions over HTTP` {
    private let scene: ComputeScene

    init() throws { scene = try ComputeScene() }

    private func status(_ id: String) -> String? { scene.ask(.get, "/servers/\(id)").text("server.status") }

    @Test(arguments: [
        (#"{"os-stop": null}"#, 202, "SHUTOFF"), (#"{"os-stop": {}}"#, 202, "SHUTOFF"),
        (#"{"pause": null}"#, 202, "PAUSED"), (#"{"suspend": null}"#, 202, "SUSPENDED"),
        (#"{"reboot": {"type": "HARD"}}"#, 202, "ACTIVE"), (#"{"reboot": {"type": "soft"}}"#, 202, "ACTIVE"),
        (#"{"shelve": null}"#, 202, "SHELVED_OFFLOADED"), (#"{"rescue": null}"#, 200, "RESCUE"),
        (#"{"resize": {"flavorRef": "42"}}"#, 202, "VERIFY_RESIZE"), (#"{"unpause": null}"#, 409, "ACTIVE"),
        (#"{"reboot": {"type": "cold"}}"#, 400, "ACTIVE"), (#"{"reboot": {}}"#, 400, "ACTIVE"),
        (#"{"resize": {"flavorRef": "none"}}"#, 400, "ACTIVE"), (#"{"nonsense": null}"#, 400, "ACTIVE"),
        (#"{}"#, 400, "ACTIVE"), (#"{"os-start": null, "os-stop": null}"#, 400, "ACTIVE"),
        (#"{"unrescue": null}"#, 409, "ACTIVE"), (#"{"confirmResize": null}"#, 409, "ACTIVE"),
        (#"{"restore": null}"#, 409, "ACTIVE"), (#"{"os-resetState": {"state": "error"}}"#, 403, "ACTIVE"),
        (#"{"migrate": null}"#, 403, "ACTIVE"), (#"{"injectNetworkInfo": null}"#, 403, "ACTIVE"),
        (#"{"changePassword": {"adminPass": "x"}}"#, 409, "ACTIVE"),
    ])
    func `each action is answered as nova answers it`(json: String, status: Int, after: String) throws {
        let id = try scene.launch()
        let answer = try scene.act(id, json)
        #expect(answer.status == status, "\(answer.text)")
        #expect(self.status(id) == after)
        #expect(scene.ask(.post, "/servers/\(RandomIdentifier.uuid())/action", json: json).status >= 400)
    }

    @Test func `a resize is confirmed and is among the migrations`() throws {
        let id = try scene.launch()
        try scene.act(id, #"{"resize": {"flavorRef": "42"}}"#)
        #expect(try scene.act(id, #"{"confirmResize": null}"#).status == 204)
        let shown = scene.ask(.get, "/servers/\(id)")
        #expect(shown.text("server.flavor.id") == "42")
        #expect(scene.ask(.get, "/os-migrations").status == 403)
        let migrations = scene.ask(.get, "/os-migrations", as: scene.admin, version: "2.80")
        #expect(migrations.text("migrations.0.instance_uuid") == id)
        #expect(migrations.text("migrations.0.status") == "confirmed")
    }

    @Test func `what is locked is refused, and unlocking may be said twice`() throws {
        let id = try scene.launch()
        #expect(try scene.act(id, #"{"lock": {"locked_reason": "x"}}"#, version: "2.73").status == 202)
        #expect(try scene.act(id, #"{"lock": null}"#).status == 202)
        #expect(scene.ask(.get, "/servers/\(id)", version: "2.73").text("server.locked_reason") == "x")
        #expect(try scene.act(id, #"{"os-stop": null}"#).status == 409)
        #expect(try scene.act(id, #"{"unlock": null}"#).status == 202)
        #expect(try scene.act(id, #"{"unlock": null}"#).status == 202)
        #expect(try scene.act(id, #"{"os-stop": null}"#).status == 202)
    }

    @Test func `an instance gets one more address on its network, and gives it back, until 2.43`() throws {
        let network = try #require(
            scene.cloud.ask(
                .post, "/networking/v2.0/networks", token: scene.member, json: #"{"network": {"name": "own"}}"#
            ).text("network.id"))
        _ = scene.cloud.ask(
            .post, "/networking/v2.0/subnets", token: scene.member,
            json: #"{"subnet": {"network_id": "\#(network)", "ip_version": 4, "cidr": "10.9.0.0/24"}}"#)
        let id = try scene.launch(more: #", "networks": [{"uuid": "\#(network)"}]"#)
        let add = #"{"addFixedIp": {"networkId": "\#(network)"}}"#
        let addresses = { scene.ask(.get, "/servers/\(id)/ips").list("addresses.own").count }
        #expect(try scene.act(id, add, version: "2.44").status == 400)
        #expect(addresses() == 1)
        #expect(try scene.act(id, add, version: "2.43").status == 202)
        #expect(addresses() == 2)
        #expect(scene.ask(.get, "/servers/\(id)/os-interface").list("interfaceAttachments").count == 1)
        let address = try #require(scene.ask(.get, "/servers/\(id)/ips").text("addresses.own.1.addr"))
        let remove = #"{"removeFixedIp": {"address": "\#(address)"}}"#
        #expect(try scene.act(id, remove).status == 202)
        #expect(addresses() == 1)
        #expect(try scene.act(id, remove).status == 400)
        #expect(try scene.act(id, #"{"removeFixedIp": {"address": "here"}}"#).status == 400)
        #expect(try scene.act(id, #"{"addFixedIp": {"networkId": "\#(scene.networkID)"}}"#).status == 404)
        #expect(try scene.act(id, #"{"addFixedIp": {"networkId": 7}}"#).status == 404)
        #expect(try scene.act(id, add, as: scene.reader).status == 403)
        #expect(try scene.act(id, add, as: scene.stranger).status == 404)
        for _ in 0..<4 { #expect(try scene.act(id, add).status == 202) }
        #expect(try scene.act(id, add).status == 400, "five are the most")
        try scene.act(id, #"{"lock": null}"#)
        #expect(try scene.act(id, add).status == 409)
    }

    @Test func `a snapshot is named where each microversion names it`() throws {
        let id = try scene.launch()
        let old = try scene.act(id, #"{"createImage": {"name": "one", "metadata": {"k": "v"}}}"#)
        #expect(old.status == 202 && old.response.fields["Location"] != nil)
        let new = try scene.act(id, #"{"createImage": {"name": "two"}}"#, version: "2.45")
        let image = try #require(new.text("image_id"))
        #expect(scene.ask(.get, "/images/\(image)").text("image.status") == "ACTIVE")
        #expect(scene.ask(.get, "/images/detail?server=\(id)").list("images").count == 2)
        #expect(scene.ask(.get, "/images/\(image)", version: "2.36").status == 404)
        #expect(try scene.act(id, #"{"createImage": {"name": ""}}"#).status == 400)
        for name in ["b1", "b2", "b3"] {
            scene.cloud.clock.advance(seconds: 1)
            let json = #"{"createBackup": {"name": "\#(name)", "backup_type": "daily", "rotation": 2}}"#
            #expect(try scene.act(id, json).status == 202)
        }
        let names = scene.ask(.get, "/images?type=backup").list("images").compactMap {
            ($0 as? [String: Any])?["name"] as? String
        }
        #expect(Set(names) == ["b2", "b3"])
    }

    @Test func `a rebuild names its new image at once, and shows administrators the user data once`() throws {
        let id = try scene.launch()
        let other = try scene.image("other")
        let asked = scene.ask(
            .post, "/servers/\(id)/action", as: scene.admin, version: "2.75",
            json: #"{"rebuild": {"imageRef": "\#(other)", "user_data": "IyE="}}"#)
        #expect(asked.text("server.image.id") == other)
        #expect(asked.text("server.user_data") == "IyE=")
        #expect(!asked.members("server").contains("OS-EXT-SRV-ATTR:user_data"))
        #expect(scene.ask(.get, "/servers/\(id)").text("server.image.id") == other)
        try scene.cloud.jobs.drain()
        #expect(scene.ask(.get, "/servers/\(id)").text("server.image.id") == other)
        try scene.act(id, #"{"os-resetState": {"state": "error"}}"#, as: scene.admin)
        #expect(try scene.act(id, #"{"rebuild": {"imageRef": "\#(scene.imageID)"}}"#).status == 202)
        #expect(status(id) == "ACTIVE")
    }

    @Test func `a resize may say who sees to the partitions`() throws {
        let id = try scene.launch()
        #expect(scene.ask(.get, "/servers/\(id)").text("server.OS-DCF:diskConfig") == "MANUAL")
        try scene.act(id, #"{"resize": {"flavorRef": "42", "OS-DCF:diskConfig": "AUTO"}}"#)
        #expect(scene.ask(.get, "/servers/\(id)").text("server.OS-DCF:diskConfig") == "AUTO")
    }

    @Test func `a rebuild answers with the server`() throws {
        let id = try scene.launch()
        let json =
            #"{"rebuild": {"imageRef": "\#(scene.imageID)", "name": "new", "metadata": {"a": "b"}, "accessIPv4": "10.0.0.1"}}"#
        let answer = try scene.act(id, json)
        #expect(answer.status == 202)
        #expect(answer.text("server.status") == "REBUILD")
        #expect(answer.text("server.name") == "new")
        #expect(answer.text("server.metadata.a") == "b")
        #expect(answer.text("server.adminPass") != nil)
        #expect(status(id) == "ACTIVE")
        #expect(try scene.act(id, #"{"rebuild": {"imageRef": "x"}}"#).status == 400)
        #expect(try scene.act(id, #"{"rebuild": {"imageRef": "\#(scene.imageID)", "key_name": null}}"#).status == 400)
        #expect(
            try scene.act(id, #"{"rebuild": {"imageRef": "\#(scene.imageID)", "key_name": null}}"#, version: "2.54")
                .status
                == 202)
    }

    @Test func `a password that was given or made up is answered and on the guest's drive`() throws {
        func drive(_ id: String) -> String {
            let files = scene.cloud.host.configDrive(of: id)?.files ?? [:]
            return String(decoding: files["openstack/latest/meta_data.json"] ?? [], as: UTF8.self)
        }
        let create = scene.ask(
            .post, "/servers",
            json:
                #"{"server": {"name": "a", "imageRef": "\#(scene.imageID)", "flavorRef": "1", "adminPass": "given-1"}}"#
        )
        try scene.cloud.jobs.drain()
        let id = try #require(create.text("server.id"))
        #expect(create.text("server.adminPass") == "given-1" && drive(id).contains(#""admin_pass":"given-1""#))
        let made = try #require(try scene.act(id, #"{"rescue": null}"#).text("adminPass"))
        #expect(made.count == 12 && drive(id).contains(#""admin_pass":"\#(made)""#))
        try scene.act(id, #"{"unrescue": null}"#)
        #expect(try scene.act(id, #"{"rescue": {"adminPass": "given-2"}}"#).text("adminPass") == "given-2")
        #expect(drive(id).contains(#""admin_pass":"given-2""#))
        try scene.act(id, #"{"unrescue": null}"#)
        let rebuilt = try scene.act(id, #"{"rebuild": {"imageRef": "\#(scene.imageID)", "adminPass": "given-3"}}"#)
        #expect(rebuilt.text("server.adminPass") == "given-3" && drive(id).contains(#""admin_pass":"given-3""#))
    }

    @Test func `interfaces, addresses and groups are shown and changed`() throws {
        let id = try scene.launch()
        let path = "/servers/\(id)/os-interface"
        let first = scene.ask(.get, path)
        #expect(
            first.members("interfaceAttachments.0") == ["fixed_ips", "mac_addr", "net_id", "port_id", "port_state"])
        let more = scene.ask(.post, path, json: #"{"interfaceAttachment": {"net_id": "\#(scene.networkID)"}}"#)
        #expect(more.status == 200)
        try scene.cloud.jobs.drain()
        let port = try #require(more.text("interfaceAttachment.port_id"))
        #expect(scene.ask(.get, path).list("interfaceAttachments").count == 2)
        #expect(scene.ask(.get, path + "/" + port).status == 200)
        #expect(scene.ask(.delete, path + "/" + port).status == 202)
        try scene.cloud.jobs.drain()
        #expect(scene.ask(.get, path).list("interfaceAttachments").count == 1)
        let addresses = scene.ask(.get, "/servers/\(id)/ips")
        #expect(addresses.members("addresses.provider.0") == ["addr", "version"])
        #expect(scene.ask(.get, "/servers/\(id)/ips/provider").list("provider").count == 1)
        #expect(scene.ask(.get, "/servers/\(id)/ips/nothing").status == 404)
        let group = scene.ask(
            .post, "/os-security-groups", json: #"{"security_group": {"name": "web", "description": "d"}}"#)
        #expect(group.status == 200)
        #expect(try scene.act(id, #"{"addSecurityGroup": {"name": "web"}}"#).status == 202)
        #expect(scene.ask(.get, "/servers/\(id)/os-security-groups").list("security_groups").count == 2)
        #expect(try scene.act(id, #"{"removeSecurityGroup": {"name": "web"}}"#).status == 202)
        #expect(try scene.act(id, #"{"removeSecurityGroup": {"name": "web"}}"#).status == 404)
        #expect(try scene.act(id, #"{"removeSecurityGroup": {"name": "default"}}"#).status == 202)
        #expect(!scene.ask(.get, "/servers/\(id)").members("server").contains("security_groups"))
    }

    @Test func `what was done is listed with its steps`() throws {
        let id = try scene.launch()
        try scene.act(id, #"{"os-stop": null}"#)
        let list = scene.ask(.get, "/servers/\(id)/os-instance-actions")
        #expect(list.text("instanceActions.0.action") == "stop")
        let request = try #require(list.text("instanceActions.0.request_id"))
        let path = "/servers/\(id)/os-instance-actions/\(request)"
        #expect(scene.ask(.get, path)["instanceAction.events"] == nil)
        let new = scene.ask(.get, path, version: "2.84")
        #expect(
            new.members("instanceAction.events.0") == [
                "details", "event", "finish_time", "hostId", "result", "start_time",
            ])
        #expect(scene.ask(.get, path, as: scene.admin).members("instanceAction.events.0").contains("traceback"))
        #expect(scene.ask(.get, "/servers/\(id)/os-instance-actions?limit=1", version: "2.58").list("links").count == 1)
        #expect(scene.ask(.get, "/servers/\(id)/os-instance-actions/req-none").status == 404)
    }

    @Test func `consoles have addresses with tokens`() throws {
        let id = try scene.launch()
        let new = scene.ask(
            .post, "/servers/\(id)/remote-consoles", version: "2.6",
            json: #"{"remote_console": {"protocol": "vnc", "type": "novnc"}}"#)
        #expect(new.text("remote_console.url")?.contains("/vnc_auto.html?path=%3Ftoken%3D") == true)
        #expect(try scene.act(id, #"{"os-getVNCConsole": {"type": "novnc"}}"#).text("console.type") == "novnc")
        #expect(try scene.act(id, #"{"os-getVNCConsole": {"type": "novnc"}}"#, version: "2.6").status == 400)
        #expect(
            scene.ask(
                .post, "/servers/\(id)/remote-consoles", version: "2.6",
                json: #"{"remote_console": {"protocol": "spice", "type": "spice-html5"}}"#
            ).status == 400)
        #expect(try scene.act(id, #"{"os-getConsoleOutput": {"length": 10}}"#).status == 200)
        #expect(try scene.act(id, #"{"os-getConsoleOutput": {"length": "x"}}"#).status == 400)
    }
}
