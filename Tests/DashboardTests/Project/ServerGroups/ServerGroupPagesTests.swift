import Compute
import HTTP
import Images
import Markup
import Networking
import ServiceCore
import Testing

@testable import Dashboard

struct ServerGroupPagesTests {
    private static let list = "/dashboard/project/server_groups/"
    let site: TestSite
    let browser: Browser

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
    }

    private func groups() throws -> [ServerGroup] { try site.compute.serverGroups(as: site.admin) }

    @Test func `a group is made, shown and deleted after a question`() throws {
        #expect(try browser.get(Self.list).first("//div[@class='empty']//h2") == "No server groups yet")
        try browser.get(Self.list + "create/")
        #expect(
            browser.page.all("//select[@id='id_policy']/option") == [
                "Affinity", "Anti Affinity", "Soft Affinity", "Soft Anti Affinity",
            ])
        let page = try browser.submit(["name": "web & co", "policy": "anti-affinity", "max_server_per_host": "2"])
        #expect(page.flashes == ["Created server group \"web & co\"."])
        let group = try #require(try groups().first)
        #expect(group.maxServerPerHost == 2)
        try browser.get(Self.list + "\(group.id)/")
        #expect(browser.page.title == "web & co")
        #expect(browser.page.first("//dt[.='Policy']/following-sibling::dd[1]") == "Anti Affinity")
        #expect(browser.page.first("//dt[.='Members']/following-sibling::dd[1]") == "None")
        try browser.submit(
            [:], form: "//form[contains(@class,'page-head')]",
            button: ("action", "server_groups__delete__\(group.id)"))
        #expect(browser.page.all("//ul[@class='selected']/li") == ["web & co"])
        try browser.submit([:], button: ("action", "server_groups__delete"))
        #expect(browser.page.flashes == ["Deleted server group: web & co"])
        #expect(try groups().isEmpty)
    }

    @Test func `what cannot be comes back with its fault`() throws {
        try browser.get(Self.list + "create/")
        try browser.submit(["name": "", "policy": "affinity", "max_server_per_host": "2"])
        #expect(browser.page.status == 422)
        #expect(browser.page.faults("name") == ["A server group needs a name."])
        #expect(browser.page.faults("max_server_per_host").count == 1)
        #expect(browser.page.value("//option[@selected]") == "affinity")
        #expect(try browser.post(Self.list + "create/", [("name", "forged"), ("policy", "affinity")]).status == 403)
        #expect(try groups().isEmpty)
    }

    @Test func `readers look and change nothing, other projects see nothing`() throws {
        let group = try site.compute.createServerGroup(
            NewServerGroup(name: "mine", policy: "affinity"), as: site.admin)
        _ = try site.makeUser("rita", role: "reader")
        let reader = try site.loggedIn("rita")
        #expect(try reader.get(Self.list).nodes("//main//a[contains(@href,'create')]").isEmpty)
        #expect(try reader.get(Self.list + "create/").status == 403)
        #expect(try reader.get(Self.list + "\(group.id)/").status == 403)
        #expect(try reader.get(Self.list + "%3Cb%3E/").status == 404)
    }

    @Test func `an instance is launched into a group, and its page says what was said about each host`() throws {
        let group = try site.compute.createServerGroup(
            NewServerGroup(name: "web", policy: "anti-affinity"), as: site.admin)
        let image = try site.makeImage()
        let network = try site.makeNetwork().network
        func launch(_ name: String) throws -> Instance {
            try browser.get("/dashboard/project/instances/launch/?image=\(image.id)&network=\(network.id)")
            #expect(browser.page.all("//select[@id='id_server_group']/option").last == "web – Anti Affinity")
            try browser.upload(nil, ["name": name, "flavor_id": "42", "server_group": group.id.text])
            try site.jobs.drain()
            return try #require(
                try site.compute.instances(as: site.admin).items.first { $0.name == name })
        }
        let first = try launch("web-1")
        try browser.get("/dashboard/project/instances/\(first.id)/")
        #expect(browser.page.nodes("//details[@class='verdicts']").isEmpty, "there is no other host")
        let second = try launch("web-2")
        #expect(second.status == .error)
        try browser.get("/dashboard/project/instances/\(second.id)/")
        #expect(
            browser.page.first("//details[@class='verdicts']//dd")
                == "Refused Anti-affinity: of the server group web 1 are here, at most 1 may be.")
        try browser.get(Self.list + "\(group.id)/")
        #expect(browser.page.nodes("//a[@href='/dashboard/project/instances/\(first.id)/']").count == 1)
    }

    @Test func `a launch offers the zones there are`() throws {
        try site.jobs.recover()
        try site.jobs.drain()
        let aggregate = try site.compute.createAggregate(
            named: "rack", availabilityZone: "az1", hosts: ["simulated"], as: site.admin)
        #expect(aggregate.hosts == ["simulated"])
        try browser.get("/dashboard/project/instances/launch/")
        #expect(browser.page.all("//select[@id='id_availability_zone']/option") == ["az1"])
    }
}
