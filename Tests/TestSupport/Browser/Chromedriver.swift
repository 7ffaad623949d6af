public import Foundation

/// A chromedriver of its own on a free port: one per suite of journeys, any number of browsers from it. It and all of
/// its browsers end with this object.
public final class Chromedriver: Sendable {
    /// Where it answers, for instance `http://127.0.0.1:40123`.
    public let address: URL
    private let process: ChildProcess

    /// What is missing for journeys in a browser on this machine; `nil` when nothing is.
    public static var missing: String? {
        let needed = ["/usr/bin/chromium", "/usr/bin/chromedriver"]
        let absent = needed.filter { !FileManager.default.isExecutableFile(atPath: $0) }
        return absent.isEmpty ? nil : "\(absent.joined(separator: ", ")): apt-get install chromium chromium-driver"
    }

    /// Starts it and waits until it answers.
    public init() async throws {
        process = try ChildProcess("/usr/bin/chromedriver", ["--port=0", "--allowed-ips=127.0.0.1"])
        // "ChromeDriver was started successfully on port 40123."
        let line = try await process.line(containing: "started successfully on port")
        let port = line.split { !$0.isNumber }.last.map(String.init) ?? ""
        guard let address = URL(string: "http://127.0.0.1:\(port)") else {
            throw BrowserError(reason: "chromedriver said \(line)")
        }
        self.address = address
    }

    /// Opens a browser window.
    public func browser(_ options: BrowserOptions = BrowserOptions()) async throws -> Browser {
        let answer = try await WebDriverClient(base: address).send(
            "POST", "session",
            [
                "capabilities": [
                    "alwaysMatch": [
                        "goog:chromeOptions": options.chromeOptions, "goog:loggingPrefs": ["browser": "WARNING"],
                    ]
                ]
            ])
        guard let session = (answer as? [String: Any])?["sessionId"] as? String else {
            throw BrowserError(reason: "chromedriver opened no session")
        }
        let browser = Browser(client: WebDriverClient(base: address.appending(path: "session/\(session)")))
        try await browser.apply(options)
        return browser
    }

    /// Ends it with its browsers.
    public func stop() { process.stop() }

    deinit { process.stop() }
}

/// How a browser window is opened.
public struct BrowserOptions: Sendable {
    /// CSS pixels. At most 600 wide counts as a phone: touch, and a mobile viewport.
    public var width = 1440
    /// CSS pixels.
    public var height = 900
    /// What the page sees as `prefers-color-scheme`.
    public var isDark = false
    /// `Accept-Language`, most wanted first.
    public var languages = ["en-US", "en"]
    /// Off to see the page as it is without scripts.
    public var runsScripts = true

    /// A window on a desk, light, in English.
    public init() {}

    fileprivate var chromeOptions: [String: Any] {
        var arguments = [
            "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
            "--disable-extensions", "--disable-domain-reliability", "--force-color-profile=srgb",
            // Nothing may leave this machine, whatever a page or the browser itself would like to fetch.
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
            "--window-size=\(width),\(height)",
        ]
        if getuid() == 0 { arguments.append("--no-sandbox") }
        var preferences: [String: Any] = ["intl.accept_languages": languages.joined(separator: ",")]
        if !runsScripts { preferences["profile.managed_default_content_settings.javascript"] = 2 }
        return ["binary": "/usr/bin/chromium", "args": arguments, "prefs": preferences]
    }
}

/// The browser could not do what it was asked to.
public struct BrowserError: Error, CustomStringConvertible {
    /// WebDriver's name of the fault, `no such element` for instance.
    public var code = ""
    /// What went wrong.
    public let reason: String

    /// Code and reason.
    public var description: String { code.isEmpty ? reason : "\(code): \(reason)" }
}
