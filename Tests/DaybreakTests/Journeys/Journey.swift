import Database
import Foundation
import TestSupport

/// A real program, a real browser in front of it, and what both leave behind to look at.
struct Journey: Sendable {
    let daybreak: DaybreakProcess
    let driver: Chromedriver
    let browser: Browser

    /// Starts both and calls the body; whatever happens, both are gone afterwards. When the body throws, the last page
    /// is kept as a picture beside the tests' log.
    static func with(
        settings: [String: String] = [:], _ options: BrowserOptions = BrowserOptions(),
        _ body: (Journey) async throws -> Void
    ) async throws {
        let daybreak = try await DaybreakProcess(settings: settings)
        defer { daybreak.remove() }
        let driver = try await Chromedriver()
        defer { driver.stop() }
        let journey = Journey(daybreak: daybreak, driver: driver, browser: try await driver.browser(options))
        do {
            try await body(journey)
            // Wherever the journey led: nothing on the way was kept from running or from being shown.
            let broken = try await journey.browser.complaints().filter { $0.contains("Content Security Policy") }
            if !broken.isEmpty { throw NeverHappened(description: broken.joined(separator: "\n")) }
        } catch {
            // Not in the folder of this run, which goes with it.
            let picture = URL(filePath: "/tmp/journey-\(daybreak.folder.lastPathComponent).png")
            try? await journey.browser.screenshot(wholePage: true).write(to: picture)
            let page = (try? await journey.browser.text()) ?? ""
            await journey.browser.close()
            throw NeverHappened(
                description: "\(error)\nPicture: \(picture.path)\nPage:\n\(page)\nLog:\n\(daybreak.process.output)")
        }
        await journey.browser.close()
    }

    func open(_ path: String) async throws {
        try await browser.open(daybreak.url(path))
    }

    /// Types user name and password into the login page and presses its button.
    func logIn() async throws {
        try await open("/dashboard/")
        try await browser.fill("domain", with: "default")
        try await browser.fill("username", with: "admin")
        try await browser.fill("password", with: "admin")
        try await browser.press("button.primary")
        _ = try await browser.element(".topbar")
    }

    /// Waits until the image of the first start can be launched from.
    func waitForImage(_ aftermath: Aftermath) async throws {
        _ = try await waitUntil("there is an image", seconds: 120) {
            try aftermath.texts("SELECT name AS text FROM images WHERE status = 'active'").first
        }
    }

    /// Follows a link by what it says.
    func follow(_ text: String) async throws {
        try await browser.press("//a[normalize-space(.)='\(text)']")
    }
}
