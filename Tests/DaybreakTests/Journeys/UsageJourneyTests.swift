import Foundation
import TestSupport
import Testing

/// Somebody looks at what an instance uses, while it is measured. The cloud is simulated: what it shows is made up, how it
/// is shown is not.
@Suite(
    .enabled(if: Chromedriver.missing == nil, "needs chromium and chromium-driver"), .serialized,
    .timeLimit(.minutes(5)))
struct `A person looks at what an instance uses` {
    @Test func `the charts grow by themselves, and say what is under the pointer`() async throws {
        try await Journey.with(settings: ["LIBVIRT_URI": "\"simulated\""]) { journey in
            let browser = journey.browser
            let aftermath = Aftermath(state: journey.daybreak.state)
            try await journey.waitForImage(aftermath)
            try await journey.logIn()
            try await journey.open("/dashboard/project/instances/launch/")
            try await browser.fill("name", with: "first")
            try await browser.element("//tr[.//label='m1.micro']//input").click()
            try await browser.press("form.launch .form-foot button.primary")
            try await journey.open("/dashboard/project/instances/")
            _ = try await browser.wait(for: "tr[data-display='first'] .status.good", seconds: 60)
            try await browser.press("tr[data-display='first'] a.cell-link")
            try await journey.follow("Usage")

            // Nothing was measured when the page was made; from here on it is not loaded again.
            try await browser.run("window.leftBehind = true")
            let line = "#chart-cpu .chart-lines path.line"
            _ = try await browser.wait(for: line, seconds: 60)
            let first = try await browser.element(line).attribute("d")
            _ = try await waitUntil("the line goes on", seconds: 40) {
                try await browser.element(line).attribute("d") == first ? nil : true
            }
            #expect(try await browser.run("return window.leftBehind ? 'same' : null") == "same")

            try await browser.element("#chart-memory .chart-drawing").click()
            let note = try await browser.wait(for: "#chart-memory .chart-note").text()
            #expect(note.contains("Used by the guest"))
            #expect(note.contains("Taken on the host"))
            // One pointer, one note.
            try await browser.element("#chart-disk .chart-drawing").click()
            _ = try await browser.wait(for: "#chart-disk .chart-note")
            #expect(try await browser.elements(".chart-note").count == 1)

            try await browser.press("//a[normalize-space(.)='24 hours']")
            #expect(try await browser.element(".segments a[aria-current]").text() == "24 hours")
        }
    }
}
