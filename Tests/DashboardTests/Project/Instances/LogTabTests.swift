import Compute
import HTTP
import Images
import Networking
import ServiceCore
import Testing

@testable import Dashboard

struct LogTabTests {
    private func lines(_ query: String, _ log: String) -> [String] {
        LogSearch(query, in: log).lines.map { line in
            "\(line.number):" + line.pieces.map { $0.isHit ? "[\($0.text)]" : $0.text }.joined()
        }
    }

    @Test func `lines are found with their numbers, whatever the case`() {
        let log = "Booting\nerror: no disk\nok\nERROR and Error\n"
        #expect(lines("error", log) == ["2:[error]: no disk", "4:[ERROR] and [Error]"])
        #expect(lines("disk", log) == ["2:error: no [disk]"])
        #expect(lines("BOOTING", log) == ["1:[Booting]"])
        #expect(lines("nothing", log) == [] && lines("", log) == [] && lines("a", "") == [])
        #expect(lines("é", "café\nÉ") == ["1:caf[é]"])
        #expect(lines("aa", "aaaaa") == ["1:[aa][aa]a"])
        #expect(lines("x", "x") == ["1:[x]"])
    }

    @Test func `a text does not reach over a line's end`() {
        #expect(lines("a\nb", "a\nb") == [])
    }

    @Test func `only the last lines are shown, and long ones are cut`() {
        let many = LogSearch("x", in: (1...700).map { "x\($0)" }.joined(separator: "\n"))
        #expect(many.total == 700 && many.lines.count == 500)
        #expect(many.lines.first?.number == 201 && many.lines.last?.number == 700)
        let long = LogSearch("y", in: "y" + String(repeating: "z", count: 1 << 20))
        #expect(long.lines[0].pieces.map(\.text.utf8.count).reduce(0, +) == 4096)
    }

    /// A hundred times as long as it takes, so that a busy machine does not fail it.
    @Test(.timeLimit(.minutes(1))) func `a megabyte is searched and made readable in a moment`() {
        let line = "[    1.234567] \u{1B}[32mvirtio_net virtio1 eth0: renamed from ens3\u{1B}[0m\r\n"
        let log = Array(String(repeating: line, count: (1 << 20) / line.utf8.count).utf8)
        let duration = ContinuousClock().measure {
            let text = ConsoleText.readable(log)
            #expect(LogSearch("ETH0", in: text).total == (1 << 20) / line.utf8.count)
            #expect(LogSearch("zzz", in: text).total == 0)
        }
        #expect(duration < .seconds(20))
    }

    @Test func `the tab searches without JavaScript, and what it shows is escaped`() throws {
        let (site, path) = try self.site()
        let browser = try site.adminBrowser()
        let found = try browser.get(path + "?tab=instance_details__log&q=SIMULATED")
        #expect(found.nodes("//ol[@class='log-matches']/li").count > 1)
        #expect(found.all("//ol[@class='log-matches']//mark").allSatisfy { $0.lowercased() == "simulated" })
        #expect(found.value("//input[@name='q']") == "SIMULATED")
        #expect(found.nodes("//pre").isEmpty)
        let evil = try browser.get(path + "?tab=instance_details__log&q=%3Cscript%3Ealert(1)%3C/script%3E")
        #expect(evil.nodes("//script[not(@src)]").isEmpty)
        #expect(evil.value("//input[@name='q']") == "<script>alert(1)</script>")
        #expect(evil.first("//p[@class='log-found']")?.contains("0") == true)
        let tail = try browser.get(path + "?tab=instance_details__log")
        #expect(tail.nodes("//pre[@data-log]").count == 1)
    }

    @Test func `the log can be kept as a file`() throws {
        let (site, path) = try self.site("Łódź\"; x=\"1")
        let file = try site.adminBrowser().get(path + "console/?download=1")
        let disposition = file.fields["Content-Disposition"] ?? ""
        #expect(disposition.hasPrefix("attachment; filename=\"console-"))
        #expect(disposition.contains("filename*=UTF-8''%C5%81%C3%B3d%C5%BA%22%3B%20x%3D%221-console.log"))
        #expect(file.fields["Content-Type"] == "text/plain; charset=utf-8")
        #expect(file.text.contains("login:"))
    }

    private func site(_ name: String = "web") throws -> (TestSite, String) {
        let site = try TestSite()
        var request = LaunchRequest(name: name, flavorID: "42", imageID: try site.makeImage().id.text)
        request.networkIDs = [try site.makeNetwork().network.id.text]
        let instance = try site.compute.launch(request, as: site.admin)[0]
        try site.jobs.drain()
        return (site, "/dashboard/project/instances/\(instance.id)/")
    }
}
