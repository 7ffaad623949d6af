import Foundation
import TestSupport
import Testing

/// A browser says on its console what a page does against its policy, and what of the policy it does not understand.
@Suite(.enabled(if: Chromedriver.missing == nil, "needs chromium and chromium-driver"), .timeLimit(.minutes(5)))
struct `A browser has nothing to complain of` {
    @Test func `on any of the main pages`() async throws {
        try await Journey.with(settings: ["LIBVIRT_URI": "\"simulated\""]) { journey in
            try await journey.open("/dashboard/auth/login/")
            #expect(try await journey.browser.complaints().isEmpty)
            try await journey.logIn()
            let pages = [
                "project/overview/", "project/instances/", "project/instances/launch/", "project/images/",
                "project/images/create/", "project/key_pairs/", "project/networks/", "project/networks/create/",
                "admin/hypervisors/", "admin/flavors/", "admin/info/", "settings/", "auth/logout/",
            ]
            for page in pages {
                try await journey.open("/dashboard/\(page)")
                #expect(try await journey.browser.complaints() == [], "\(page)")
            }
            // A page that is not there is one complaint, about itself.
            try await journey.open("/dashboard/nowhere/")
            let complaints = try await journey.browser.complaints()
            #expect(complaints.count == 1 && complaints.first?.contains("404") == true, "\(complaints)")
        }
    }

    @Test func `unless something really breaks the policy`() async throws {
        try await Journey.with(settings: ["LIBVIRT_URI": "\"simulated\""]) { journey in
            try await journey.open("/dashboard/auth/login/")
            try await journey.browser.run("document.body.setAttribute('onclick', '1')")
            let complaints = try await journey.browser.complaints()
            #expect(complaints.contains { $0.contains("Content Security Policy") }, "\(complaints)")
        }
    }
}
