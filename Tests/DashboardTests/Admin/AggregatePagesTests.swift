import Compute
import HTTP
import Markup
import ServiceCore
import Testing

@testable import Dashboard

struct AggregatePagesTests {
    private static let list = "/dashboard/admin/aggregates/"
    let site: TestSite
    let browser: Browser

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
        try site.jobs.recover()
        try site.jobs.drain()
    }

    private func aggregates() throws -> [Aggregate] { try site.compute.aggregates(as: site.admin) }

    @Test func `an aggregate is made with its zone and host, and both tables show it`() throws {
        #expect(try browser.get(Self.list).first("//div[@class='empty']//h2") == "No host aggregates yet")
        try browser.get(Self.list + "create/")
        let page = try browser.submit(["name": "rack 1", "availability_zone": "az1", "host-simulated": "on"])
        #expect(page.flashes == ["Created new host aggregate \"rack 1\"."])
        let row = "//table[@id='host_aggregates']//tr[@data-display='rack 1']"
        #expect(page.first(row + "/td[@data-label='Availability Zone']") == "az1")
        #expect(page.first(row + "/td[@data-label='Hosts']") == "simulated")
        #expect(page.first(row + "/td[@data-label='Metadata']") == "availability_zone = az1")
        let zone = "//table[@id='availability_zones']//tr[@data-display='az1']"
        #expect(page.first(zone + "/td[@data-label='Hosts']") == "simulated Services Up")
        #expect(page.first(zone + "/td[@data-label='Available']") == "Yes")
        #expect(page.nodes("//table[@id='availability_zones']//tr[@data-display='internal']").count == 1)
    }

    @Test func `a refused form stays as it was typed, with the fault beside its field`() throws {
        try browser.get(Self.list + "create/")
        let page = try browser.submit(["name": "<b>", "availability_zone": "nova:x", "host-simulated": "on"])
        #expect(page.status == 422)
        #expect(page.faults("availability_zone").count == 1)
        #expect(page.value("//input[@id='id_name']") == "<b>")
        #expect(page.nodes("//input[@name='host-simulated'][@checked]").count == 1)
        try browser.submit(["name": "", "availability_zone": ""])
        #expect(browser.page.faults("name") == ["A host aggregate needs a name."])
        try browser.submit(["name": "x", "host-nowhere": "on"])
        #expect(browser.page.faults("host-simulated") == ["There is no compute host nowhere."])
        #expect(try aggregates().isEmpty)
    }

    @Test func `it is renamed, gets and loses hosts and metadata, and is deleted when it is empty`() throws {
        let id = try site.compute.createAggregate(named: "rack", as: site.admin).id
        try browser.get(Self.list + "\(id)/update/")
        try browser.submit(["name": "rack 2"])
        #expect(browser.page.flashes == ["Successfully updated aggregate: \"rack 2\"."])
        try browser.get(Self.list + "\(id)/manage_hosts/")
        try browser.submit(["host-simulated": "on"])
        #expect(try aggregates().first?.hosts == ["simulated"])
        let delete = "//button[@value='host_aggregates__delete__\(id)']"
        #expect(browser.page.nodes(delete + "[@disabled]").count == 1, "with the reason")
        try browser.get(Self.list + "\(id)/manage_hosts/")
        #expect(browser.page.nodes("//input[@name='host-simulated'][@checked]").count == 1)
        try browser.submit(["host-simulated": nil])
        #expect(try aggregates().first?.hosts == [])
        try browser.get(Self.list)
        let token = try #require(browser.page.value("//main//input[@name='csrfmiddlewaretoken']"))
        try browser.post(
            Self.list, [("csrfmiddlewaretoken", token), ("action", "host_aggregates__delete__\(id)")])
        #expect(browser.page.all("//ul[@class='selected']/li") == ["rack 2"])
        try browser.submit([:], button: ("action", "host_aggregates__delete"))
        #expect(browser.page.flashes == ["Deleted host aggregate: rack 2"])
        #expect(try aggregates().isEmpty)
    }

    @Test func `metadata are typed in lines, and the line at fault is named`() throws {
        let id = try site.compute.createAggregate(named: "rack", as: site.admin).id
        let path = Self.list + "\(id)/update_metadata/"
        try browser.get(path)
        try browser.submit(["metadata": "ssd = true\r\n\r\n rack=7 \r\nlabel = a=b"])
        #expect(browser.page.flashes == ["The Aggregate \"rack\" was updated."])
        #expect(try aggregates().first?.metadata == ["ssd": "true", "rack": "7", "label": "a=b"])
        try browser.get(path)
        #expect(browser.page.nodes("//textarea").first?.text.contains("ssd = true") == true)
        try browser.submit(["metadata": "ssd = true\nnothing\nssd = false"])
        #expect(browser.page.status == 422)
        #expect(
            browser.page.faults("metadata") == [
                "Line 2 There is no = between a key and its value.", "Line 3 The key ssd stands here twice.",
            ])
        try browser.submit(["metadata": "rack = 7\navailability_zone = a:b"])
        #expect(browser.page.faults("metadata").first?.hasPrefix("Line 2 The name of an availability zone") == true)
        #expect(try aggregates().first?.metadata["ssd"] == "true")
    }

    @Test func `a flavor's metadata are changed the same way`() throws {
        try browser.get("/dashboard/admin/flavors/1/update_metadata/")
        try browser.submit(["metadata": "aggregate_instance_extra_specs:ssd = true"])
        #expect(browser.page.flashes == ["Updated the metadata of the flavor \"m1.tiny\"."])
        #expect(browser.page.first("//tr[@data-display='m1.tiny']/td[@data-label='Metadata']") == "Yes")
        try browser.get("/dashboard/admin/flavors/1/update_metadata/")
        try browser.submit(["metadata": "a/b = c"])
        #expect(browser.page.faults("metadata").count == 1)
        #expect(try site.compute.flavor("1", as: site.admin).extraSpecs.keys.count == 1)
    }

    @Test(arguments: ["", "create/", "1/update/", "1/manage_hosts/", "1/update_metadata/"])
    func `they are for administrators, and the form needs its token`(path: String) throws {
        try site.compute.createAggregate(named: "rack", as: site.admin)
        _ = try site.makeUser("eve")
        let eve = try site.loggedIn("eve")
        #expect(try eve.get(Self.list + path).status == 403)
        #expect(try browser.get(Self.list + path).status == 200)
        #expect(try browser.post(Self.list + path, [("name", "forged")]).status == 403)
        #expect(try aggregates().map(\.name) == ["rack"])
    }

    @Test func `an aggregate that is not there is not found`() throws {
        #expect(try browser.get(Self.list + "99/update/").status == 404)
        #expect(try browser.get(Self.list + "x/update/").status == 404)
    }
}
