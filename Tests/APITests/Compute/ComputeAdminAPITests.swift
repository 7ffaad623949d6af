import HTTP
import Identity
import ServiceCore
import Testing

@Suite struct `The cloud behind nova, over HTTP` {
    private let scene: ComputeScene

    init() throws { scene = try ComputeScene() }

    @Test(arguments: [
        "/os-services", "/os-hypervisors", "/os-hypervisors/detail", "/os-hypervisors/statistics", "/os-aggregates",
        "/os-availability-zone/detail", "/os-hosts", "/os-migrations", "/os-instance_usage_audit_log",
        "/os-simple-tenant-usage", "/os-quota-class-sets/default", "/os-server-groups?all_projects=True",
    ])
    func `is for administrators`(path: String) {
        #expect(scene.ask(.get, path).status == 403)
        #expect(scene.ask(.get, path, as: scene.reader).status == 403)
        #expect(scene.ask(.get, path, as: scene.admin).status == 200)
        #expect(scene.ask(.get, path, as: "nonsense").status == 401)
    }

    @Test func `names services and hypervisors by number, and later by UUID`() throws {
        let services = scene.ask(.get, "/os-services?binary=nova-compute", as: scene.admin)
        #expect(services["services.0.id"] is Int)
        let new = scene.ask(.get, "/os-services?binary=nova-compute", as: scene.admin, version: "2.53")
        let id = try #require(new.text("services.0.id"))
        let changed = scene.ask(
            .put, "/os-services/\(id)", as: scene.admin, version: "2.53",
            json: #"{"status": "disabled", "disabled_reason": "repair"}"#)
        #expect(changed.text("service.disabled_reason") == "repair")
        #expect(scene.ask(.put, "/os-services/\(id)", as: scene.admin, version: "2.53", json: "{}").status == 400)
        #expect(
            scene.ask(.put, "/os-services/1", as: scene.admin, version: "2.53", json: #"{"status": "enabled"}"#).status
                == 400)
        let enabled = scene.ask(
            .put, "/os-services/enable", as: scene.admin, json: #"{"host": "node1", "binary": "nova-compute"}"#)
        #expect(enabled.text("service.status") == "enabled")
        let old = scene.ask(.get, "/os-hypervisors/detail", as: scene.admin)
        #expect(old["hypervisors.0.id"] is Int && old["hypervisors.0.cpu_info"] is String)
        let detail = scene.ask(.get, "/os-hypervisors/detail", as: scene.admin, version: "2.53")
        #expect(detail.text("hypervisors.0.service.id") == id)
        // As in nova the hypervisor is a thing of its own, and the provider of placement is that thing.
        let hypervisor = try #require(detail.text("hypervisors.0.id"))
        #expect(hypervisor != id && hypervisor.count == 36)
        let shown = scene.ask(.get, "/os-hypervisors/\(hypervisor)", as: scene.admin, version: "2.53")
        #expect(shown.text("hypervisor.id") == hypervisor)
        #expect(scene.ask(.get, "/os-hypervisors/\(id)", as: scene.admin, version: "2.53").status == 404)
        let providers = scene.cloud.ask(.get, "/placement/resource_providers", token: scene.admin)
        #expect(providers.text("resource_providers.0.uuid") == hypervisor)
        let candidates = scene.cloud.ask(
            .get, "/placement/allocation_candidates?resources=VCPU:1", token: scene.admin, version: "placement 1.29")
        #expect(candidates.members("provider_summaries") == [hypervisor])
        let lean = scene.ask(.get, "/os-hypervisors/detail", as: scene.admin, version: "2.88")
        #expect(lean["hypervisors.0.uptime"] is String && lean["hypervisors.0.vcpus"] == nil)
        #expect(scene.ask(.get, "/os-hypervisors/statistics", as: scene.admin, version: "2.88").status == 404)
        #expect(scene.ask(.get, "/os-hypervisors/nothing", as: scene.admin, version: "2.53").status == 400)
    }

    @Test func `hears of servers from other services`() throws {
        let id = try scene.launch()
        func tell(_ name: String, of server: String, as token: String? = nil, version: String? = nil) -> APIAnswer {
            scene.ask(
                .post, "/os-server-external-events", as: token ?? scene.admin, version: version,
                json: #"{"events": [{"name": "\#(name)", "server_uuid": "\#(server)"}]}"#)
        }
        let taken = tell("network-changed", of: id)
        #expect(taken.status == 200 && taken["events.0.code"] as? Int == 200)
        #expect(taken.text("events.0.status") == "completed")
        #expect(tell("network-changed", of: id, as: scene.member).status == 403)
        let unknown = tell("network-changed", of: RandomIdentifier.uuid())
        #expect(unknown.status == 207 && unknown["events.0.code"] as? Int == 404)
        #expect(tell("volume-extended", of: id).status == 400)
        #expect(tell("volume-extended", of: id, version: "2.51")["events.0.code"] as? Int == 400)
        #expect(tell("nonsense", of: id).status == 400)
        #expect(tell("network-changed", of: "x").status == 400)
        let system = RequestContext.system("test")
        let user = try scene.cloud.identity.createUser(NewUser(name: "neutron", password: "secret"), as: system)
        let role = try #require(try scene.cloud.identity.role(named: "service"))
        try scene.cloud.identity.assign(role: role.id, to: user.id, on: .project(scene.projectID), as: system)
        let service = try scene.cloud.token("neutron", password: "secret", project: "lab")
        #expect(tell("network-changed", of: id, as: service).status == 200)
    }

    @Test func `makes zones of aggregates`() throws {
        let made = scene.ask(
            .post, "/os-aggregates", as: scene.admin,
            json: #"{"aggregate": {"name": "ssd", "availability_zone": "fast"}}"#)
        #expect(made.status == 200)
        #expect(made["aggregate.hosts"] == nil)
        let id = try #require(made["aggregate.id"] as? Int)
        let path = "/os-aggregates/\(id)"
        func act(_ json: String) -> APIAnswer { scene.ask(.post, path + "/action", as: scene.admin, json: json) }
        #expect(act(#"{"add_host": {"host": "node1"}}"#).list("aggregate.hosts") as? [String] == ["node1"])
        #expect(act(#"{"add_host": {"host": "node1"}}"#).status == 409)
        #expect(act(#"{"add_host": {"host": "no-such"}}"#).status == 404)
        #expect(scene.ask(.get, "/os-availability-zone").text("availabilityZoneInfo.0.zoneName") == "fast")
        #expect(scene.ask(.delete, path, as: scene.admin).status == 400)
        #expect(act(#"{"set_metadata": {"metadata": {"a": "b"}}}"#).text("aggregate.metadata.a") == "b")
        #expect(act(#"{"remove_host": {"host": "node1"}}"#).status == 200)
        #expect(scene.ask(.delete, path, as: scene.admin).status == 200)
        #expect(scene.ask(.get, path, as: scene.admin).status == 404)
    }

    @Test func `keeps limits for projects and for all`() {
        let path = "/os-quota-sets/\(scene.projectID)"
        let set = scene.ask(
            .put, path, as: scene.admin, json: #"{"quota_set": {"instances": 3, "key_pairs": "7", "force": true}}"#)
        #expect(set["quota_set.instances"] as? Int == 3)
        #expect(set["quota_set.id"] == nil)
        #expect(scene.ask(.get, path)["quota_set.key_pairs"] as? Int == 7)
        #expect(scene.ask(.get, path + "/detail")["quota_set.instances.in_use"] as? Int == 0)
        #expect(scene.ask(.get, path, version: "2.57")["quota_set.injected_files"] == nil)
        #expect(scene.ask(.get, path, as: scene.stranger).status == 403)
        #expect(scene.ask(.put, path, json: #"{"quota_set": {"instances": 3}}"#).status == 403)
        #expect(scene.ask(.put, path, as: scene.admin, json: #"{"quota_set": {"nonsense": 3}}"#).status == 400)
        #expect(scene.ask(.put, path, as: scene.admin, json: #"{"quota_set": {"instances": -2}}"#).status == 400)
        #expect(scene.ask(.delete, path, as: scene.admin).status == 202)
        #expect(scene.ask(.get, path)["quota_set.instances"] as? Int == 10)
        let common = scene.ask(
            .put, "/os-quota-class-sets/default", as: scene.admin, json: #"{"quota_class_set": {"cores": 9}}"#)
        #expect(common["quota_class_set.cores"] as? Int == 9)
        #expect(scene.ask(.get, "/limits")["limits.absolute.maxTotalCores"] as? Int == 9)
    }

    @Test func `shows what was used`() throws {
        _ = try scene.launch()
        scene.cloud.clock.advance(seconds: 1800)
        let usage = scene.ask(.get, "/os-simple-tenant-usage/\(scene.projectID)")
        #expect(usage["tenant_usage.total_hours"] as? Double == 0.5)
        #expect(usage.list("tenant_usage.server_usages").count == 1)
        #expect(scene.ask(.get, "/os-simple-tenant-usage/other").status == 403)
        #expect(scene.ask(.get, "/os-simple-tenant-usage?start=nonsense", as: scene.admin).status == 400)
    }

    @Test func `groups servers`() {
        let old = scene.ask(
            .post, "/os-server-groups", json: #"{"server_group": {"name": "g", "policies": ["affinity"]}}"#)
        #expect(old.members("server_group") == ["id", "members", "metadata", "name", "policies"])
        let new = scene.ask(
            .post, "/os-server-groups", version: "2.64",
            json: #"{"server_group": {"name": "h", "policy": "anti-affinity", "rules": {"max_server_per_host": 3}}}"#)
        #expect(new["server_group.rules.max_server_per_host"] as? Int == 3)
        #expect(scene.ask(.get, "/os-server-groups").list("server_groups").count == 2)
        let id = new.text("server_group.id") ?? ""
        #expect(scene.ask(.delete, "/os-server-groups/\(id)").status == 204)
        #expect(scene.ask(.get, "/os-server-groups/\(id)").status == 404)
        #expect(
            scene.ask(.post, "/os-server-groups", json: #"{"server_group": {"name": "g", "policies": []}}"#).status
                == 400)
    }

    @Test func `keeps key pairs of their users`() {
        let made = scene.ask(.post, "/os-keypairs", version: "2.2", json: #"{"keypair": {"name": "k"}}"#)
        #expect(made.status == 201)
        #expect(made.text("keypair.private_key")?.contains("PRIVATE KEY") == true)
        #expect(scene.ask(.post, "/os-keypairs", json: #"{"keypair": {"name": "k"}}"#).status == 409)
        #expect(scene.ask(.get, "/os-keypairs", as: scene.stranger).list("keypairs").isEmpty)
        #expect(scene.ask(.get, "/os-keypairs/k")["keypair.id"] is Int)
        let certificate = scene.ask(
            .post, "/os-keypairs", version: "2.2", json: #"{"keypair": {"name": "c", "type": "x509"}}"#)
        #expect(certificate.text("keypair.public_key")?.hasPrefix("-----BEGIN CERTIFICATE") == true)
        #expect(scene.ask(.post, "/os-keypairs", json: #"{"keypair": {"name": "a/b"}}"#).status == 400)
        #expect(scene.ask(.post, "/os-keypairs", json: #"{"keypair": {"name": "x", "public_key": "y"}}"#).status == 400)
        let user = made.text("keypair.user_id") ?? ""
        #expect(
            scene.ask(.get, "/os-keypairs?user_id=\(user)", as: scene.admin, version: "2.10").list("keypairs").count
                == 2)
        #expect(scene.ask(.get, "/os-keypairs?user_id=\(user)", as: scene.stranger, version: "2.10").status == 403)
        #expect(scene.ask(.delete, "/os-keypairs/k").status == 202)
        #expect(scene.ask(.delete, "/os-keypairs/k").status == 404)
    }

    @Test(arguments: ["/os-agents", "/os-certificates/root"])
    func `says what is gone`(path: String) {
        #expect(scene.ask(.get, path, as: scene.admin).status == 410)
    }
}
