import Compute
import ComputeHost
import Database
import Foundation
import HTTP
import Images
import Markup
import Networking
import ServiceCore
import Testing

@testable import Dashboard

struct InstancePagesTests {
    let site: TestSite
    let browser: Browser
    private let image: Image
    private let network: Network

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
        image = try site.makeImage()
        network = try site.makeNetwork().network
    }

    private func launch(_ name: String, as owner: RequestContext? = nil) throws -> Instance {
        var request = LaunchRequest(name: name, flavorID: "42", imageID: image.id.text)
        request.networkIDs = [network.id.text]
        return try site.compute.launch(request, as: owner ?? site.admin)[0]
    }

    @Test func `the list has Horizon's columns in Horizon's order`() throws {
        _ = try launch("web")
        let page = try browser.get("/dashboard/project/instances/")
        #expect(
            page.all("//table[@id='instances']/thead//th").filter { !$0.isEmpty } == [
                "Instance Name", "Image Name", "IP Address", "Flavor", "Key Pair", "Status", "Availability Zone",
                "Task",
                "Power State", "CPU", "Age", "Actions",
            ])
        #expect(page.first("//td[@data-label='Task']") == "Scheduling")
    }

    @Test func `a name with markup in it is shown as it was typed`() throws {
        _ = try launch("<script>alert(1)</script>")
        try site.jobs.drain()
        for path in ["/dashboard/project/instances/", "/dashboard/admin/instances/"] {
            let page = try browser.get(path)
            #expect(page.nodes("//script[not(@src)]").isEmpty)
            #expect(page.first("//td[contains(@class,'main-cell')]") == "<script>alert(1)</script>")
        }
    }

    @Test func `shut off and start go through their tasks, and what is not possible says why`() throws {
        let instance = try launch("web")
        try site.jobs.drain()
        let list = "/dashboard/project/instances/"
        try browser.get("/dashboard/project/instances/\(instance.id)/actions/")
        let start = "//button[@value='instances__start__\(instance.id)']"
        #expect(browser.page.value(start, "disabled") != nil)
        #expect(browser.page.first("//li[.\(start)]//p[@class='muted']") == "The instance is running already.")
        try browser.get(list)
        let token = try #require(
            browser.page.value("//form[@id='instances__form']//input[@name='csrfmiddlewaretoken']"))
        try browser.post(list, [("csrfmiddlewaretoken", token), ("action", "instances__stop__\(instance.id)")])
        #expect(browser.page.title == "Confirm Shut Off Instance")
        try browser.submit([:], button: ("action", "instances__stop"))
        #expect(browser.page.flashes == ["Shutting off: web"])
        #expect(browser.page.first("//td[@data-label='Task']") == "Powering Off")
        try site.jobs.drain()
        try browser.get(list)
        #expect(browser.page.first("//td[@data-label='Status']") == "Shutoff")
    }

    @Test func `deleting asks first, then leaves nothing`() throws {
        let instance = try launch("web")
        try site.jobs.drain()
        let list = "/dashboard/project/instances/"
        try browser.get(list)
        let token = try #require(
            browser.page.value("//form[@id='instances__form']//input[@name='csrfmiddlewaretoken']"))
        try browser.post(list, [("csrfmiddlewaretoken", token), ("action", "instances__delete__\(instance.id)")])
        #expect(browser.page.all("//ul[@class='selected']/li") == ["web"])
        try browser.submit([:], button: ("action", "instances__delete"))
        try site.jobs.drain()
        #expect(try browser.get(list).first("//div[@class='empty']//h2") == "No instances yet")
        #expect(try site.networking.ports(as: site.admin).isEmpty)
    }

    @Test func `another project's instance does not exist`() throws {
        let stranger = try site.makeUser("eve")
        let instance = try launch("secret")
        let other = try site.loggedIn("eve")
        for path in ["", "update/", "console/"] {
            #expect(try other.get("/dashboard/project/instances/\(instance.id)/\(path)").status == 404)
        }
        #expect(try other.get("/dashboard/admin/instances/").status == 403)
        #expect(try site.compute.instances(as: stranger).items.isEmpty)
    }

    @Test func `one row can be fetched, and a gone one is 404`() throws {
        let instance = try launch("web")
        let row = "/dashboard/project/instances/?action=row_update&table=instances&obj_id="
        #expect(try browser.get(row + instance.id.text).text.hasPrefix("<tr id=\"instances__row__\(instance.id)\""))
        #expect(try browser.get(row + "6ba7b810-9dad-11d1-80b4-00c04fd430c8").status == 404)
    }

    @Test func `a row is sent again only when it has changed, and kept by no cache`() throws {
        let instance = try launch("web")
        let row = "/dashboard/project/instances/?action=row_update&table=instances&obj_id=\(instance.id)"
        let tag = try #require(try browser.get(row).fields["ETag"])
        #expect(browser.page.fields["Cache-Control"] == "no-store")
        browser.field = ("If-None-Match", tag)
        #expect(try browser.get(row).status == 304)
        #expect(browser.page.bytes.isEmpty && browser.page.fields["ETag"] == tag)
        try site.jobs.drain()
        #expect(try browser.get(row).status == 200, "the launch is over, and the row says so")
        #expect(browser.page.fields["ETag"] != tag)
        // Who may not see the row learns nothing from a tag.
        #expect(try site.browser().get(row, follows: false).status == 401)
    }

    @Test func `the list is cut by the service and leads to its next page`() throws {
        for number in 1...5 { _ = try launch("web-\(number)") }
        browser.setCookie("horizon_pagesize", "2")
        try browser.get("/dashboard/project/instances/")
        #expect(browser.page.all("//td[contains(@class,'main-cell')]") == ["web-5", "web-4"])
        let next = try #require(browser.page.value("//nav[@aria-label='Pages']/a", "href"))
        try browser.get(next)
        #expect(browser.page.all("//td[contains(@class,'main-cell')]") == ["web-3", "web-2"])
        #expect(browser.page.all("//nav[@aria-label='Pages']/a") == ["« Prev", "Next »"])
        try browser.get(try #require(browser.page.value("//nav[@aria-label='Pages']/a[2]", "href")))
        #expect(browser.page.all("//td[contains(@class,'main-cell')]") == ["web-1"])
        let previous = try #require(browser.page.value("//nav[@aria-label='Pages']/a", "href"))
        #expect(previous.contains("prev_marker="))
        try browser.get(previous)
        #expect(browser.page.all("//td[contains(@class,'main-cell')]") == ["web-3", "web-2"])
        try browser.get(try #require(browser.page.value("//nav[@aria-label='Pages']/a[1]", "href")))
        #expect(browser.page.all("//td[contains(@class,'main-cell')]") == ["web-5", "web-4"])
        #expect(browser.page.all("//nav[@aria-label='Pages']/a") == ["Next »"])
    }

    @Test func `a filter that has not come to the end of a long list says so and goes on`() throws {
        _ = try launch("needle")
        try site.database.write { transaction in
            _ = try transaction.execute(
                """
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000)
                INSERT INTO instances (id, number, name, description, project_id, project_name, user_id, user_name,
                    vm_state, power_state, availability_zone, flavor_id, flavor_name, vcpus, memory_mib, disk_gib,
                    claimed_vcpus, claimed_memory_mib, claimed_disk_gib, image_id, image_name, launch_index,
                    reservation_id, config_drive, created_at, updated_at, revision)
                SELECT 'hay-' || n, 1000 + n, 'hay', description, project_id, project_name, user_id, user_name, 'active',
                    1, availability_zone, flavor_id, flavor_name, vcpus, memory_mib, disk_gib, vcpus, memory_mib,
                    disk_gib, image_id, image_name, launch_index, reservation_id, config_drive, created_at + n,
                    updated_at, revision
                FROM instances, numbers WHERE name = 'needle'
                """)
        }
        browser.language = "zh-CN"
        try browser.get(
            "/dashboard/project/instances/?instances__filter__q_field=name&instances__filter__q=needle")
        #expect(browser.page.first("//div[@class='empty']//p")?.hasPrefix("列表很长") == true)
        #expect(browser.page.all("//nav[@aria-label='分页']/a") == ["下一页 »"])
        try browser.get(try #require(browser.page.value("//div[@class='table-foot']//a", "href")))
        #expect(browser.page.all("//td[contains(@class,'main-cell')]") == ["needle"])
    }

    @Test func `the filter looks through all instances`() throws {
        for number in 1...4 { _ = try launch("web-\(number)") }
        browser.setCookie("horizon_pagesize", "2")
        let query = "?instances__filter__q_field=name&instances__filter__q="
        try browser.get("/dashboard/project/instances/\(query)b-1")
        #expect(browser.page.all("//td[contains(@class,'main-cell')]") == ["web-1"])
        try browser.get("/dashboard/project/instances/?instances__filter__q_field=status&instances__filter__q=nonsense")
        #expect(browser.page.first("//div[@class='empty']//h2") == "Nothing matches the filter.")
    }

    @Test func `the page of an instance shows the phases of its launch`() throws {
        let instance = try launch("web")
        try site.jobs.drain()
        try browser.get("/dashboard/project/instances/\(instance.id)/")
        #expect(
            browser.page.all("//ol[@class='timeline-steps']//span[@class='timeline-title']") == [
                "Authenticate", "Accept the request", "Choose a host", "Fetch the image", "Set up networking",
                "Prepare the disks", "Start the guest",
            ])
        #expect(Set(browser.page.all("//span[@class='timeline-status']")) == ["Done"])
    }

    @Test func `a failed launch shows the phase, the cause and what to do`() throws {
        site.host.fail(.start, with: .failed("no room", remedy: "Free some memory."))
        let instance = try launch("web")
        try site.jobs.drain()
        try browser.get("/dashboard/project/instances/\(instance.id)/")
        let fault = "//section[contains(@class,'fault-panel')]"
        #expect(browser.page.first(fault)?.contains("Start the guest") == true)
        #expect(browser.page.first(fault)?.contains("no room") == true)
        #expect(
            browser.page.first("//li[.//*[contains(@class,'bad')]]//span[@class='timeline-title']") == "Start the guest"
        )
    }

    @Test func `a rename is checked and keeps what was typed`() throws {
        let instance = try launch("web")
        let path = "/dashboard/project/instances/\(instance.id)/update/"
        try browser.get(path)
        let long = String(repeating: "x", count: 256)
        #expect(try browser.submit(["name": long]).status == 422)
        #expect(browser.page.faults("name").count == 1)
        #expect(browser.page.value("//input[@name='name']") == long)
        try browser.submit(["name": "shop"])
        #expect(browser.page.title == "shop")
    }

    @Test func `what a guest writes cannot act in the page`() {
        let hostile = Array("\u{1B}[31mred\u{1B}[0m \u{1B}]0;title\u{07}<script>\u{08}\r\nnext\tcell".utf8) + [0xFF]
        #expect(ConsoleText.readable(hostile) == "red <script>\nnext\tcell\u{FFFD}")
    }

    @Test func `the console log is plain text and its length is checked`() throws {
        let instance = try launch("web")
        try site.jobs.drain()
        let path = "/dashboard/project/instances/\(instance.id)/console/"
        let page = try browser.get(path)
        #expect(page.status == 200)
        #expect(page.fields["Content-Type"]?.hasPrefix("text/plain") == true)
        #expect(page.fields["Cache-Control"] == "no-store")
        browser.field = ("If-None-Match", try #require(page.fields["ETag"]))
        #expect(try browser.get(path).status == 304, "nothing was written since")
        browser.field = ("User-Agent", "test")
        #expect(try browser.get(path + "?length=-1").status == 400 || browser.page.status == 422)
    }
}
