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

struct InstanceUsageTests {
    private let site: TestSite
    private let browser: Browser
    private let owner: RequestContext

    init() throws {
        site = try TestSite()
        owner = try site.makeUser("ada")
        browser = try site.loggedIn("ada")
        site.host.setTime(site.clock.now().milliseconds)
    }

    private func launch(_ name: String = "web") throws -> Instance {
        let network = try site.makeNetwork(as: owner).network
        var request = LaunchRequest(name: name, flavorID: "42", imageID: try site.makeImage().id.text)
        request.networkIDs = [network.id.text]
        let instance = try site.compute.launch(request, as: owner)[0]
        try site.jobs.drain()
        try site.compute.sampleStatistics()
        return instance
    }

    /// Lets time pass and measures every ten seconds.
    private func run(_ seconds: Int64) throws {
        for _ in 0..<seconds / 10 {
            site.clock.advance(seconds: 10)
            site.host.setTime(site.clock.now().milliseconds)
            try site.compute.sampleStatistics()
        }
    }

    private func path(_ instance: Instance, _ range: String = "1h") -> String {
        "/dashboard/project/instances/\(instance.id)/?tab=instance_details__usage&range=\(range)"
    }

    @Test func `the tab shows each chart with its numbers, and the same as a table`() throws {
        let instance = try launch()
        try run(600)
        let page = try browser.get(path(instance))
        #expect(page.status == 200)
        #expect(
            page.all("//section[contains(@class,'chart')]/h2") == [
                "CPU", "Memory", "Disk throughput", "Disk requests", "Network throughput", "Network packets",
            ])
        #expect(page.nodes("//svg[@class='chart-plot']").count == 6)
        #expect(
            page.all("//section[@id='chart-memory']//table[@class='chart-keys']/tbody//th") == [
                "Used by the guest", "Taken on the host", "Memory of the flavor",
            ])
        #expect(page.nodes("//section[@id='chart-cpu']//table[@class='chart-values']/tbody/tr").count == 12)
        let label = try #require(page.value("//section[@id='chart-cpu']//svg[@class='chart-plot']", "aria-label"))
        #expect(label.contains("CPU. Of all vCPUs: now "))
        let now = try #require(page.first("//section[@id='chart-cpu']//table[@class='chart-keys']/tbody//td[1]"))
        #expect(label.replacing("\u{A0}", with: " ").contains("now \(now),"))
        // The simulated host says so.
        #expect(page.text.contains("these numbers are made up"))
        // No style in the page: the content security policy would not let it through.
        #expect(page.nodes("//*[@style]").isEmpty)
    }

    @Test func `every time has its charts, and an unknown one is the hour`() throws {
        let instance = try launch()
        try run(7_300)
        // Two hours are longer than a session.
        try browser.logIn("ada", TestSite.password)
        for range in ["1h", "24h", "7d", "30d"] {
            let page = try browser.get(path(instance, range))
            #expect(page.nodes("//nav[@class='segments']/a[@aria-current]").count == 1)
            #expect(
                page.value("//nav[@class='segments']/a[@aria-current]", "href")?.hasSuffix("range=\(range)") == true)
            #expect(page.nodes("//svg[@class='chart-plot']").count == 6, "\(range)")
        }
        let page = try browser.get(path(instance, "nonsense"))
        #expect(page.first("//nav[@class='segments']/a[@aria-current]") == "1 hour")
    }

    @Test func `times are those of the reader's clock`() throws {
        let instance = try launch()
        try run(60)
        browser.setCookie("horizon_timezone", "Asia%2FShanghai")
        let page = try browser.get(path(instance))
        #expect(page.value("//div[@id='instance-usage']", "data-offset") == "28800")
        // The clock shows 00:01 UTC.
        #expect(page.all("//section[@id='chart-cpu']//svg/text") == ["07:15", "07:30", "07:45"])
        #expect(page.first("//section[@id='chart-cpu']//table[@class='chart-values']/tbody//th") == "07:56")
    }

    @Test func `what was not measured is said and not drawn as zero`() throws {
        let instance = try launch()
        let page = try browser.get(path(instance))
        #expect(page.nodes("//svg[@class='chart-plot']").isEmpty)
        #expect(Set(page.all("//p[@class='chart-problem']")) == ["Nothing was measured in this time."])
    }

    @Test func `the charts alone come with a tag, so that nothing new costs nothing`() throws {
        let instance = try launch()
        try run(60)
        let fragment = "/dashboard/project/instances/\(instance.id)/usage/?range=1h"
        let first = try browser.get(fragment)
        #expect(first.text.hasPrefix("<div id=\"instance-usage\""))
        browser.field = ("If-None-Match", try #require(first.fields["ETag"]))
        #expect(try browser.get(fragment).status == 304)
        try run(10)
        #expect(try browser.get(fragment).status == 200)
    }

    @Test func `the file has a line for each step, and nothing where nothing is known`() throws {
        let instance = try launch()
        try run(120)
        let file = try browser.get("/dashboard/project/instances/\(instance.id)/usage/csv/?range=1h")
        #expect(file.fields["Content-Type"] == "text/csv; charset=utf-8")
        #expect(
            file.fields["Content-Disposition"] == "attachment; filename=\"\(instance.id)-1h.csv\"")
        let lines = file.text.components(separatedBy: "\r\n")
        #expect(lines.count == 362)
        #expect(lines[0].hasPrefix("time,cpu_percent,memory_used_bytes,"))
        #expect(lines[1] == "2025-12-31T23:02:00Z,,,,,,,,,,,")
        let last = lines[360].components(separatedBy: ",")
        #expect(last.count == 12)
        #expect(last.dropFirst().allSatisfy { Double($0) != nil })
        let day = try browser.get("/dashboard/project/instances/\(instance.id)/usage/csv/?range=24h")
        #expect(day.text.components(separatedBy: "\r\n")[0].hasSuffix("network_sent_packets_per_second_max"))
    }

    @Test func `what another project uses is not found, in no form`() throws {
        let instance = try launch()
        try run(20)
        _ = try site.makeUser("bob")
        let stranger = try site.loggedIn("bob")
        let base = "/dashboard/project/instances/\(instance.id)/"
        for path in [path(instance), base + "usage/", base + "usage/csv/"] {
            #expect(try stranger.get(path).status == 404, "\(path)")
            #expect(try site.browser().get(path, follows: false).status == 303, "\(path)")
        }
    }

    @Test func `the list shows the last hour of each instance, unless the reader does without`() throws {
        let instance = try launch("<b>web</b>")
        try run(600)
        let list = "/dashboard/project/instances/"
        let page = try browser.get(list)
        #expect(page.all("//table[@id='instances']/thead//th").contains("CPU"))
        #expect(page.first("//td[@data-label='CPU']")?.hasSuffix("%") == true)
        let line = try #require(page.value("//td[@data-label='CPU']//svg/path", "d"))
        #expect(line.hasPrefix("M"))
        #expect(line.allSatisfy { "Ml-0123456789 ".contains($0) })
        let row = try browser.get("\(list)?action=row_update&table=instances&obj_id=\(instance.id)")
        #expect(row.text.contains("class=\"spark\""))

        try browser.get("/dashboard/settings/")
        #expect(page.nodes("//td[@data-label='CPU']").count == 1)
        try browser.submit(["instance_loads": "off"], form: "//form[contains(@class,'narrow')]")
        #expect(try !browser.get(list).text.contains("spark"))
        #expect(try browser.get(list).nodes("//td[@data-label='CPU']").isEmpty)
    }

    @Test func `a line in a list has a gap where nothing is known`() throws {
        let instance = try launch()
        try run(240)
        try site.host.powerOff(instance.id.text)
        try run(240)
        _ = try site.host.start(instance.id.text)
        try run(480)
        let load = try #require(try site.compute.loads(of: [instance.id], as: owner)[instance.id])
        let path = Sparkline(load).path
        #expect(path.count { $0 == "M" } == 2)
        #expect(try #require(load.latest) >= 0)
        let known = (0..<InstanceLoad.count).compactMap { index in
            load[index].map { [2 * index, 100 - Int($0.rounded())] }
        }
        #expect(Self.points(of: path) == known)
    }

    /// Where a path of one place and relative lines from it leads, each begun by a line of no length.
    private static func points(of path: String) -> [[Int]] {
        path.split(separator: "M").flatMap { line -> [[Int]] in
            let parts = line.split(separator: "l")
            var numbers = parts.map { part in
                part.replacing("-", with: " -").split(separator: " ").compactMap { Int($0) }
            }
            guard numbers.count == 2 else { return [] }
            var points = [numbers[0]]
            numbers[1].removeFirst(2)
            for index in stride(from: 0, to: numbers[1].count - 1, by: 2) {
                let last = points[points.count - 1]
                points.append([last[0] + numbers[1][index], last[1] + numbers[1][index + 1]])
            }
            return points
        }
    }
}
