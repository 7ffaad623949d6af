import Foundation
import Identity
import ServiceCore
import Testing

@testable import Dashboard

struct LoginPagesTests {
    @Test func `every template binds, and the login form keeps Horizon's contract`() throws {
        let browser = try TestSite().browser()
        let page = try browser.get("/dashboard/auth/login/?next=/dashboard/settings/")
        #expect(page.status == 200)
        let form = "(//form)[last()]"
        for name in ["username", "password", "domain", "region"] {
            #expect(page.nodes("\(form)//*[@name='\(name)' and @id='id_\(name)']").count == 1, "\(name)")
        }
        #expect(page.nodes("\(form)//input[@name='csrfmiddlewaretoken']").count == 1)
        #expect(page.value("\(form)//input[@name='next']") == "/dashboard/settings/")
    }

    @Test func `the right password leads to the page that was asked for`() throws {
        let browser = try TestSite().browser()
        #expect(try browser.get("/").path == "/dashboard/auth/login/?next=%2Fdashboard%2F")
        try browser.logIn("admin", TestSite.password, next: "/dashboard/settings/")
        #expect(browser.page.path == "/dashboard/settings/")
        #expect(browser.page.text.contains("Overview"))
    }
}
