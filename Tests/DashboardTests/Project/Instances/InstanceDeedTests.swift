import Compute
import ComputeHost
import HTTP
import Images
import Markup
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// What becomes of an instance when the forms of its actions are sent.
struct InstanceDeedTests {
    let site: TestSite
    let browser: Browser
    private let scene: InstanceScene

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
        scene = try InstanceScene(site)
    }

    @Test func `a snapshot gets a name and appears among the images`() throws {
        let instance = try scene.running("web")
        try browser.open("images/ID/create/", instance)
        #expect(browser.page.title == "Create Snapshot")
        let long = String(repeating: "n", count: 256)
        #expect(try browser.submit(["name": long]).status == 422)
        #expect(browser.page.faults("name").count == 1 && browser.page.value("//input[@name='name']") == long)
        #expect(try browser.submit(["name": ""]).status == 422)
        try browser.submit(["name": "before the <upgrade>"])
        #expect(browser.page.path == "/dashboard/project/images/")
        #expect(browser.page.flashes == ["Creating snapshot \"before the <upgrade>\" of instance \"web\"."])
        try site.jobs.drain()
        try browser.get("/dashboard/project/images/")
        #expect(browser.page.first("//tr[@data-display='before the <upgrade>']/td[@data-label='Type']") == "Snapshot")
        #expect(browser.page.first("//tr[@data-display='before the <upgrade>']/td[@data-label='Status']") == "Active")
    }

    @Test func `a resize asks for a decision on the instance's page, and confirming ends it`() throws {
        let instance = try scene.running("web")
        try browser.open("instances/ID/resize/", instance)
        try browser.submit(["flavor_id": "1"])
        #expect(browser.page.title == "web" && browser.page.flashes == ["Resizing instance \"web\"."])
        try site.jobs.drain()
        try browser.get("/dashboard/project/instances/\(instance.id)/")
        let notice = "//form[contains(@class,'notice')]"
        #expect(browser.page.first(notice + "/p")?.contains("m1.tiny") == true)
        #expect(browser.page.all(notice + "//button") == ["Confirm Resize/Migrate", "Revert Resize/Migrate"])
        #expect(try browser.get("/dashboard/project/instances/").first("//td[@class='actions']//button") == "Confirm")
        try browser.get("/dashboard/project/instances/\(instance.id)/")
        try browser.submit([:], form: notice, button: ("action", "instances__confirm_resize__\(instance.id)"))
        #expect(browser.page.flashes == ["Confirming the resize: web"])
        try site.jobs.drain()
        #expect(try browser.get("/dashboard/project/instances/\(instance.id)/").nodes(notice).isEmpty)
        #expect(try scene.current(instance).flavor.name == "m1.tiny")
    }

    @Test func `going back from a resize asks first, because something is lost`() throws {
        let instance = try scene.running("web")
        _ = try site.compute.resize(instance.id, to: "1", as: site.admin)
        try site.jobs.drain()
        try browser.get("/dashboard/project/instances/\(instance.id)/")
        try browser.submit(
            [:], form: "//form[contains(@class,'notice')]",
            button: ("action", "instances__revert_resize__\(instance.id)"))
        #expect(browser.page.title == "Confirm Revert Resize/Migrate")
        try browser.submit([:], button: ("action", "instances__revert_resize"))
        try site.jobs.drain()
        #expect(try scene.current(instance).flavor.name == "m1.micro")
    }

    @Test func `a rebuild warns, and takes image and description`() throws {
        let other = try site.makeImage("other")
        let instance = try scene.running("web")
        try browser.open("instances/ID/rebuild/", instance)
        #expect(
            browser.page.first("//div[contains(@class,'flash warning')]")
                == "Everything on the instance's disk is lost.")
        #expect(browser.page.value("//select[@name='image']/option[@selected]") == scene.image.id.text)
        #expect(browser.page.first("//select[@name='image']/option[@selected]") == "tiny (1.0 MB)")
        try browser.submit(["image": other.id.text, "description": "new <b>start</b>"])
        try site.jobs.drain()
        #expect(try scene.current(instance).imageName == "other")
        #expect(try scene.current(instance).description == "new <b>start</b>")
        try browser.open("instances/ID/rebuild/", instance)
        #expect(try browser.submit(["image": "nope", "description": "kept"]).status == 422)
        #expect(browser.page.value("//input[@name='description']") == "kept")
    }

    @Test func `a rescued instance says so and can be given back`() throws {
        let instance = try scene.running("web")
        try browser.open("instances/ID/rescue/", instance)
        try browser.submit([:])
        #expect(browser.page.flashes == ["Rescuing instance \"web\"."])
        try site.jobs.drain()
        try browser.get("/dashboard/project/instances/\(instance.id)/")
        #expect(browser.page.all("//form[contains(@class,'notice')]//button") == ["Unrescue Instance"])
        try browser.submit(
            [:], form: "//form[contains(@class,'notice')]", button: ("action", "instances__unrescue__\(instance.id)"))
        try site.jobs.drain()
        #expect(try scene.current(instance).status == .active)
    }

    @Test func `an interface is attached by network and address, and taken away by its port`() throws {
        let instance = try scene.running("web")
        try browser.open("instances/ID/attach_interface/", instance)
        #expect(try browser.submit(["fixed_ip": "10.0.0.999"]).status == 422)
        #expect(browser.page.faults("fixed_ip").count == 1)
        #expect(browser.page.value("//input[@name='fixed_ip']") == "10.0.0.999")
        let drawn = try scene.current(instance).addresses.map(\.address.description)
        let wanted = try #require(["10.0.0.77", "10.0.0.78"].first { !drawn.contains($0) })
        try browser.submit(["fixed_ip": wanted])
        #expect(browser.page.flashes == ["Attaching an interface to instance \"web\"."])
        try site.jobs.drain()
        #expect(try scene.current(instance).addresses.map(\.address.description).contains(wanted))
        try browser.open("instances/ID/detach_interface/", instance)
        let option = "//select[@name='port']/option[contains(.,'\(wanted)')]"
        let port = try #require(browser.page.value(option))
        try browser.submit(["port": port])
        try site.jobs.drain()
        #expect(try !scene.current(instance).addresses.map(\.address.description).contains(wanted))
    }

    @Test func `of two actions that undo each other the one that fits is offered`() throws {
        let instance = try scene.running("web")
        _ = try site.compute.perform(.pause, on: instance.id, as: site.admin)
        try site.jobs.drain()
        let page = try browser.get("/dashboard/project/instances/\(instance.id)/actions/?action=row_menu")
        #expect(page.nodes("//button[contains(@value,'__unpause__')][not(@disabled)]").count == 1)
        #expect(page.nodes("//button[contains(@value,'__pause__')]").isEmpty)
        #expect(
            try browser.get("/dashboard/project/instances/").first("//td[@class='actions']//button")
                == "Resume")
    }
}
