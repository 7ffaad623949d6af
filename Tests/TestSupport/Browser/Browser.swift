public import Foundation

/// A real chromium window, driven as a person would drive it: by what is on the page.
public final class Browser: Sendable {
    private let client: WebDriverClient

    init(client: WebDriverClient) { self.client = client }

    func apply(_ options: BrowserOptions) async throws {
        try await resize(width: options.width, height: options.height, isPhone: options.width <= 600)
        try await prefer(dark: options.isDark)
    }

    /// Gives the window another size, in CSS pixels. On a phone a page that is too wide is shown smaller, and says so to
    /// nobody: whoever looks for such pages takes a narrow window on a desk.
    public func resize(width: Int, height: Int = 900, isPhone: Bool = false) async throws {
        try await devTools(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": isPhone])
    }

    /// Changes what pages see as `prefers-color-scheme`, at once.
    public func prefer(dark: Bool) async throws {
        let scheme = ["name": "prefers-color-scheme", "value": dark ? "dark" : "light"]
        // Still pictures of pages that do not move are the same every time.
        let still = ["name": "prefers-reduced-motion", "value": "reduce"]
        try await devTools("Emulation.setEmulatedMedia", ["features": [scheme, still]])
    }

    /// Goes to an address and waits until the page is loaded.
    public func open(_ url: URL) async throws {
        try await client.send("POST", "url", ["url": url.absoluteString])
    }

    /// Loads the page again.
    public func reload() async throws {
        try await client.send("POST", "refresh")
    }

    /// The address of the page shown.
    public func location() async throws -> URL {
        let text = try await client.send("GET", "url") as? String ?? ""
        guard let url = URL(string: text) else { throw BrowserError(reason: "the page's address is \(text)") }
        return url
    }

    /// The page's title.
    public func title() async throws -> String {
        try await client.send("GET", "title") as? String ?? ""
    }

    /// All text a person can read on the page.
    public func text() async throws -> String {
        try await element("body").text()
    }

    /// The first element that matches a CSS selector, or an XPath when it begins with `/`.
    public func element(_ selector: String) async throws -> BrowserElement {
        let found = try await client.send("POST", "element", Self.locator(selector))
        guard let element = BrowserElement(client: client, found) else {
            throw BrowserError(code: "no such element", reason: selector)
        }
        return element
    }

    /// Every element that matches, in the order of the page.
    public func elements(_ selector: String) async throws -> [BrowserElement] {
        let found = try await client.send("POST", "elements", Self.locator(selector)) as? [Any] ?? []
        return found.compactMap { BrowserElement(client: client, $0) }
    }

    /// Whether anything matches.
    public func has(_ selector: String) async throws -> Bool {
        try await !elements(selector).isEmpty
    }

    /// Waits until something matches.
    public func wait(for selector: String, seconds: Double = 20) async throws -> BrowserElement {
        try await waitUntil("\(selector) is on the page", seconds: seconds) {
            try await self.elements(selector).first
        }
    }

    /// Waits until the page says something.
    public func wait(forText wanted: String, seconds: Double = 20) async throws {
        _ = try await waitUntil("the page says \"\(wanted)\"", seconds: seconds) {
            try await self.text().contains(wanted) ? true : nil
        }
    }

    /// Fills in a field by its `name`.
    public func fill(_ name: String, with text: String) async throws {
        try await element("[name='\(name)']").replaceText(with: text)
    }

    /// Clicks something that leads to another page, and waits until that page is loaded. (Without waiting, what is asked
    /// for next may still be found on the old page.)
    public func press(_ selector: String, seconds: Double = 20) async throws {
        try await run("window.leftBehind = true")
        try await wait(for: selector).click()
        _ = try await waitUntil("\(selector) leads to another page", seconds: seconds) {
            try await self.run("return !window.leftBehind && document.readyState === 'complete' ? 'new' : null")
        }
    }

    /// Chooses an entry of a `<select>` by its value.
    public func choose(_ value: String, in name: String) async throws {
        try await element("select[name='\(name)'] option[value='\(value)']").click()
    }

    /// Runs a script in the page and gives what it returns.
    @discardableResult
    public func run(_ script: String) async throws -> String? {
        let value = try await client.send("POST", "execute/sync", ["script": script, "args": []])
        return value.flatMap { $0 is NSNull ? nil : "\($0)" }
    }

    /// What the browser's console has warned of since it was last asked: broken policies, faults of scripts, files that
    /// could not be loaded.
    public func complaints() async throws -> [String] {
        let entries = try await client.send("POST", "se/log", ["type": "browser"]) as? [[String: Any]] ?? []
        return entries.compactMap { $0["message"] as? String }
    }

    /// A picture of the window, or of the whole page at the window's width, as PNG.
    public func screenshot(wholePage: Bool = false) async throws -> Data {
        let answer = try await devTools(
            "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": wholePage])
        guard let text = (answer as? [String: Any])?["data"] as? String, let data = Data(base64Encoded: text) else {
            throw BrowserError(reason: "no picture")
        }
        return data
    }

    /// Closes the window.
    public func close() async {
        _ = try? await client.send("DELETE", "")
    }

    @discardableResult
    private func devTools(_ command: String, _ parameters: [String: Any]) async throws -> Any? {
        try await client.send("POST", "goog/cdp/execute", ["cmd": command, "params": parameters])
    }

    static func locator(_ selector: String) -> [String: Any] {
        ["using": selector.hasPrefix("/") || selector.hasPrefix(".//") ? "xpath" : "css selector", "value": selector]
    }
}

/// Something on the page.
public struct BrowserElement: Sendable {
    /// The name W3C WebDriver gives to references to elements.
    private static let key = "element-6066-11e4-a52e-4f735466cecf"
    private let client: WebDriverClient
    private let id: String

    init?(client: WebDriverClient, _ reference: Any?) {
        guard let id = (reference as? [String: Any])?[Self.key] as? String else { return nil }
        self.client = client
        self.id = id
    }

    /// Clicks in its middle, after scrolling it into view.
    public func click() async throws { try await client.send("POST", "element/\(id)/click") }

    /// Types into it, after what is there.
    public func type(_ text: String) async throws {
        try await client.send("POST", "element/\(id)/value", ["text": text])
    }

    /// Empties it and types.
    public func replaceText(with text: String) async throws {
        try await client.send("POST", "element/\(id)/clear")
        if !text.isEmpty { try await type(text) }
    }

    /// The text a person can read in it.
    public func text() async throws -> String {
        try await client.send("GET", "element/\(id)/text") as? String ?? ""
    }

    /// An attribute as it stands in the page; `nil` when it is not there.
    public func attribute(_ name: String) async throws -> String? {
        try await client.send("GET", "element/\(id)/attribute/\(name)") as? String
    }

    /// A property of the live element, `value` of a field for instance.
    public func property(_ name: String) async throws -> String? {
        let value = try await client.send("GET", "element/\(id)/property/\(name)")
        return value.flatMap { $0 is NSNull ? nil : "\($0)" }
    }

    /// Whether a person can see it.
    public func isShown() async throws -> Bool {
        try await client.send("GET", "element/\(id)/displayed") as? Bool ?? false
    }

    /// The first element inside this one that matches.
    public func element(_ selector: String) async throws -> BrowserElement {
        let found = try await client.send("POST", "element/\(id)/element", Browser.locator(selector))
        guard let element = BrowserElement(client: client, found) else {
            throw BrowserError(code: "no such element", reason: selector)
        }
        return element
    }
}
