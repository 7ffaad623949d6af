import Database
import Foundation
import Markup
import TestSupport
import Testing

/// The tutorial's first deed: an administrator adds a range to a subnet's allocation pools.
@Suite(.enabled(if: Chromedriver.missing == nil, "needs chromium and chromium-driver"), .timeLimit(.minutes(5)))
struct `An administrator edits a subnet` {
    private static let simulated = ["LIBVIRT_URI": "\"simulated\""]
    private static let first = "192.168.56.100,192.168.56.200"

    @Test(arguments: [Language.english, .simplifiedChinese])
    func `every rule refuses beside the field, and a good pool is stored`(language: Language) async throws {
        var options = BrowserOptions()
        options.languages = language == .english ? ["en-US", "en"] : ["zh-CN", "zh"]
        let words = try Translations(directory: SourceTree.root + "/Templates/locale")
        try await Journey.with(settings: Self.simulated, options) { journey in
            let browser = journey.browser
            try await journey.logIn()
            try await journey.open("/dashboard/admin/networks/")
            try await journey.follow("provider")
            try await browser.press("a[href*='subnets_tab']")
            try await browser.press("a[href*='/subnets/'][href*='/update']")
            #expect(try await browser.wait(for: "h1").text() == words.text("Edit Subnet", language))
            #expect(try await Self.pools(browser) == Self.first)

            for (line, part) in Self.refused {
                try await Self.save(browser, Self.first + "\n" + line)
                let fault = try await browser.wait(for: ".field.invalid .fault").text()
                #expect(fault.contains("2") && fault.contains(part), "\(line): \(fault)")
                #expect(try await Self.pools(browser) == Self.first + "\n" + line, "the box keeps what was typed")
            }
            #expect(try Self.stored(journey) == [Self.first])

            // All at once: each faulty line has its own.
            try await Self.save(browser, ([Self.first] + Self.refused.map(\.line)).joined(separator: "\n"))
            _ = try await browser.wait(for: ".field.invalid .fault")
            #expect(try await browser.elements(".field.invalid .fault").count >= Self.refused.count)

            try await Self.save(browser, Self.first + "\n192.168.56.210,192.168.56.220")
            _ = try await browser.wait(for: ".flash.success")
            #expect(try Self.stored(journey) == [Self.first, "192.168.56.210,192.168.56.220"])
        }
    }

    @Test func `what pools would change is drawn while one types, for the keyboard too, and nothing is saved`()
        async throws
    {
        try await Journey.with(settings: Self.simulated) { journey in
            let browser = journey.browser
            try await journey.logIn()
            try await journey.open("/dashboard/admin/networks/")
            try await journey.follow("provider")
            try await browser.press("a[href*='subnets_tab']")
            try await browser.press("a[href*='/subnets/'][href*='/update']")
            try await browser.wait(for: "label[for='tab_details']").click()
            try await browser.fill("allocation_pools", with: "192.168.56.20,192.168.56.29")
            _ = try await waitUntil("ten addresses are drawn as gained") {
                try await browser.elements("[data-grid] td.gained").count == 10 ? true : nil
            }
            #expect(try await browser.elements("[data-grid] td.lost").count == 101)
            #expect(try await browser.element("[data-studio-status]").property("textContent")?.contains("→ 10") == true)

            try await browser.fill("allocation_pools", with: "192.168.56.20,192.168.56.29\n192.168.56.29,192.168.56.40")
            _ = try await browser.wait(for: "[data-grid] td.wrong")
            #expect(try await browser.element("#id_allocation_pools_faults").text().contains("192.168.56.29"))

            // One stop for the tab key, then arrows; what one is at is said.
            let stops = "return String(document.querySelectorAll('[data-grid] [tabindex=\"0\"]').length)"
            #expect(try await browser.run(stops) == "1")
            try await browser.run(
                """
                const cell = document.querySelector('[data-grid] [tabindex="0"]');
                cell.focus();
                cell.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
                """)
            #expect(try await browser.element("[data-readout]").text().hasPrefix("192.168.56.16"))
            #expect(try Self.stored(journey) == [Self.first])
        }
    }

    /// A second line for the box, and what the fault shown beside it must quote of it.
    private static let refused: [(line: String, part: String)] = [
        ("192.168.56.210", "192.168.56.210"),
        ("192.168.56.210,192.168.56.300", "192.168.56.300"),
        ("fd00::10,fd00::20", "fd00::10"),
        ("192.168.56.230,192.168.56.220", "192.168.56.230"),
        ("192.168.57.1,192.168.57.9", "192.168.57.1"),
        ("192.168.56.255,192.168.56.255", "192.168.56.255"),
        ("192.168.56.150,192.168.56.210", "192.168.56.150"),
        ("192.168.56.1,192.168.56.9", "192.168.56.2"),
    ]

    private static func pools(_ browser: Browser) async throws -> String {
        let text = try await browser.element("textarea[name='allocation_pools']").property("value") ?? ""
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func save(_ browser: Browser, _ pools: String) async throws {
        // The tab of the details may be behind the other.
        try await browser.element("label[for='tab_details']").click()
        try await browser.fill("allocation_pools", with: pools)
        try await browser.press(".form-foot button.primary")
    }

    /// What other tools see: the tables of the tutorial.
    private static func stored(_ journey: Journey) throws -> [String] {
        let database = try DatabasePool(path: journey.daybreak.state.appending(path: "daybreak.sqlite").path)
        return try database.read { transaction in
            try transaction.map("SELECT first_ip, last_ip FROM ipallocationpools ORDER BY first_ip") { row in
                let first: String = try row["first_ip"]
                let last: String = try row["last_ip"]
                return first + "," + last
            }
        }
    }
}
