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

/// One instance's page beyond its first tab.
struct InstanceDetailTests {
    let site: TestSite
    let browser: Browser
    private let scene: InstanceScene

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
        scene = try InstanceScene(site)
    }

    @Test func `the action log says who asked for what, when, how long it took and what came of it`() throws {
        let instance = try scene.running("web")
        _ = try site.compute.perform(.stop, on: instance.id, as: site.admin)
        try site.jobs.drain()
        try browser.get("/dashboard/project/instances/\(instance.id)/?tab=instance_details__audit")
        #expect(
            browser.page.all("//table[@id='audit']/thead//th") == [
                "Request ID", "Action", "Start Time", "Duration", "User", "Result", "Message",
            ])
        #expect(browser.page.all("//td[@data-label='Action']") == ["Stop", "Create"])
        #expect(browser.page.all("//td[@data-label='User']") == ["admin", "admin"])
        #expect(Set(browser.page.all("//td[@data-label='Result']")) == ["Done"])
        #expect(browser.page.first("//td[@data-label='Duration']")?.hasSuffix("s") == true)
    }

    @Test func `the timeline says what the scheduler thought of each host`() throws {
        func host(_ name: String, free memory: Int) -> HostSnapshot {
            HostSnapshot(
                name: name, total: HostResources(vcpus: 8, memoryMiB: memory, diskGiB: 100),
                used: HostResources(vcpus: 0, memoryMiB: 0, diskGiB: 0))
        }
        let request = PlacementRequest(vcpus: 1, memoryMiB: 4096, diskGiB: 1)
        let scheduler = Scheduler(ratios: AllocationRatios(memory: 1))
        func verdicts(_ hosts: [HostSnapshot]) throws -> [String] {
            let steps = try site.compute.timeline(of: scene.running("web").id, as: site.admin)
            let wording = try Self.wording()
            let model = TimelineModel(
                steps, scheduling: .decision(scheduler.decide(request, among: hosts)), now: site.clock.now(), wording)
            return model.steps.flatMap { step in
                step.verdicts.map { verdict in
                    "\(verdict.host) \(verdict.status.text): \(verdict.reasons.joined(separator: " "))"
                }
            }
        }
        #expect(
            try verdicts([host("node1", free: 8000), host("node2", free: 1200), host("node3", free: 5000)]) == [
                "node1 Chosen: Weight 1.00", "node2 Refused: Too little RAM: asks 4096 MB, free 1200 MB.",
                "node3 Accepted: Weight 0.00",
            ])
        #expect(try verdicts([host("node1", free: 8000)]).isEmpty, "of a single host nothing has to be said")
        #expect(try verdicts([host("node1", free: 1)]) == ["node1 Refused: Too little RAM: asks 4096 MB, free 1 MB."])
    }

    private static func wording() throws -> Wording {
        Wording(
            language: .english, translations: try Translations(directory: TestSite.root + "/Templates/locale"),
            timeZone: .gmt)
    }

    @Test func `owners are told neither hosts nor what hosts say, administrators are`() throws {
        _ = try site.makeUser("alice")
        let alice = try site.loggedIn("alice")
        let owner = try site.makeUser("carol")
        site.host.fail(.start, with: .failed("monitor of simulated is gone", remedy: nil))
        let instance = try scene.running("web", as: owner)
        let path = "/dashboard/project/instances/\(instance.id)/"
        let page = try site.loggedIn("carol").get(path)
        #expect(page.status == 200 && page.first("//h1") == "web")
        #expect(page.first("//p[@class='fault-message']") == "The guest could not be started.")
        #expect(!page.text.contains("simulated") && page.nodes("//dt[.='Host' or .='Details']").isEmpty)
        try browser.get(path)
        #expect(browser.page.first("//dt[.='Host']/following-sibling::dd[1]") == "simulated")
        #expect(browser.page.first("//dt[.='Details']/following-sibling::dd[1]") == "monitor of simulated is gone")
        #expect(try alice.get(path).status == 404)
    }

    @Test func `owners read how many hosts were refused and why`() throws {
        let owner = try site.makeUser("alice")
        let group = try site.compute.createServerGroup(NewServerGroup(name: "web", policy: "anti-affinity"), as: owner)
        func launch(_ name: String) throws -> Instance {
            var request = LaunchRequest(name: name, flavorID: "42", imageID: scene.image.id.text)
            request.networkIDs = [scene.network.id.text]
            request.serverGroupID = group.id.text
            let instance = try site.compute.launch(request, as: owner)[0]
            try site.jobs.drain()
            return instance
        }
        _ = try launch("web-1")
        let second = try launch("web-2")
        let page = try site.loggedIn("alice").get("/dashboard/project/instances/\(second.id)/")
        #expect(page.all("//details[@class='verdicts']//dt") == ["1 host"])
        #expect(
            page.all("//details[@class='verdicts']//dd") == [
                "Refused Anti-affinity: enough of the server group is there."
            ])
    }

    @Test func `a failed action shows its cause and cure in every state`() throws {
        let instance = try scene.running("web")
        _ = try site.compute.perform(.stop, on: instance.id, as: site.admin)
        try site.jobs.drain()
        site.host.fail(.start, with: .failed("monitor is gone", remedy: "Free some memory."))
        _ = try site.compute.perform(.start, on: instance.id, as: site.admin)
        try site.jobs.drain()
        try browser.get("/dashboard/project/instances/\(instance.id)/")
        #expect(browser.page.first("//div[@class='page-status']/span[1]") == "Shutoff")
        let fault = browser.page.first("//section[contains(@class,'fault-panel')]")
        #expect(fault?.contains("monitor is gone") == true && fault?.contains("Free some memory.") == true)
    }

    @Test func `the definition of the domain is for administrators`() throws {
        let alice = try site.makeUser("alice")
        let instance = try scene.running("web", as: alice)
        let path = "/dashboard/project/instances/\(instance.id)/?tab=instance_details__definition"
        #expect(try browser.get(path).status == 200)
        #expect(browser.page.all("//nav[@class='tabs']/a").last == "Definition (XML)")
        #expect(browser.page.nodes("//pre[@class='xml']//span[@class='xml-name']").isEmpty == false)
        let owner = try site.loggedIn("alice")
        #expect(try owner.get(path).status == 403)
        #expect(try !owner.get("/dashboard/project/instances/\(instance.id)/").text.contains("definition"))
        // Nothing has to be there to be looked at.
        let waiting = try scene.launched("later")
        try browser.get("/dashboard/project/instances/\(waiting.id)/?tab=instance_details__definition")
        #expect(browser.page.status == 200 && browser.page.nodes("//pre[@class='xml']").isEmpty)
    }

    @Test func `XML is shown with its parts marked, and cannot act in the page`() {
        let hostile = "<a b=\"1\" c='<x>'><!-- <script> --><d>&amp;<script>alert(1)</script></d></a"
        let html = XMLHighlighting.html(hostile).description
        #expect(!html.contains("<script") && !html.contains("<a"))
        #expect(html.hasPrefix("&lt;<span class=\"xml-name\">a</span> <span class=\"xml-attribute\">b</span>="))
        #expect(html.contains("<span class=\"xml-value\">&quot;1&quot;</span>"))
        #expect(html.contains("<span class=\"xml-comment\">&lt;!-- &lt;script&gt; --&gt;</span>"))
        for broken in ["", "<", "<a", "<a b=\"", "<!--", "<?x", "text", "</", "a > b"] {
            let text = XMLHighlighting.html(broken).description.replacing(/<[^>]*>/, with: "")
            #expect(text == SafeHTML.text(broken).description, "nothing is lost of \(broken)")
        }
    }
}
