import Foundation
import Markup
import TestSupport
import Testing

/// The tutorial's second deed: a newcomer launches an instance, watches it boot, shuts it off and deletes it. A real
/// guest, emulated where the machine cannot do better.
@Suite(
    .enabled(if: Chromedriver.missing == nil, "needs chromium and chromium-driver"),
    .enabled(if: RealGuests.missing == nil, "needs libvirt, qemu and the guest image's packages"),
    .serialized, .timeLimit(.minutes(15)))
struct `A newcomer launches an instance` {
    @Test(arguments: [Language.english, .simplifiedChinese])
    func `from the form to the login prompt, and away again`(language: Language) async throws {
        var options = BrowserOptions()
        options.languages = language == .english ? ["en-US", "en"] : ["zh-CN", "zh"]
        let words = try Translations(directory: SourceTree.root + "/Templates/locale")
        func says(_ english: String) -> String { words.text(english, language) }

        try await Journey.with(options) { journey in
            let browser = journey.browser
            let aftermath = Aftermath(state: journey.daybreak.state)
            try await journey.logIn()
            #expect(try await browser.element("html").attribute("lang")?.hasPrefix(language.tag.prefix(2)) == true)
            try await journey.waitForImage(aftermath)

            try await journey.open("/dashboard/project/instances/")
            try await browser.press("a[href$='/instances/launch/']")
            try await browser.fill("name", with: "first")
            try await browser.element("//tr[.//label='m1.micro']//input").click()
            try await browser.press("form.launch .form-foot button.primary")

            // From here on the page is not loaded again: what changes on it was pushed.
            try await journey.open("/dashboard/project/instances/")
            let row = "tr[data-display='first']"
            _ = try await browser.wait(for: row + " .status.good", seconds: 240)
            #expect(try await browser.element(row).text().contains(says("Active")))
            #expect(try await browser.element(row).text().contains("192.168.56."))
            #expect(try await aftermath.domains() == ["instance-00000001"])
            #expect(try aftermath.addresses().count == 1)

            try await browser.press(row + " a[href*='/instances/']:not([href*='tab='])")
            try await Self.expectTimeline(browser)
            try await browser.press("a[href*='instance_details__log']")
            _ = try await waitUntil("the console log shows the guest's prompt", seconds: 300) {
                try await browser.reload()
                return try await browser.element("pre.console-log").text().contains("login:") ? true : nil
            }

            try await journey.open("/dashboard/project/instances/")
            try await Self.choose("stop", row, browser)
            _ = try await browser.wait(for: row + " .status.off", seconds: 120)
            try await Self.choose("delete", row, browser)
            _ = try await waitUntil("the row is gone", seconds: 60) {
                try await browser.has(row) ? nil : true
            }
            #expect(try await aftermath.domains() == [])
            #expect(try aftermath.instanceFolders() == [])
            #expect(try aftermath.addresses() == [])
        }
    }

    /// Seven phases, each with an outcome.
    private static func expectTimeline(_ browser: Browser) async throws {
        let steps = try await browser.elements(".timeline-steps li")
        #expect(steps.count == 7)
        #expect(try await browser.elements(".timeline-steps li .status.good").count == 7)
    }

    /// Opens the row's menu, chooses an action and confirms it where it asks.
    private static func choose(_ action: String, _ row: String, _ browser: Browser) async throws {
        try await browser.element(row + " td.actions [data-menu]").click()
        let button = try await browser.wait(for: row + " button[value*='__\(action)__']")
        let asks = try await button.attribute("data-confirm") != nil
        guard asks else { return try await browser.press(row + " button[value*='__\(action)__']") }
        try await button.click()
        _ = try await browser.wait(for: "dialog .form-foot button.danger")
        try await browser.press("dialog .form-foot button.danger")
    }
}
