import Compute
import ComputeHost
import HTTP
import Markup
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// What can be done to an instance: the button of its row, the menu, and the page of all actions.
struct InstanceMenuTests {
    let site: TestSite
    let browser: Browser
    private let scene: InstanceScene

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
        scene = try InstanceScene(site)
    }

    private func menu(of instance: Instance, _ area: String = "project") throws -> Browser.Page {
        try browser.get("/dashboard/\(area)/instances/\(instance.id)/actions/?action=row_menu")
    }

    @Test func `a row carries one action and a link to all of them`() throws {
        let instance = try scene.running("web")
        let page = try browser.get("/dashboard/project/instances/")
        let row = "//tr[@data-display='web']//td[@class='actions']"
        #expect(page.all(row + "//a").first == "View Log")
        #expect(page.value(row + "//a[@data-menu]", "href") == "/dashboard/project/instances/\(instance.id)/actions/")
        #expect(page.value(row + "//a[@data-menu]", "aria-label") == "More actions: web")
        #expect(page.nodes(row + "//button").isEmpty)
    }

    @Test func `the menu has Horizon's actions in Horizon's words, in groups`() throws {
        let page = try menu(of: scene.running("web"))
        #expect(page.text.hasPrefix("<div class=\"menu-panel"), "only the menu, no page around it")
        func items(_ group: String) -> [String] {
            page.nodes("//section[div='\(group)']/*[contains(@class,'menu-item')]").map {
                $0.xpath("./text() | ./span/text()").map(\.text).joined()
            }
        }
        #expect(
            items("Power") == [
                "Start Instance", "Rescue Instance", "Pause Instance", "Suspend Instance", "Shelve Instance",
                "Soft Reboot Instance", "Hard Reboot Instance", "Shut Off Instance",
            ])
        #expect(items("Image") == ["Create Snapshot", "Rebuild Instance"])
        #expect(items("Hardware") == ["Attach Interface", "Detach Interface", "Resize Instance"])
        #expect(items("Protection") == ["Edit Security Groups", "Lock Instance"])
        #expect(items("Deletion") == ["Delete Instance"])
    }

    @Test func `what is not possible now is disabled and says why`() throws {
        let instance = try scene.running("web")
        let page = try menu(of: instance)
        let start = "//button[@value='instances__start__\(instance.id)']"
        #expect(page.value(start, "disabled") != nil)
        #expect(page.first(start + "//small") == "The instance is running already.")
        #expect(page.value("//button[@value='instances__pause__\(instance.id)']", "disabled") == nil)
    }

    @Test func `a reason that all share is said once`() throws {
        let instance = try scene.running("web")
        _ = try site.compute.perform(.stop, on: instance.id, as: site.admin)
        let page = try menu(of: instance)
        #expect(page.first("//p[@class='menu-note']") == "The instance is being shut off.")
        #expect(page.nodes("//small").isEmpty)
        #expect(page.nodes("//button[@disabled]").count > 5)
    }

    @Test func `without scripts the link leads to a page that explains every action`() throws {
        let instance = try scene.running("web")
        try browser.get("/dashboard/project/instances/\(instance.id)/actions/")
        #expect(browser.page.title == "web")
        let pause = "//li[.//button[contains(@value,'__pause__')]]"
        #expect(browser.page.first(pause + "//p") == "The guest stands still, in memory, until it is resumed.")
        try browser.submit([:], button: ("action", "instances__pause__\(instance.id)"))
        #expect(browser.page.flashes == ["Pausing: web"])
    }

    @Test func `an instance is locked for a reason, which everybody reads until it is unlocked`() throws {
        let instance = try scene.running("web")
        let path = "/dashboard/project/instances/\(instance.id)/"
        #expect(try menu(of: instance).nodes("//a[@href='\(path)lock/']").count == 1)
        try browser.get(path + "lock/")
        #expect(try browser.submit(["reason": String(repeating: "x", count: 256)]).faults("reason").count == 1)
        try browser.submit(["reason": "<audit>"])
        #expect(browser.page.path == path && browser.page.flashes == ["Locked: web"])
        #expect(browser.page.first("//dt[.='Locked']/following-sibling::dd[1]") == "Yes: <audit>")
        #expect(browser.page.value("//div[@class='page-status']//*[@role='img']", "aria-label") == "Locked: <audit>")
        #expect(try browser.get(path + "lock/").nodes("//button[contains(@class,'primary')][@disabled]").count == 1)
        _ = try site.compute.perform(.unlock, on: instance.id, as: site.admin)
        #expect(try browser.get(path).first("//dt[.='Locked']/following-sibling::dd[1]") == "No")
    }

    @Test func `the menu of another project's instance does not exist`() throws {
        _ = try site.makeUser("eve")
        let instance = try scene.running("web")
        let eve = try site.loggedIn("eve")
        for query in ["", "?action=row_menu"] {
            #expect(try eve.get("/dashboard/project/instances/\(instance.id)/actions/\(query)").status == 404)
        }
        #expect(
            try site.browser().get("/dashboard/project/instances/\(instance.id)/actions/?action=row_menu").status == 401
        )
    }

    @Test func `only administrators are offered to force a deletion`() throws {
        let instance = try scene.running("web")
        #expect(try menu(of: instance).nodes("//button[contains(@value,'__force_delete__')]").isEmpty)
        #expect(try menu(of: instance, "admin").nodes("//button[contains(@value,'__force_delete__')]").count == 1)
        // Nobody else gets there by writing the form by themselves.
        let alice = try site.makeUser("alice")
        let hers = try scene.running("hers", as: alice)
        let other = try site.loggedIn("alice")
        try other.get("/dashboard/project/instances/")
        try other.post(
            "/dashboard/project/instances/",
            [
                ("csrfmiddlewaretoken", try other.token()), ("action", "instances__force_delete"),
                ("object_ids", hers.id.text), ("confirmed", "yes"),
            ])
        try site.jobs.drain()
        #expect(try site.compute.instance(hers.id, as: alice).status == .active)
    }

    @Test func `an action from an instance's page comes back to it, a deletion to the list`() throws {
        let instance = try scene.running("web")
        let path = "/dashboard/project/instances/\(instance.id)/"
        try browser.get(path)
        try browser.submit(
            [:], form: "//form[contains(@class,'page-head')]", button: ("action", "instances__lock__\(instance.id)"))
        #expect(browser.page.path == path && browser.page.flashes == ["Locked: web"])
        #expect(browser.page.value("//div[@class='page-status']//*[@role='img']", "aria-label") == "Locked")
        try browser.submit(
            [:], form: "//form[contains(@class,'page-head')]", button: ("action", "instances__stop__\(instance.id)"))
        #expect(browser.page.title == "Confirm Shut Off Instance")
        try browser.submit([:], button: ("action", "instances__stop"))
        #expect(browser.page.path == path)
        for next in ["https://evil.example/", "//evil.example/", "/dashboard/auth/logout/"] {
            let page = try browser.post(
                "/dashboard/project/instances/",
                [
                    ("csrfmiddlewaretoken", try browser.token()), ("action", "instances__unlock__\(instance.id)"),
                    ("next", next),
                ])
            #expect(page.path == "/dashboard/project/instances/", "\(next)")
        }
        try site.jobs.drain()
        try browser.get(path)
        try browser.submit(
            [:], form: "//form[contains(@class,'page-head')]", button: ("action", "instances__delete__\(instance.id)"))
        try browser.submit([:], button: ("action", "instances__delete"))
        #expect(browser.page.path == "/dashboard/project/instances/")
    }

    @Test func `a locked instance has a lock in its row, and others cannot act on it`() throws {
        let alice = try site.makeUser("alice")
        let instance = try scene.running("web", as: alice)
        _ = try site.compute.perform(.lock, on: instance.id, as: alice)
        let other = try site.loggedIn("alice")
        let page = try other.get("/dashboard/project/instances/")
        #expect(page.value("//td[@data-label='Status']//*[@role='img']", "aria-label") == "Locked")
        try other.post(
            "/dashboard/project/instances/",
            [
                ("csrfmiddlewaretoken", try other.token()), ("action", "instances__pause__\(instance.id)"),
            ])
        #expect(other.page.flashes.first?.hasPrefix("Unable to pause: web") == true)
        #expect(other.page.flashes.first?.contains("locked") == true)
        let menu = try other.get("/dashboard/project/instances/\(instance.id)/actions/?action=row_menu")
        #expect(menu.nodes("//button[contains(@value,'__unlock__')][not(@disabled)]").count == 1)
        #expect(menu.nodes("//button[contains(@value,'__stop__')][not(@disabled)]").isEmpty)
    }

    @Test func `of two people one acts and the other is told what the instance is busy with`() throws {
        let instance = try scene.running("web")
        let other = try site.adminBrowser()
        for person in [browser, other] { try person.get("/dashboard/project/instances/\(instance.id)/actions/") }
        try browser.submit([:], button: ("action", "instances__pause__\(instance.id)"))
        try other.submit([:], button: ("action", "instances__suspend__\(instance.id)"))
        #expect(other.page.flashes == ["Unable to suspend: webweb: The instance is being paused."])
    }
}
