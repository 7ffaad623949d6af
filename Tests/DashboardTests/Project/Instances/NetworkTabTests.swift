import Compute
import ComputeHost
import HTTP
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// An instance's Network tab.
@Suite struct `The Network tab` {
    private let site: TestSite
    private let scene: InstanceScene
    private let instance: Instance

    init() throws {
        site = try TestSite()
        scene = try InstanceScene(site)
        instance = try scene.running("web <1>")
    }

    private func open(_ browser: Browser, _ query: String = "") throws {
        try browser.open("instances/ID/?tab=instance_details__network" + query, instance)
    }

    @Test func `administrators see each step with its name, as it should be and as it is`() throws {
        let browser = try site.adminBrowser()
        try open(browser)
        let page = browser.page
        #expect(page.all("//ol[@class='path']/li/span[@class='step-title']").prefix(2) == ["Guest", "Bridge"])
        #expect(page.first("//li[contains(@class,'good')]/code")?.hasPrefix("brq") == true)
        #expect(page.all("//table[contains(@class,'truth')]//th[@scope='col']") == ["Expected", "Found"])
        #expect(page.first("//section[contains(@class,'port-truth')]//span[@class='port-status']") == "As it should be")
    }

    @Test func `a difference is marked, with its cause and its cure`() throws {
        // The host forgets what it was told of the network.
        try site.host.remove(networkID: scene.network.id.text)
        let browser = try site.adminBrowser()
        try open(browser)
        #expect(browser.page.first("//li[@class='step bad']/span[@class='step-title']") == "Bridge")
        #expect(
            browser.page.first("//ul[@class='causes']/li//p") == "The network is not up on the instance's host.")
        #expect(browser.page.first("//span[@class='port-status']")?.hasPrefix("Not as it should be") == true)
    }

    @Test func `owners see what is right and wrong, and no names of the host's`() throws {
        let mine = try scene.running("mine", as: site.makeUser("eve"))
        let owner = try site.loggedIn("eve")
        try owner.open("instances/ID/?tab=instance_details__network", mine)
        #expect(owner.page.all("//span[@class='step-title']").contains("Bridge"))
        #expect(owner.page.nodes("//ol[@class='path']//code").isEmpty)
        #expect(owner.page.nodes("//table[contains(@class,'truth')]").isEmpty)
        try owner.get("/dashboard/project/instances/\(instance.id)/?tab=instance_details__network")
        #expect(owner.page.status == 404)
    }

    @Test func `a question is answered with causes and cures, and stays as it was asked`() throws {
        let browser = try site.adminBrowser()
        try open(browser, "&target=outside&protocol=tcp&port_number=22")
        let answer = browser.page.all("//div[@class='reach-answer']//li//p")
        #expect(answer.contains { $0.contains("TCP 22") } || answer.contains { $0.contains("No router") })
        #expect(browser.page.value("//select[@id='id_protocol']/option[@selected]", "value") == "tcp")
        #expect(browser.page.value("//input[@id='id_port_number']", "value") == "22")
        try open(browser, "&target=metadata")
        #expect(browser.page.nodes("//div[@class='reach-answer']").count == 1)
        _ = try scene.running("db")
        try open(browser)
        #expect(browser.page.all("//select[@id='id_target_instance']/option") == ["db"])
    }

    @Test(arguments: [
        ("&target=address&address=%3Cb%3E", "address"), ("&target=outside&protocol=tcp&port_number=0", "port_number"),
        ("&target=outside&protocol=udp&port_number=x", "port_number"),
    ])
    func `a question that makes no sense is told at its field`(query: String, field: String) throws {
        let browser = try site.adminBrowser()
        _ = try scene.running("db")
        try open(browser, query)
        #expect(browser.page.nodes("//ul[@id='id_\(field)_faults']/li").count == 1)
        #expect(browser.page.nodes("//div[@class='reach-answer']").isEmpty)
    }

    @Test func `somebody else's instance is none`() throws {
        let eve = try site.makeUser("eve")
        let mine = try scene.running("mine", as: eve)
        _ = try scene.running("beside", as: eve)
        let other = try site.loggedIn("eve")
        try other.open(
            "instances/ID/?tab=instance_details__network&target=instance&target_instance=\(instance.id)", mine)
        #expect(other.page.first("//p[@class='reach-problem']") != nil)
        #expect(other.page.all("//select[@id='id_target_instance']/option") == ["beside"])
    }

    @Test func `a host that is away is said, and the question can still be asked`() throws {
        site.host.fail(.inspectNetwork, with: .unavailable("gone <fishing>"))
        let browser = try site.adminBrowser()
        try open(browser)
        #expect(browser.page.first("//p[contains(@class,'muted')]")?.contains("gone <fishing>") == true)
        #expect(browser.page.nodes("//form[contains(@class,'reach-form')]").count == 1)
    }
}
