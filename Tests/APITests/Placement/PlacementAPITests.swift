import HTTP
import ServiceCore
import Testing

@Suite struct `Placement over HTTP` {
    private let scene: ComputeScene

    init() throws { scene = try ComputeScene() }

    private func ask(_ path: String, as token: String? = nil, version: String = "1.29") -> APIAnswer {
        scene.cloud.ask(.get, "/placement" + path, token: token ?? scene.admin, version: "placement \(version)")
    }

    @Test func `a host is a provider with an inventory, of which instances take their part`() throws {
        let id = try scene.launch()
        #expect(ask("/resource_providers", as: scene.member).status == 403)
        let list = ask("/resource_providers?name=node1")
        let provider = try #require(list.text("resource_providers.0.uuid"))
        #expect(list.text("resource_providers.0.root_provider_uuid") == provider)
        #expect(
            ask("/resource_providers/\(provider)/inventories").members("inventories") == [
                "DISK_GB", "MEMORY_MB", "VCPU",
            ])
        #expect(ask("/resource_providers/\(provider)/usages")["usages.VCPU"] as? Int == 1)
        #expect(
            ask("/resource_providers/\(provider)/allocations")["allocations.\(id).resources.MEMORY_MB"] as? Int == 512)
        #expect(ask("/allocations/\(id)")["allocations.\(provider).resources.VCPU"] as? Int == 1)
        #expect(ask("/usages?project_id=\(scene.projectID)", as: scene.member)["usages.VCPU"] as? Int == 1)
        #expect(ask("/resource_providers/\(id)").status == 404)
        #expect(ask("/resource_classes", version: "1.1").status == 404)
    }

    @Test func `candidates are a list until 1 11 and an object since 1 12`() throws {
        let old = ask("/allocation_candidates?resources=VCPU:1", version: "1.10")
        #expect(old["allocation_requests.0.allocations"] is [Any])
        let new = ask("/allocation_candidates?resources=VCPU:1,MEMORY_MB:64")
        #expect(new["allocation_requests.0.allocations"] is [String: Any])
        #expect(ask("/allocation_candidates?resources=VCPU:100000").list("allocation_requests").isEmpty)
        #expect(ask("/allocation_candidates?resources=nonsense:1").status == 400)
        #expect(ask("/allocation_candidates").status == 400)
    }
}
