import Foundation
import TestSupport
import Testing

/// The driver itself, on a page without a server: the journeys rest on it.
@Suite(.enabled(if: Chromedriver.missing == nil, "needs chromium and chromium-driver"))
struct `The browser` {
    private func page(_ html: String) throws -> URL {
        let file = FileManager.default.temporaryDirectory.appending(path: "page-\(UUID().uuidString).html")
        try ("<!doctype html><meta charset=utf-8>" + html).write(to: file, atomically: true, encoding: .utf8)
        return file
    }

    @Test(.timeLimit(.minutes(2)))
    func `fields, buttons, scripts, schemes and pictures work`() async throws {
        let driver = try await Chromedriver()
        defer { driver.stop() }
        var options = BrowserOptions()
        options.width = 390
        options.height = 844
        options.isDark = true
        options.languages = ["zh-CN", "zh"]
        let browser = try await driver.browser(options)
        let url = try page(
            """
            <meta name=viewport content="width=device-width"><style>p { color: red } @media (prefers-color-scheme: dark) { p { color: rgb(1, 2, 3) } }</style>
            <p>Hello</p><form onsubmit="document.title = this.a.value + this.b.value; return false">
            <input name=a value=old><select name=b><option value=1>one<option value=2>two</select>
            <button>Go</button></form>
            """)
        defer { try? FileManager.default.removeItem(at: url) }
        try await browser.open(url)
        #expect(try await browser.text().hasPrefix("Hello"))
        try await browser.fill("a", with: "new")
        try await browser.choose("2", in: "b")
        try await browser.element("//button[.='Go']").click()
        #expect(try await browser.title() == "new2")
        #expect(try await browser.run("return getComputedStyle(document.querySelector('p')).color") == "rgb(1, 2, 3)")
        #expect(try await browser.run("return innerWidth") == "390")
        #expect(try await browser.run("return navigator.language") == "zh-CN")
        #expect(try await browser.screenshot().starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try await !browser.has("table"))
        await browser.close()
    }
}
