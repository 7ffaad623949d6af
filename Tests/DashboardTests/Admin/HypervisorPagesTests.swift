import Compute
import ComputeHost
import HTTP
import Markup
import ServiceCore
import Testing

@testable import Dashboard

struct HypervisorPagesTests {
    private static let hosts = "/dashboard/admin/hypervisors/?tab=hypervisor_info__compute_host"
    private static let disable = "/dashboard/admin/hypervisors/simulated/disable_service/"
    let site: TestSite
    let browser: Browser

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
        try site.jobs.recover()
        try site.jobs.drain()
    }

    private func cell(_ label: String) -> String? {
        browser.page.first("//tr[@data-display='simulated']/td[@data-label='\(label)']")
    }

    @Test func `rings and table say what is used of what there is`() throws {
        try browser.get("/dashboard/admin/hypervisors/")
        #expect(
            browser.page.all("//ul[@class='rings']//strong") == ["vCPU Usage", "Memory Usage", "Local Disk Usage"])
        #expect(
            browser.page.all("//ul[@class='rings']//span") == [
                "Used 0 of 16", "Used 0 MB of 32768 MB", "Used 0 GB of 500 GB",
            ])
        #expect(browser.page.nodes("//svg[@class='ring'][@aria-label]").count == 3)
        #expect(cell("RAM (used / total)") == "0 / 32768 MB" && cell("Instances") == "0")
        #expect(
            browser.page.value("//td[@data-label='Hostname']//a", "href")
                == "/dashboard/admin/instances/?instances__filter__q_field=host&instances__filter__q=simulated")
    }

    @Test func `a host is taken out of service with a reason, and put back`() throws {
        try browser.get(Self.hosts)
        #expect(cell("Status") == "Enabled" && cell("State") == "Up" && cell("Availability Zone") == "nova")
        #expect(browser.page.nodes("//a[@href='\(Self.disable)']").count == 1)
        try browser.get(Self.disable)
        try browser.submit(["reason": "new <disks>"])
        #expect(browser.page.flashes == ["Disabled compute service for host: simulated."])
        #expect(cell("Status") == "Disabled" && cell("Disabled Reason") == "new <disks>")
        try browser.submit([:], button: ("action", "compute_host__enable__simulated"))
        #expect(browser.page.flashes == ["Enabled compute service for hosts: simulated"])
        #expect(cell("Status") == "Enabled")
    }

    @Test func `what guests really take is shown beside what they were promised`() throws {
        let scene = try InstanceScene(site)
        _ = try scene.running("web")
        try browser.get("/dashboard/admin/hypervisors/")
        #expect(cell("Taken by guests now") == "–", "nothing was measured yet")
        for _ in 0..<3 {
            site.clock.advance(seconds: 10)
            site.host.setTime(site.clock.now().milliseconds)
            try site.compute.sampleStatistics()
        }
        try browser.get("/dashboard/admin/hypervisors/")
        let load = try #require(cell("Taken by guests now"))
        #expect(load.wholeMatch(of: /\d\.\d\d vCPUs ?[1-9][\d.]* MiB of RAM/) != nil, "\(load)")
    }

    @Test func `a reason that is too long comes back`() throws {
        try browser.get(Self.disable)
        let long = String(repeating: "x", count: 256)
        #expect(try browser.submit(["reason": long]).status == 422)
        #expect(browser.page.faults("reason").count == 1)
        #expect(browser.page.value("//input[@id='id_reason']") == long)
        #expect(try browser.get("/dashboard/admin/hypervisors/nowhere/disable_service/").status == 404)
    }

    @Test func `a host that has gone silent is seen`() throws {
        site.host.setUnavailable("libvirtd is stopped")
        for _ in 0..<7 {
            site.clock.advance(seconds: 10)
            try site.jobs.drain()
        }
        try browser.get(Self.hosts)
        #expect(cell("State") == "Down" && cell("Time since update") == "1 minute")
        try browser.get("/dashboard/admin/hypervisors/")
        #expect(cell("RAM (used / total)") == "0 / 32768 MB", "what it last said")
    }

    @Test func `only administrators switch hosts`() throws {
        _ = try site.makeUser("eve")
        let eve = try site.loggedIn("eve")
        #expect(try eve.get(Self.disable).status == 403)
        #expect(try eve.post(Self.disable, [("reason", "x")]).status == 403)
        #expect(try browser.post(Self.disable, [("reason", "forged")]).status == 403)
        #expect(try site.compute.services(as: site.admin).allSatisfy(\.isEnabled))
    }

    @Test func `the services of the cloud have their endpoints`() throws {
        let site = try TestSite {
            $0.endpoints = [
                ServiceEndpoint(name: "keystone", type: "identity", url: "http://127.0.0.1/identity/v3"),
                ServiceEndpoint(name: "nova", type: "compute", url: nil),
            ]
        }
        let browser = try site.adminBrowser()
        try browser.get("/dashboard/admin/info/")
        #expect(browser.page.first("//td[@data-label='Region']") == "RegionOne")
        #expect(browser.page.first("//td[@data-label='Endpoints']")?.contains("http://127.0.0.1/identity/v3") == true)
        #expect(
            browser.page.first("//tr[@data-display='nova']/td[@data-label='Endpoints']")
                == "None: it is used through these pages only.")
        #expect(browser.page.all("//nav[@class='tabs']/a") == ["Services", "Compute Services", "Network Agents"])
    }
}
