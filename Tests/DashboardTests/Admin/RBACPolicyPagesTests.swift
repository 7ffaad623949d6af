import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// The administrators' panel of RBAC policies.
struct RBACPolicyPagesTests {
    let site: TestSite
    let network: Network
    let alice: RequestContext
    let browser: Browser

    init() throws {
        site = try TestSite()
        network = try site.makeNetwork("blue<b>").network
        alice = try site.makeUser("alice")
        browser = try site.adminBrowser()
    }

    private static let index = "/dashboard/admin/rbac_policies/"

    private func policies() throws -> [RBACPolicy] { try site.networking.rbacPolicies(as: site.admin) }

    private func share(_ kind: String, _ field: String, _ id: String, with target: String) throws {
        try browser.get(Self.index + "create/")
        try browser.submit(["target_tenant": target, "action_object_type": kind, field: id])
    }

    @Test func `a network is shared with a project, then with another, and taken back`() throws {
        #expect(try browser.get(Self.index).first("//div[@class='empty']/h2") == "No RBAC policies yet")
        try browser.get(try #require(browser.page.value("//a[contains(.,'Create RBAC Policy')]", "href")))
        let project = try alice.requireProject()
        try browser.submit([
            "target_tenant": project, "action_object_type": "shared_network", "network_id": network.id.text,
        ])
        #expect(browser.page.flashes == ["RBAC Policy was successfully created."])
        #expect(
            browser.page.all("//table[@id='rbac_policies']//th[@scope='col'][not(contains(@class,'select'))]") == [
                "Project", "ID", "Object Type", "Object", "Target Project", "Actions",
            ])
        #expect(browser.page.all("//tbody//td[@data-label='Target Project']") == ["alice"])
        #expect(browser.page.all("//tbody//td[@data-label='Object']") == ["blue<b>"])
        #expect(try site.networking.network(network.id, as: alice).shared)
        let policy = try #require(try policies().first)
        let page = try browser.get(Self.index + "\(policy.id)/")
        for text in ["Shared Network", "blue<b>", "alice", "access_as_shared"] {
            #expect(page.all("//dd").contains(text), "\(text)")
        }
        try browser.get(try #require(page.value("//a[.='Edit Policy']", "href")))
        #expect(browser.page.value("//select[@name='target_tenant']/option[@selected]") == project)
        try browser.submit(["target_tenant": "*"])
        #expect(try policies().map(\.targetProject) == ["*"])
        try browser.submit(
            form: "//form[@id='rbac_policies__form']",
            button: ("action", "rbac_policies__delete__\(try #require(try policies().first).id)"))
        try browser.submit(button: ("action", "rbac_policies__delete"))
        #expect(try policies() == [])
    }

    @Test func `groups, pools and scopes are shared, and networks lead out for one project`() throws {
        let group = try site.networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: site.admin)
        let scope = try site.networking.createAddressScope(
            NewAddressScope(name: "campus", version: .v4), as: site.admin)
        let pool = try site.networking.createSubnetPool(
            NewSubnetPool(name: "lab", prefixes: ["10.4.0.0/16"]), as: site.admin)
        let target = try alice.requireProject()
        try share("shared_security_group", "security_group_id", group.id.text, with: target)
        try share("shared_address_scope", "address_scope_id", scope.id.text, with: target)
        try share("shared_subnetpool", "subnetpool_id", pool.id.text, with: target)
        try share("external_network", "network_id", network.id.text, with: target)
        #expect(try policies().map(\.objectType).count == 4)
        #expect(
            Set(browser.page.all("//tbody//td[@data-label='Object Type']")) == [
                "Shared Security Group", "Shared Address Scope", "Shared Subnet Pool", "External Network",
            ])
        #expect(try site.networking.subnetPools(as: alice).map(\.name) == ["lab"])
    }

    @Test func `what is missing is said beside its field, and what is in the way above the form`() throws {
        try browser.get(Self.index + "create/")
        var page = try browser.submit()
        #expect(page.status == 422)
        #expect(page.faults("target_tenant").count == 1 && page.faults("action_object_type").count == 1)
        page = try browser.submit(["target_tenant": "*", "action_object_type": "shared_network"])
        #expect(page.faults("network_id") == ["Choose an object."])
        page = try browser.submit(["network_id": "5f693f46-8f51-4b2a-9a5e-111111111111"])
        #expect(page.status == 422 && page.faults("network_id").count == 1)
        try share("shared_network", "network_id", network.id.text, with: "*")
        try browser.get(Self.index + "create/")
        page = try browser.submit([
            "target_tenant": "*", "action_object_type": "shared_network", "network_id": network.id.text,
        ])
        #expect(page.status == 409 && page.flashes == ["There is a policy with these values already."])
        _ = try site.networking.createPort(NewPort(networkID: network.id), as: alice)
        let policy = try #require(try policies().first)
        try browser.get(Self.index + "\(policy.id)/update/")
        #expect(try browser.submit(["target_tenant": ""]).faults("target_tenant").count == 1)
        page = try browser.submit(["target_tenant": try alice.requireProject() + "x"])
        #expect(page.status == 409)
    }

    @Test func `it is administrators', and speaks Chinese`() throws {
        let member = try site.loggedIn("alice")
        for path in ["", "create/"] { #expect(try member.get(Self.index + path).status == 403) }
        browser.language = "zh-CN,zh;q=0.9"
        #expect(try browser.get(Self.index).title == "RBAC 策略")
    }
}
