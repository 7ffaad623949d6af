import Compute
import ComputeHost
import HTTP
import Images
import Markup
import Networking
import ServiceCore
import Testing

@testable import Dashboard

struct CatalogPagesTests {
    private static let paths = [
        "/dashboard/admin/flavors/", "/dashboard/admin/hypervisors/",
        "/dashboard/admin/info/?tab=system_info__nova_services",
    ]
    let site: TestSite

    init() throws {
        site = try TestSite()
    }

    private func headings(_ page: Browser.Page) -> [String] { page.all("//table//thead//th") }

    @Test func `flavors are listed with their sizes, and sorted by size when asked`() throws {
        let browser = try site.adminBrowser()
        let page = try browser.get(Self.paths[0])
        #expect(headings(page) == ["Flavor Name", "vCPUs", "RAM", "Root Disk", "ID", "Public", "Metadata"])
        #expect(page.first("//tr[@data-display='m1.tiny']/td[@data-label='RAM']") == "512 MB")
        #expect(page.nodes("//table[@id='flavors']//td[contains(@class,'actions')]").isEmpty)
        let sorted = try browser.get(Self.paths[0] + "?flavors__sort=ram")
        let sizes = sorted.all("//td[@data-label='RAM']").compactMap { Int($0.prefix { $0.isNumber }) }
        #expect(sizes == sizes.sorted() && sizes.count > 3)
    }

    @Test func `services say whether they are up`() throws {
        let browser = try site.adminBrowser()
        let state = "//tr[@data-display='nova-compute']/td[@data-label='State']"
        try site.jobs.recover()
        try site.jobs.drain()
        try browser.get(Self.paths[2])
        #expect(
            browser.page.all("//td[@data-label='Name']").sorted() == [
                "nova-compute", "nova-conductor", "nova-consoleauth", "nova-scheduler",
            ])
        #expect(Set(browser.page.all("//td[@data-label='Status']")) == ["Enabled"])
        #expect(browser.page.first(state) == "Up")
        site.host.setUnavailable("libvirtd is stopped")
        for _ in 0..<7 {
            site.clock.advance(seconds: 10)
            try site.jobs.drain()
        }
        try browser.get(Self.paths[2])
        #expect(browser.page.first(state) == "Down")
        #expect(browser.page.nodes(state + "//span[@class='status bad']").count == 1)
    }

    @Test func `hypervisors show what is promised of what they have`() throws {
        let image = try site.makeImage()
        var request = LaunchRequest(name: "web", flavorID: "42", imageID: image.id.text)
        request.networkIDs = [try site.makeNetwork().network.id.text]
        _ = try site.compute.launch(request, as: site.admin)
        try site.jobs.drain()
        let page = try site.adminBrowser().get(Self.paths[1])
        #expect(page.title == "All Hypervisors")
        #expect(headings(page).prefix(2) == ["Hostname", "Type"])
        #expect(page.first("//td[@data-label='RAM (used / total)']")?.hasPrefix("128 / ") == true)
    }

    @Test(arguments: paths, ["member", "reader"])
    func `they are for administrators`(path: String, role: String) throws {
        _ = try site.makeUser("eve", role: role)
        let page = try site.loggedIn("eve").get(path)
        #expect(page.status == 403)
        #expect(page.title == "You are not authorized to access this page")
    }
}
