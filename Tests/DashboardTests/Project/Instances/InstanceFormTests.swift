import Compute
import ComputeHost
import HTTP
import Images
import Markup
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// The forms of actions on instances.
struct InstanceFormTests {
    let site: TestSite
    let browser: Browser
    private let scene: InstanceScene

    /// The addresses, which are Horizon's where it has any.
    static let paths = [
        "instances/ID/update/", "images/ID/create/", "instances/ID/rebuild/", "instances/ID/resize/",
        "instances/ID/rescue/", "instances/ID/attach_interface/", "instances/ID/detach_interface/",
        "instances/ID/metadata/",
    ]

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
        scene = try InstanceScene(site)
    }

    @Test func `security groups are chosen with what they let in beside them, at Horizon's address too`() throws {
        let web = try site.networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: site.admin)
        let instance = try scene.running("shop")
        let path = "/dashboard/project/instances/\(instance.id)/"
        try browser.get(path + "update/?step=update_security_groups")
        #expect(browser.page.path == path + "security_groups/" && browser.page.title == "Edit Security Groups")
        #expect(browser.page.all("//tr[.//input[@checked]]//label") == ["default"])
        #expect(browser.page.all("//td[@data-label='Lets In']") == ["Anything from members of this group", "Nothing"])
        let page = try browser.submit(["groups": web.id.text])
        #expect(page.path == path && page.flashes == ["Modified instance \"shop\"."])
        #expect(page.all("//section[h2='Security Groups']/dl/dt") == ["web"])
        #expect(page.all("//section[h2='Security Groups']/dl/dd/div") == ["Anything to anywhere", "Manage Rules"])
        try browser.get(path + "security_groups/")
        #expect(try browser.submit(["groups": "00000000-0000-4000-8000-000000000000"]).status == 404)
        #expect(browser.page.nodes("//div[@role='alert']").count == 1)
        _ = try site.compute.perform(.stop, on: instance.id, as: site.admin)
        try site.jobs.drain()
        // Ports have their groups whether the guest runs or not.
        #expect(try browser.get(path + "security_groups/").nodes("//button[@disabled]").isEmpty)
    }

    @Test(arguments: paths) func `belong to their project, need a token and a role`(_ path: String) throws {
        _ = try site.makeUser("eve")
        let rita = try site.makeUser("rita", role: "reader")
        let project = try #require(rita.projectID)
        let instance = try scene.running("web")
        let path = "/dashboard/project/" + path.replacing("ID", with: instance.id.text)
        let eve = try site.loggedIn("eve")
        #expect(try eve.get(path).status == 404)
        let token = try eve.get("/dashboard/settings/").value("//input[@name='csrfmiddlewaretoken']") ?? ""
        #expect(try eve.post(path, [("csrfmiddlewaretoken", token), ("name", "x")]).status == 404)
        #expect(try browser.post(path, [("name", "x")]).status == 403)
        #expect(try scene.current(instance).taskState == nil && scene.current(instance).name == "web")
        #expect(!project.isEmpty && !site.compute.allows(.resize, as: rita))
        #expect(
            try browser.get(path.replacing(instance.id.text, with: "6ba7b810-9dad-11d1-80b4-00c04fd430c8")).status
                == 404)
    }

    @Test(arguments: paths) func `have no script or style of their own, in both dashboards`(_ path: String) throws {
        let instance = try scene.running("web")
        for area in ["project", "admin"] {
            try browser.open(path, instance, area)
            let page = browser.page
            #expect(page.nodes("//script[not(@src)] | //style | //@style").isEmpty)
            let ids = page.nodes("//*[@id]").compactMap { $0.attribute("id") }
            #expect(ids.count == Set(ids).count, "ids are unique")
            #expect(page.value("//form[contains(@class,'form')]", "action")?.hasPrefix("/dashboard/\(area)/") == true)
        }
    }

    @Test(arguments: paths.dropFirst(1).dropLast()) func `say why they cannot be sent now`(_ path: String) throws {
        let instance = try scene.running("web")
        try browser.open(path, instance)
        _ = try site.compute.perform(.pause, on: instance.id, as: site.admin)
        // Opened before somebody else paused it: what was typed stays, and the conflict is told.
        try browser.submit(["name": "kept"])
        #expect(browser.page.status == 409)
        #expect(browser.page.first("//div[@role='alert']") == "The instance is being paused.")
        #expect(browser.page.nodes("//div[@class='form-foot']/button[@disabled]").count == 1)
        // Opened after: the same.
        try browser.open(path, instance)
        #expect(browser.page.first("//div[@role='alert']") == "The instance is being paused.")
    }

    @Test func `a resize shows the old flavor, what differs and what does not fit`() throws {
        let instance = try scene.running("web")
        try site.makeSmallFlavor()
        try browser.open("instances/ID/resize/", instance)
        #expect(browser.page.first("//p[@class='old-flavor']/strong") == "m1.micro")
        #expect(browser.page.nodes("//input[@name='flavor_id'][@value='42']").isEmpty, "not to itself")
        // m1.nano has less memory than the image needs.
        let nano = "//tr[.//input[@name='flavor_id' and @value='0']]"
        #expect(browser.page.value(nano + "//input", "disabled") != nil)
        #expect(browser.page.first(nano + "//div[@class='misfit']")?.contains("80 MB") == true)
        #expect(browser.page.first("//tr[.//input[@value='1']]//td[@data-label='RAM']") == "512 MB +384")
        #expect(try browser.submit([:]).status == 422)
        #expect(browser.page.all("//*[@id='flavor_id_faults']/li").count == 1)
    }

    @Test func `an interface is attached by a port of the project that is free`() throws {
        let instance = try scene.running("web")
        var new = NewPort(networkID: scene.network.id)
        new.name = "spare"
        let port = try site.networking.createPort(new, as: site.admin)
        try browser.open("instances/ID/attach_interface/", instance)
        #expect(browser.page.all("//select[@name='port']/option").count == 1)
        try browser.submit(["specification_method": "port", "port": port.id.text])
        try site.jobs.drain()
        #expect(try scene.current(instance).addresses.count == 2)
        // Somebody else was quicker.
        try browser.open("instances/ID/attach_interface/", instance)
        #expect(
            try [404, 409, 422].contains(browser.submit(["specification_method": "port", "port": port.id.text]).status))
    }

    @Test func `metadata is edited in rows, which come and go without scripts`() throws {
        let instance = try scene.running("web")
        try browser.open("instances/ID/metadata/", instance)
        #expect(browser.page.nodes("//input[@name='key']").count == 1)
        let path = "/dashboard/project/instances/\(instance.id)/metadata/"
        func send(_ pairs: [(String, String)], _ button: (String, String)? = nil) throws {
            var form = [("csrfmiddlewaretoken", try browser.token())]
            for (key, value) in pairs { form += [("key", key), ("value", value)] }
            if let button { form.append(button) }
            try browser.post(path, form)
        }
        try send([("role", "web")], ("add", "row"))
        #expect(browser.page.nodes("//input[@name='key']").compactMap { $0.attribute("value") } == ["role", ""])
        try send([("role", "web"), ("tier", "1")], ("remove", "0"))
        #expect(browser.page.nodes("//input[@name='key']").compactMap { $0.attribute("value") } == ["tier"])
        try send([("tier", "1"), ("tier", "2")])
        #expect(browser.page.status == 422)
        #expect(Set(browser.page.all("//tr[@class='invalid']//li")) == ["The key tier is there twice."])
        try send([("role", "<web>"), ("", ""), ("owner", "ops")])
        #expect(browser.page.flashes == ["Updated the metadata of instance \"web\"."])
        #expect(try scene.current(instance).metadata == ["role": "<web>", "owner": "ops"])
        try browser.get("/dashboard/project/instances/\(instance.id)/")
        #expect(browser.page.first("//dt[.='role']/following-sibling::dd[1]") == "<web>")
        try browser.open("instances/ID/metadata/", instance)
        try send([(String(repeating: "k", count: 256), "v"), ("", "no key")])
        #expect(browser.page.status == 422)
        #expect(browser.page.nodes("//tr[@class='invalid']").count == 2)
        #expect(browser.page.nodes("//input[@name='value']").compactMap { $0.attribute("value") } == ["v", "no key"])
    }
}
