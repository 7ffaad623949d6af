import Compute
import HTTP
import Markup
import ServiceCore
import Testing

@testable import Dashboard

struct CatalogPagesTests {
    private static let paths = ["/dashboard/admin/flavors/", "/dashboard/admin/hypervisors/", "/dashboard/admin/info/"]
    let site: TestSite

    init() throws {
        site = try TestSite()
    }

    private func headings(_ page: Browser.Page) -> [String] { page.all("//table//thead//th") }

    @Test func `flavors are listed with their sizes, and sorted by size when asked`() throws {
        let browser = try site.adminBrowser()
        let page = try browser.get(Self.paths[0])
        #expect(headings(page) == ["Flavor Name", "vCPUs", "RAM", "Root Disk", "ID", "Public"])
        #expect(page.first("//tr[@data-display='m1.tiny']/td[@data-label='RAM']") == "512 MB")
        #expect(page.nodes("//table[@id='flavors']//td[contains(@class,'actions')]").isEmpty)
        let sorted = try browser.get(Self.paths[0] + "?flavors__sort=ram")
        let sizes = sorted.all("//td[@data-label='RAM']").compactMap { Int($0.prefix { $0.isNumber }) }
        #expect(sizes == sizes.sorted() && sizes.count > 3)
    }

    @Test func `services say whether they are up`() throws {
        let page = try site.adminBrowser().get(Self.paths[2])
        #expect(page.all("//td[@data-label='Name']").contains("nova-compute"))
        #expect(page.all("//td[@data-label='Status']").allSatisfy { $0 == "Enabled" })
        #expect(Set(page.all("//td[@data-label='State']")).isSubset(of: ["Up", "Down"]))
    }

    @Test func `hypervisors show what is promised of what they have`() throws {
        let page = try site.adminBrowser().get(Self.paths[1])
        #expect(headings(page).prefix(2) == ["Hostname", "Type"])
        #expect(page.title == "Hypervisors")
    }

    @Test(arguments: paths, ["member", "reader"])
    func `they are for administrators`(path: String, role: String) throws {
        _ = try site.makeUser("eve", role: role)
        let page = try site.loggedIn("eve").get(path)
        #expect(page.status == 403)
        #expect(page.title == "You are not authorized to access this page")
    }
}
