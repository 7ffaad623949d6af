import Database
import Foundation
import TestSupport
import Testing

/// Takes the pictures people look at when they judge the design, and those of the README: on a desk and on a phone,
/// light and dark. `DAYBREAK_PICTURES=folder swift test --filter Pictures` makes them; nothing is compared.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["DAYBREAK_PICTURES"] != nil,
        "set DAYBREAK_PICTURES to the folder the pictures are to be written to"), .timeLimit(.minutes(15)))
struct `Pictures of the dashboard` {
    private let folder = URL(filePath: ProcessInfo.processInfo.environment["DAYBREAK_PICTURES"] ?? "/nonexistent")

    @Test func `are taken of the pages of the main job`() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await Journey.with { journey in
            let aftermath = Aftermath(state: journey.daybreak.state)
            try await journey.waitForImage(aftermath)
            try await journey.logIn()
            for (name, flavor) in [("web-1", "m1.micro"), ("web-2", "m1.micro"), ("build-agent", "m1.tiny")] {
                try await journey.open("/dashboard/project/instances/launch/")
                try await journey.browser.fill("name", with: name)
                try await journey.browser.element("//tr[.//label='\(flavor)']//input").click()
                try await journey.browser.press("form.launch .form-foot button.primary")
            }
            _ = try await waitUntil("all instances are active", seconds: 240) {
                try aftermath.texts("SELECT name AS text FROM instances WHERE vm_state = 'active'").count == 3
                    ? true : nil
            }
            let network = try aftermath.texts("SELECT id AS text FROM networks").first ?? ""
            let subnet = try aftermath.texts("SELECT id AS text FROM subnets").first ?? ""
            let instance = try aftermath.texts("SELECT id AS text FROM instances WHERE number = 1").first ?? ""
            let pages = [
                ("instances", "/dashboard/project/instances/"), ("launch", "/dashboard/project/instances/launch/"),
                ("instance", "/dashboard/project/instances/\(instance)/"),
                ("network", "/dashboard/admin/networks/\(network)/detail/"),
                ("subnet", "/dashboard/admin/networks/\(network)/subnets/\(subnet)/update/"),
                ("overview", "/dashboard/project/overview/"), ("images", "/dashboard/project/images/"),
            ]
            try await photograph(journey, pages)
            try await photograph(journey, [("login", "/dashboard/auth/login/")], signedIn: false)
        }
    }

    /// Each page at 1440 and 390 pixels, light and dark.
    private func photograph(_ journey: Journey, _ pages: [(String, String)], signedIn: Bool = true) async throws {
        for width in [1440, 390] {
            for isDark in [false, true] {
                var options = BrowserOptions()
                options.width = width
                options.height = width == 1440 ? 900 : 844
                options.isDark = isDark
                let browser = try await journey.driver.browser(options)
                let visit = Journey(daybreak: journey.daybreak, driver: journey.driver, browser: browser)
                if signedIn { try await visit.logIn() }
                for (name, path) in pages {
                    try await visit.open(path)
                    if name == "subnet" { try await browser.element("label[for='tab_details']").click() }
                    let file = folder.appending(path: "\(name)-\(width)\(isDark ? "-dark" : "").png")
                    try await browser.screenshot(wholePage: width == 390).write(to: file)
                }
                await browser.close()
            }
        }
    }
}
