import Database
import Foundation
import Markup
import TestSupport
import Testing

/// `kill -9` in the middle of a launch, once in each phase of its job; then the program is started again. The instance
/// must end Active or Error, and nothing may be left over that belongs to no instance.
@Suite(
    .enabled(if: RealGuests.missing == nil, "needs libvirt, qemu and the guest image's packages"),
    .serialized, .timeLimit(.minutes(10)))
struct `A power cut in the middle of a launch` {
    @Test(arguments: ["schedule", "image", "network", "block_device_mapping", "spawn"])
    func `leaves an instance that is whole or in error, and no orphans`(phase: String) async throws {
        let first = try await DaybreakProcess()
        defer { first.remove() }
        let aftermath = Aftermath(state: first.state)
        _ = try await waitUntil("there is an image", seconds: 120) {
            try aftermath.texts("SELECT name AS text FROM images WHERE status = 'active'").first
        }
        let client = WebClient(first.address)
        try await client.logIn()

        async let launched = Self.launch(client)
        let isCut = SlowMotion.kill(first.process) { try aftermath.runningPhase(of: "cut") == phase }
        #expect(isCut, "the launch was never seen in its phase \(phase)")
        #expect(try await first.process.end() == SIGKILL)
        // The answer may have got through or not: the person's view of it is not what this is about.
        _ = await launched

        let second = try await DaybreakProcess(in: first.folder)
        defer { second.process.signal(SIGKILL) }
        let outcome = try await waitUntil("the instance is finished", seconds: 180) {
            let state = try aftermath.state(of: "cut")
            return state == "building" ? nil : state
        }
        #expect(["active", "error"].contains(outcome))
        #expect(try aftermath.runningPhase(of: "cut") == nil)
        let whole = outcome == "active" ? 1 : 0
        #expect(try await aftermath.domains().count == whole)
        #expect(try aftermath.instanceFolders().count == whole)
        #expect(try aftermath.addresses().count == whole)

        // And what is there can be deleted.
        try await Self.delete("cut", WebClient(second.address))
        _ = try await waitUntil("the instance is gone", seconds: 90) {
            ["deleted", nil].contains(try aftermath.state(of: "cut")) ? true : nil
        }
        #expect(try await aftermath.domains() == [])
        #expect(try aftermath.instanceFolders() == [])
        #expect(try aftermath.addresses() == [])
    }

    /// Sends the form as it comes, with a name and a flavor.
    private static func launch(_ client: WebClient) async -> WebClient.Page? {
        do {
            let form = try await client.get("/dashboard/project/instances/launch/")
            let flavor = try form.document.xpath("//tr[.//label='m1.micro']//input").first?.attribute("value")
            return try await client.submit(
                form, action: "/instances/launch/", ["name": "cut", "flavor_id": flavor ?? ""])
        } catch {
            return nil
        }
    }

    private static func delete(_ name: String, _ client: WebClient) async throws {
        try await client.logIn()
        let list = try await client.get("/dashboard/project/instances/")
        let link = try list.document.xpath("//tr[@data-display='\(name)']//a[contains(@href, '/actions/')]").first
        let actions = try await client.get(try #require(link?.attribute("href")))
        let button = try actions.document.xpath("//button[contains(@value, '__delete__')]").first
        let value = try #require(button?.attribute("value"))
        let question = try await client.submit(actions, action: "/project/instances/", button: ("action", value))
        let confirmation = try question.document.xpath("//main//form//button[@name='action']").first?.attribute("value")
        _ = try await client.submit(
            question, action: "/project/instances/", button: ("action", try #require(confirmation)))
    }
}
