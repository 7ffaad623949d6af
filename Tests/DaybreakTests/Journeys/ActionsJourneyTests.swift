import Database
import Foundation
import TestSupport
import Testing

/// What an owner does to an instance after its launch, in a browser, on a simulated host: quick, and all that a page does.
@Suite(
    .enabled(if: Chromedriver.missing == nil, "needs chromium and chromium-driver"), .serialized,
    .timeLimit(.minutes(10)))
struct `An owner acts on an instance` {
    private let row = "tr[data-display='web']"

    /// A simulated cloud with one running instance, and its owner on the list of instances.
    private func journey(scripts: Bool = true, _ body: @escaping (Journey, String) async throws -> Void) async throws {
        var options = BrowserOptions()
        options.runsScripts = scripts
        try await Journey.with(settings: ["LIBVIRT_URI": "\"simulated\""], options) { journey in
            let aftermath = Aftermath(state: journey.daybreak.state)
            try await journey.logIn()
            try await journey.waitForImage(aftermath)
            try await journey.open("/dashboard/project/instances/launch/")
            try await journey.browser.fill("name", with: "web")
            try await journey.browser.element("//tr[.//label='m1.tiny']//input").click()
            try await journey.browser.press("form.launch .form-foot button.primary")
            try await settle(journey, "active")
            let id = try aftermath.texts("SELECT id AS text FROM instances").first ?? ""
            try await journey.open("/dashboard/project/instances/")
            try await body(journey, id)
        }
    }

    /// Waits until nothing is being done to the instance any more, and it is in this state.
    private func settle(_ journey: Journey, _ state: String) async throws {
        let aftermath = Aftermath(state: journey.daybreak.state)
        _ = try await waitUntil("the instance is \(state)", seconds: 60) {
            try aftermath.texts("SELECT vm_state AS text FROM instances WHERE task_state IS NULL").first == state
                ? true : nil
        }
    }

    /// Opens the row's menu as a person with a mouse does, and presses an entry of it.
    private func choose(_ entry: String, _ browser: Browser) async throws {
        try await browser.wait(for: row + " [data-menu]").click()
        let item =
            "//tr[@data-display='web']//div[contains(@class,'action-menu')]//*[self::a or self::button][normalize-space(.)='\(entry)']"
        _ = try await browser.wait(for: item)
        try await browser.press(item)
    }

    @Test func `pauses it from the row's menu and resumes it, and the row says so by itself`() async throws {
        try await journey { journey, _ in
            let browser = journey.browser
            try await choose("Pause Instance", browser)
            // The list was loaded again when the form was sent; what the row says from here on was pushed.
            _ = try await browser.wait(
                for: "//tr[@data-display='web']/td[@data-label='Status'][contains(.,'Paused')]")
            let resume = "//tr[@data-display='web']/td[@class='actions']//button[.='Resume']"
            try await browser.press(resume)
            _ = try await browser.wait(for: row + " .status.good")
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func `opens and closes the menu with the keyboard`() async throws {
        try await journey { journey, _ in
            let browser = journey.browser
            let opener = try await browser.wait(for: row + " [data-menu]")
            try await opener.type("\u{E007}")
            _ = try await browser.wait(for: row + " .action-menu")
            let first = try await browser.run("return document.activeElement.textContent.trim()")
            #expect(first?.hasPrefix("Rescue") == true, "the first thing that can be done now, not \(first ?? "")")
            try await browser.element(":focus").type("\u{E015}")
            #expect(try await browser.run("return document.activeElement.textContent.trim()") == "Pause Instance")
            try await browser.element(":focus").type("\u{E00C}")
            #expect(try await browser.run("return document.activeElement.dataset.menu !== undefined") == "1")
            #expect(try await browser.run("return document.querySelector('.action-menu').hidden") == "1")
        }
    }

    @Test func `renames it, takes a snapshot and finds the snapshot among the images`() async throws {
        try await journey { journey, _ in
            let browser = journey.browser
            try await choose("Edit Instance", browser)
            try await browser.fill("description", with: "the shop")
            try await browser.press(".form-foot button.primary")
            try await browser.wait(forText: "the shop")
            try await journey.open("/dashboard/project/instances/")
            try await choose("Create Snapshot", browser)
            try await browser.fill("name", with: "before the upgrade")
            try await browser.press(".form-foot button.primary")
            _ = try await browser.wait(for: "tr[data-display='before the upgrade'] .status.good")
        }
    }

    @Test(arguments: [true, false])
    func `resizes it and confirms, with scripts and without`(scripts: Bool) async throws {
        try await journey(scripts: scripts) { journey, id in
            let browser = journey.browser
            if scripts {
                try await choose("Resize Instance", browser)
            } else {
                try await browser.press(row + " [data-menu]")
                try await journey.follow("Resize Instance")
            }
            try await browser.element("//tr[.//label='m1.small']//input").click()
            if scripts {
                #expect(try await browser.element("[data-quota=ram] [data-text]").text().contains("512 + 1536"))
            }
            try await browser.press(".form-foot button.primary")
            try await settle(journey, "resized")
            if !scripts { try await journey.open("/dashboard/project/instances/\(id)/") }
            let confirm = "//form[contains(@class,'notice')]//button[.='Confirm Resize/Migrate']"
            try await browser.press(confirm)
            try await settle(journey, "active")
            try await journey.open("/dashboard/project/instances/\(id)/")
            #expect(try await !browser.has("form.notice"))
            try await browser.wait(forText: "m1.small")
        }
    }

    @Test func `pauses and deletes it without scripts`() async throws {
        try await journey(scripts: false) { journey, _ in
            let browser = journey.browser
            try await browser.press(row + " [data-menu]")
            try await browser.press("//button[.='Pause Instance']")
            try await settle(journey, "paused")
            try await journey.open("/dashboard/project/instances/")
            try await browser.press(row + " [data-menu]")
            try await browser.press("//button[.='Delete Instance']")
            #expect(try await browser.element("ul.selected").text() == "web")
            try await browser.press(".form-foot button.danger")
            _ = try await waitUntil("the row is gone", seconds: 30) {
                try await browser.reload()
                return try await browser.has(row) ? nil : true
            }
        }
    }
}
