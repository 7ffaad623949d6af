import Database
import Foundation
import TestSupport
import Testing

@testable import daybreak

/// What shows consoles, on this machine.
private let missingViewers: String? = {
    let files = ConsoleFiles(ConsoleSettings())
    return files.screenModule == nil || files.terminalScript == nil ? "needs novnc and node-xterm" : nil
}()

extension Journey {
    /// Launches an instance and waits until it runs.
    /// - Returns: the address of its page.
    func launch(_ name: String, _ aftermath: Aftermath) async throws -> String {
        try await waitForImage(aftermath)
        try await open("/dashboard/project/instances/launch/")
        try await browser.fill("name", with: name)
        try await browser.element("//tr[.//label='m1.micro']//input").click()
        try await browser.press("form.launch .form-foot button.primary")
        try await open("/dashboard/project/instances/")
        _ = try await browser.wait(for: "tr[data-display='\(name)'] .status.good", seconds: 240)
        let id = try aftermath.texts("SELECT id AS text FROM instances WHERE name = \(name)").first ?? ""
        return "/dashboard/project/instances/\(id)/"
    }

    /// The address that nova's API gives of an instance's screen.
    /// - Parameter page: the instance's page.
    fileprivate func novaConsole(of page: String) async throws -> String {
        let login = """
            {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "admin", "password": "admin",
             "domain": {"name": "Default"}}}}, "scope": {"project": {"name": "admin", "domain": {"name": "Default"}}}}}
            """
        let type = ("Content-Type", "application/json")
        let session = try await PlainHTTP.send(
            "POST", daybreak.url("/identity/v3/auth/tokens"), fields: [type], content: Array(login.utf8))
        let id = page.split(separator: "/").last ?? ""
        let console = try await PlainHTTP.send(
            "POST", daybreak.url("/compute/v2.1/servers/\(id)/remote-consoles"),
            fields: [
                type, ("X-Auth-Token", session["X-Subject-Token"] ?? ""), ("OpenStack-API-Version", "compute 2.6"),
            ], content: Array(#"{"remote_console": {"protocol": "vnc", "type": "novnc"}}"#.utf8))
        let answer = try JSONSerialization.jsonObject(with: Data(console.text.utf8)) as? [String: [String: String]]
        return try #require(answer?["remote_console"]?["url"], "\(console.text)")
    }

    /// Waits until the page says how its connection is.
    fileprivate func expectConsole(_ state: String) async throws {
        _ = try await browser.wait(for: "[data-console][data-state='\(state)']", seconds: 60)
    }

    /// What xterm.js shows, as its tree for screen readers has it.
    fileprivate func terminalText() async throws -> String {
        try await browser.run(
            "return [...document.querySelectorAll('.xterm-accessibility-tree > div')].map((row) => row.textContent).join('\\n')"
        ) ?? ""
    }

    fileprivate func waitForTerminal(_ text: String) async throws {
        _ = try await waitUntil("the terminal shows \(text)", seconds: 60) {
            try await terminalText().replacing("\u{A0}", with: " ").contains(text) ? true : nil
        }
    }

    fileprivate func typeIntoTerminal(_ text: String) async throws {
        try await browser.element(".xterm-helper-textarea").type(text)
    }

    /// How many cells of the guest's text screen (8 by 16 pixels) have something in them, as noVNC paints it.
    fileprivate func paintedCells() async throws -> Int {
        try await browser.run(
            """
            const canvas = document.querySelector("[data-screen] canvas");
            if (!canvas?.width) return 0;
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const cells = new Set();
            for (let index = 1; index < data.length; index += 4) {
                const pixel = (index - 1) / 4, row = Math.floor(pixel / canvas.width);
                if (data[index] > 96) cells.add(`${Math.floor(row / 16)} ${Math.floor(pixel % canvas.width / 8)}`);
            }
            return String(cells.size);
            """
        ).flatMap { Int($0) } ?? 0
    }
}

/// With a guest that is made up: everything but the guest is real.
@Suite(
    .enabled(if: Chromedriver.missing == nil, "needs chromium and chromium-driver"),
    .enabled(if: missingViewers == nil, "needs novnc and node-xterm"),
    .serialized, .timeLimit(.minutes(10)))
struct `The console` {
    private static let tab = "?tab=instance_details__console"

    @Test func `shows the screen, takes keys, and gives the keyboard back`() async throws {
        try await Journey.with(settings: ["LIBVIRT_URI": "\"simulated\""]) { journey in
            let browser = journey.browser
            try await journey.logIn()
            let page = try await journey.launch("web", Aftermath(state: journey.daybreak.state))
            try await journey.open(page + Self.tab)
            try await journey.expectConsole("connected")
            #expect(try await browser.element("[data-status]").text() == "Connected")
            // The colour of the place where a key's square comes.
            let pixel = """
                const canvas = document.querySelector("[data-screen] canvas");
                return [...canvas.getContext("2d").getImageData(4, 4, 1, 1).data].join();
                """
            _ = try await waitUntil("the screen is painted") {
                try await browser.run(pixel) == "27,42,73,255" ? true : nil
            }
            try await browser.element("[data-screen] canvas").type("a")
            _ = try await waitUntil("the key's square is painted") {
                try await browser.run(pixel) == "255,255,255,255" ? true : nil
            }
            // Ctrl, Alt and Del are three more.
            try await browser.element("[data-keys]").click()
            _ = try await waitUntil("the keys' squares are painted") {
                try await browser.run(pixel.replacing("(4, 4", with: "(100, 4")) == "255,255,255,255" ? true : nil
            }

            // The way out for who has only a keyboard.
            try await browser.element("[data-screen] canvas").type("\u{E008}\u{E00C}")
            #expect(try await browser.run("return document.activeElement.dataset.fullscreen") == "")
        }
    }

    @Test func `says when somebody else has opened the serial port, and takes it back by a button`() async throws {
        try await Journey.with(settings: ["LIBVIRT_URI": "\"simulated\""]) { journey in
            let browser = journey.browser
            try await journey.logIn()
            let page = try await journey.launch("web", Aftermath(state: journey.daybreak.state))
            // Two tabs share the serial port as two people would: who comes last has it.
            try await journey.open(page + "serial/")
            try await journey.expectConsole("connected")
            try await journey.waitForTerminal("login:")
            try await journey.typeIntoTerminal("someone")
            try await journey.waitForTerminal("login: someone")
            _ = try await browser.run(
                """
                const root = document.querySelector("[data-console]");
                return fetch(root.dataset.open, { method: "POST", headers: { "X-CSRFToken": root.dataset.csrf },
                    body: new URLSearchParams({ type: "serial" }) }).then((answer) => answer.json()).then((answer) => {
                        window.other = new WebSocket(answer.socket.replace(/^/, location.origin.replace("http", "ws")));
                    });
                """)
            try await journey.expectConsole("closed")
            #expect(try await browser.element("[data-status]").text().contains("somebody else"))
            try await browser.element("[data-reconnect]").click()
            try await journey.expectConsole("connected")
        }
    }

    @Test func `nova's page opens once, and says so the second time`() async throws {
        try await Journey.with(settings: ["LIBVIRT_URI": "\"simulated\""]) { journey in
            try await journey.logIn()
            let instance = try await journey.launch("web", Aftermath(state: journey.daybreak.state))
            try await journey.open("/vnc_auto.html?token=never-was")
            try await journey.expectConsole("closed")
            #expect(try await journey.browser.element("[data-status]").text().contains("can be opened once"))
            #expect(try await !journey.browser.location().absoluteString.contains("token"))
            let address = try await journey.novaConsole(of: instance)
            #expect(address.contains("/vnc_auto.html?path=%3Ftoken%3D"))
            try await journey.open(address)
            try await journey.expectConsole("connected")
            #expect(try await !journey.browser.location().absoluteString.contains("token"))
            // The refusal of the socket is a line in the console, and meant to be.
            _ = try await journey.browser.complaints()
        }
    }
}

@Suite(
    .enabled(if: Chromedriver.missing == nil, "needs chromium and chromium-driver"),
    .enabled(if: RealGuests.missing == nil, "needs libvirt, qemu and the guest image's packages"),
    .enabled(if: missingViewers == nil, "needs novnc and node-xterm"),
    .serialized, .timeLimit(.minutes(15)))
struct `A person sits down in front of a guest` {
    @Test func `sees its login prompt, logs in, and is heard on both of its consoles`() async throws {
        try await Journey.with { journey in
            let browser = journey.browser
            let aftermath = Aftermath(state: journey.daybreak.state)
            try await journey.logIn()
            let page = try await journey.launch("web", aftermath)
            @Sendable func log() async throws -> String {
                try await browser.run(
                    "return fetch('\(page)console/').then((answer) => answer.text())") ?? ""
            }
            try await journey.open(page + "?tab=instance_details__console")
            try await journey.expectConsole("connected")
            _ = try await waitUntil("the guest has booted", seconds: 300) {
                try await log().contains("login:") ? true : nil
            }
            // The words are pixels: that something stands there is seen here, that it is the prompt when it is answered.
            _ = try await waitUntil("something is on the screen", seconds: 60) {
                try await journey.paintedCells() > 40 ? true : nil
            }
            let canvas = try await browser.element("[data-screen] canvas")
            try await canvas.type("root\n")
            try await Task.sleep(for: .seconds(2))
            try await canvas.type("gocubsgo\n")
            try await Task.sleep(for: .seconds(3))
            try await canvas.type("echo Typed by hand > /dev/ttyS0\n")
            _ = try await waitUntil("what was typed on the screen has reached the serial port", seconds: 60) {
                try await log().contains("Typed by hand") ? true : nil
            }

            try await journey.open(page + "?tab=instance_details__console&console=serial")
            try await journey.expectConsole("connected")
            try await journey.typeIntoTerminal("\n")
            try await journey.waitForTerminal("login:")
            try await journey.typeIntoTerminal("nobody")
            try await journey.waitForTerminal("login: nobody")
        }
    }
}
