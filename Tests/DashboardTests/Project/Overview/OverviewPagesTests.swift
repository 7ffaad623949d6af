import Compute
import HTTP
import Images
import Markup
import Networking
import ServiceCore
import Testing

@testable import Dashboard

struct OverviewPagesTests {
    private static let path = "/dashboard/project/overview/"
    let site: TestSite
    let browser: Browser

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
    }

    private func launch(_ name: String, count: Int = 1) throws {
        let image = try site.makeImage()
        let network = try site.makeNetwork().network
        var request = LaunchRequest(name: name, flavorID: "42", imageID: image.id.text)
        request.networkIDs = [network.id.text]
        request.count = count
        _ = try site.compute.launch(request, as: site.admin)
    }

    private func ring(_ title: String) -> String {
        "//ul[@class='rings']/li[.//strong[text()='\(title)']]"
    }

    @Test func `it is where one lands`() throws {
        let page = try browser.get("/dashboard/")
        #expect(page.path == Self.path)
        #expect(page.title == "Overview")
    }

    @Test func `rings show what is used of what there is`() throws {
        #expect(try browser.get(Self.path).first(ring("Instances") + "//span") == "Used 0 of 10")
        try launch("web", count: 8)
        try browser.get(Self.path)
        #expect(browser.page.first(ring("Instances") + "//span") == "Used 8 of 10")
        #expect(browser.page.first(ring("RAM (MB)") + "//span") == "Used 1024 of 51200")
        #expect(browser.page.value(ring("Instances") + "//*[@stroke-dasharray]", "stroke-dasharray") == "80 20")
        #expect(browser.page.value(ring("Instances") + "//*[@stroke-dasharray]", "class") == "ring-used high")
        #expect(browser.page.value(ring("vCPUs") + "//*[@stroke-dasharray]", "class") == "ring-used fine")
        #expect(browser.page.first(ring("Networks") + "//span") == "Used 1 of 100")
        #expect(browser.page.nodes("//table[@id='instances']//tbody/tr").count == 8)
    }

    @Test func `what others have is neither counted nor listed`() throws {
        try launch("hidden")
        _ = try site.makeUser("rita", role: "reader")
        let page = try site.loggedIn("rita").get(Self.path)
        #expect(page.status == 200)
        #expect(page.first(ring("Instances") + "//span") == "Used 0 of 10")
        #expect(!page.text.contains("hidden</a>"))
    }

    @Test func `only rows can be acted on here`() throws {
        try launch("web")
        try browser.get(Self.path)
        #expect(browser.page.nodes("//input[@name='object_ids']").isEmpty)
        #expect(browser.page.nodes("//div[@class='toolbar-actions']//button").isEmpty)
        #expect(!browser.page.nodes("//tr//a[@data-menu]").isEmpty)
    }
}
