import Compute
import ComputeHost
import Foundation
import HTTP
import Images
import Markup
import Networking
import ServiceCore
import Testing

@testable import Dashboard

struct LaunchPagesTests {
    let site: TestSite
    let browser: Browser

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
    }

    private func launchPage() throws {
        try browser.get("/dashboard/project/instances/launch")
    }

    @Test func `the default security group is chosen beforehand, and the chosen ones are the instance's`() throws {
        _ = try site.makeImage()
        _ = try site.makeNetwork()
        let web = try site.networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: site.admin)
        try launchPage()
        #expect(browser.page.all("//section[@id='security-groups']//tr[.//input[@checked]]//label") == ["default"])
        #expect(try browser.submit(["name": "", "security_groups": web.id.text]).status == 422)
        #expect(browser.page.all("//section[@id='security-groups']//tr[.//input[@checked]]//label") == ["web"])
        try browser.submit(["name": "web"])
        try site.jobs.drain()
        let instance = try #require(try site.compute.instances(as: site.admin).items.first)
        let groups = try site.networking.securityGroups(ofInstance: instance.id.text, as: site.admin)
        #expect(groups.map(\.name) == ["web"])
    }

    @Test func `a launch from the form goes from Build to Active`() throws {
        _ = try site.makeImage()
        _ = try site.makeNetwork()
        try launchPage()
        try browser.submit(["name": "web"])
        #expect(browser.page.title == "web")
        #expect(browser.page.flashes == ["Scheduled creation of instance \"web\"."])
        #expect(browser.page.first("//div[@class='page-status']/span[1]") == "Build")
        try site.jobs.drain()
        try browser.get("/dashboard/project/instances/")
        #expect(browser.page.first("//tr[@data-display='web']//td[@data-label='Status']") == "Active")
        #expect(browser.page.first("//tr[@data-display='web']//td[@data-label='Power State']") == "Running")
    }

    @Test func `one network, one fitting flavor and the image are chosen beforehand`() throws {
        try site.makeSmallFlavor()
        let image = try site.makeImage()
        let (network, _) = try site.makeNetwork()
        try launchPage()
        #expect(browser.page.value("//input[@name='image_id' and @checked]") == image.id.text)
        #expect(browser.page.value("//input[@name='networks' and @checked]") == network.id.text)
        // m1.nano has 64 MB and the image needs 80: the next one up is offered.
        #expect(browser.page.value("//input[@name='flavor_id' and @checked]") == "42")
        let misfit = "//tr[.//input[@name='flavor_id' and @value='0']]//div[@data-image='\(image.id)' and not(@hidden)]"
        #expect(
            browser.page.first(misfit)
                == "The flavor m1.nano has 64 MB of memory, the image tiny needs at least 80 MB.")
    }

    @Test func `every fault is shown beside its field and all that was typed is kept`() throws {
        try site.makeSmallFlavor()
        _ = try site.makeImage()
        _ = try site.makeNetwork()
        try launchPage()
        let page = try browser.submit([
            "name": "", "count": "many", "flavor_id": "0", "description": "for <b>tests</b>", "networks": nil,
            "user_data": "#!/bin/sh\necho kept",
        ])
        #expect(page.status == 422)
        #expect(page.faults("name") == ["An instance needs a name."])
        #expect(page.faults("count") == ["The count is a whole number from 1 to 100."])
        #expect(page.value("//input[@id='id_count']") == "many")
        #expect(page.value("//input[@id='id_description']") == "for <b>tests</b>")
        #expect(page.text.contains("for &lt;b&gt;tests&lt;/b&gt;"))
        #expect(page.nodes("//textarea[@name='user_data']").first?.text.contains("echo kept") == true)
        #expect(page.value("//input[@name='flavor_id' and @checked]") == "0")
        #expect(page.all("//ul[@id='flavor_id_faults']/li").count == 1)
        #expect(page.all("//ul[@id='networks_faults']/li").count == 1)
        #expect(try site.compute.instances(as: site.admin).items.isEmpty)
    }

    @Test func `a launch over the quota says so and starts nothing`() throws {
        _ = try site.makeImage()
        _ = try site.makeNetwork()
        try launchPage()
        let page = try browser.submit(["name": "many", "count": "11"])
        #expect(page.status == 422)
        #expect(page.nodes("//div[@data-quota='instances' and contains(@class,'over')]").count == 1)
        #expect(page.first("//div[@data-quota='instances']//span[@data-text]") == "0 + 11 of 10")
        #expect(try site.compute.instances(as: site.admin).items.isEmpty)
    }

    @Test func `an address can fill in the form`() throws {
        let image = try site.makeImage("other")
        _ = try site.makeImage("tiny")
        let page = try browser.get("/dashboard/project/instances/launch?image=\(image.id)&name=web%22%3E&flavor=1")
        #expect(page.value("//input[@name='image_id' and @checked]") == image.id.text)
        #expect(page.value("//input[@name='flavor_id' and @checked]") == "1")
        #expect(page.value("//input[@name='name']") == "web\">")
    }

    @Test func `without images and networks the page says what to do first`() throws {
        try launchPage()
        #expect(browser.page.text.contains("There is no image to launch from yet."))
        #expect(browser.page.text.contains("There is no network with a subnet yet."))
    }

    @Test func `the form speaks Chinese`() throws {
        browser.language = "zh-CN"
        _ = try site.makeImage()
        try launchPage()
        #expect(browser.page.title == "创建实例")
        let page = try browser.submit(["name": ""])
        #expect(page.faults("name").first?.contains("An instance") == false)
    }
}
