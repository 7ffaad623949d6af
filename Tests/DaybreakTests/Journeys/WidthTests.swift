import Database
import Foundation
import TestSupport
import Testing

/// A window may have any width. The cloud is simulated, and its names are long.
@Suite(
    .enabled(if: Chromedriver.missing == nil, "needs chromium and chromium-driver"), .serialized,
    .timeLimit(.minutes(10)))
struct `A window of any width` {
    private static let pages = [
        "project/overview/", "project/instances/", "project/images/", "project/key_pairs/", "project/server_groups/",
        "project/networks/", "project/network_topology/", "project/security_groups/", "project/security_groups/create/",
        "project/instances/launch/", "admin/instances/", "admin/hypervisors/",
        "admin/hypervisors/?tab=hypervisor_info__compute_host", "admin/aggregates/", "admin/flavors/", "admin/images/",
        "admin/networks/", "admin/floating_ips/",
        "admin/rbac_policies/", "admin/rbac_policies/create/", "admin/info/", "admin/info/?tab=system_info__nova_services", "settings/",
    ]

    /// What is wider than it may be, as the page is now; nothing when all is well.
    private static let measure = """
        const found = [];
        const width = document.documentElement.scrollWidth;
        if (width > innerWidth) found.push(`the page has ${width} of ${innerWidth}`);
        for (const table of document.querySelectorAll("table.table")) {
            const room = table.parentElement.clientWidth;
            if (table.scrollWidth > room) found.push(`${table.id || "a table"} has ${table.scrollWidth} of ${room}`);
        }
        return found.join(", ") || null;
        """

    @Test func `shows every list without scrolling sideways, from a phone to a large desk`() async throws {
        try await Journey.with(settings: ["LIBVIRT_URI": "\"simulated\""]) { journey in
            let aftermath = Aftermath(state: journey.daybreak.state)
            try await journey.waitForImage(aftermath)
            try await journey.logIn()
            try await furnish(journey)
            let id = try aftermath.texts("SELECT id AS text FROM instances").first ?? ""
            let network = try aftermath.texts("SELECT id AS text FROM networks").first ?? ""
            let group = try aftermath.texts("SELECT id AS text FROM securitygroups").first ?? ""
            let groups = ["", "update/", "add_rule/"].map { "project/security_groups/\(group)/\($0)" }
            let forms = ["ports/create/", "subnets/create/"].map { "project/networks/\(network)/\($0)" }
            let details =
                groups + forms + ["overview", "interfaces", "audit", "definition"].map {
                    "admin/instances/\(id)/?tab=instance_details__\($0)"
                } + ["subnets_tab", "ports_tab"].map { "admin/networks/\(network)/detail?tab=network_tabs__\($0)" }
            for path in Self.pages + details {
                try await journey.open("/dashboard/" + path)
                for width in [360, 390, 430] + Array(stride(from: 480, through: 1600, by: 40)) {
                    try await journey.browser.resize(width: width)
                    let found = try await journey.browser.run(Self.measure)
                    #expect(found == nil, "\(path) at \(width)")
                }
            }
        }
    }

    /// Two instances and what else lists show, with names nobody would wish for.
    private func furnish(_ journey: Journey) async throws {
        let browser = journey.browser
        let name = "an-instance-with-a-name-that-" + String(repeating: "goes_on_and_on_", count: 6)
        for (name, flavor) in [(name, "m1.small"), ("web-1", "m1.micro")] {
            try await journey.open("/dashboard/project/instances/launch/")
            try await browser.fill("name", with: name)
            try await browser.element("//tr[.//label='\(flavor)']//input").click()
            try await browser.press("form.launch .form-foot button.primary")
        }
        try await journey.open("/dashboard/project/key_pairs/create/")
        try await browser.fill("name", with: String(repeating: "key_", count: 20))
        try await browser.press(".form-foot button.primary")
        try await journey.open("/dashboard/project/server_groups/create/")
        try await browser.fill("name", with: String(repeating: "group_", count: 12))
        try await browser.press(".form-foot button.primary")
        try await journey.open("/dashboard/admin/aggregates/create/")
        try await browser.fill("name", with: String(repeating: "aggregate", count: 10))
        try await browser.press(".form-foot button.primary")
        try await journey.open("/dashboard/project/instances/")
        _ = try await browser.wait(for: "tr[data-display='web-1'] .status.good", seconds: 60)
    }
}
