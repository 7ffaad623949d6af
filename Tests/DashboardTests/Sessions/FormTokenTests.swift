import Cryptography
import HTTP
import Markup
import ServiceCore
import Testing

@testable import Dashboard

/// A token that can be guessed from the length of a compressed page protects nothing.
struct FormTokenTests {
    private static let token = Random.token(bytes: 32)

    @Test func `a token is recognised under any mask, and looks different under each`() {
        let masked = (0..<100).map { _ in FormToken.masked(Self.token) }
        #expect(Set(masked).count == 100)
        for text in masked {
            #expect(FormToken.matches(text, Self.token))
            #expect(!FormToken.matches(text, Random.token(bytes: 32)))
            #expect(!text.contains(Self.token))
            // Not even three characters of one stand in the same place in another.
            #expect(zip(text, masked[0]).filter { $0 == $1 }.count < 20 || text == masked[0])
        }
    }

    @Test func `anything else is refused, the bare token too`() {
        let masked = FormToken.masked(Self.token)
        let wrong = [
            "", "x", Self.token, masked + "A", String(masked.dropLast()), masked.lowercased(), masked + masked,
        ]
        for text in wrong + [String(repeating: "A", count: 1 << 20)] {
            #expect(!FormToken.matches(text, Self.token))
        }
        #expect(!FormToken.matches(Base64.url.encode(Array(Self.token.utf8) + Array(Self.token.utf8)), Self.token))
    }

    @Test func `two pages of one session carry different tokens, and both are good`() throws {
        let browser = try TestSite().adminBrowser()
        var sent: [String] = []
        for _ in 0..<2 {
            let page = try browser.get("/dashboard/settings/")
            let tokens = Set(page.nodes("//input[@name='csrfmiddlewaretoken']").compactMap { $0.attribute("value") })
            #expect(tokens.count == 1, "one for all forms of a page: the page is shorter and no worse")
            sent += tokens
        }
        #expect(sent[0] != sent[1])
        for token in sent.reversed() {
            let fields = [("csrfmiddlewaretoken", token), ("timezone", "GMT"), ("pagesize", "10"), ("loglength", "10")]
            #expect(try browser.post("/dashboard/settings/", fields).status != 403)
        }
    }

    @Test func `neither the session's token nor the browser's stands in a page`() throws {
        let site = try TestSite()
        let browser = site.browser()
        let login = try browser.get("/dashboard/auth/login/")
        let guest = try #require(browser.cookies[GuestToken.cookieName])
        #expect(!login.text.contains(guest))
        let store = InMemorySessionStore(clock: ManualClock())
        let open = try TestSite(sessions: store)
        let member = try open.adminBrowser()
        let keeper = SessionKeeper(store: store, secretKey: TestSite.secret, timeout: 3600, clock: open.clock)
        let request = Request.testing(.get, "/", cookies: ["sessionid": member.cookies["sessionid"] ?? ""])
        let session = try #require(try keeper.find(request)).session
        for path in ["settings/", "project/networks/", "auth/logout/"] {
            let page = try member.get("/dashboard/" + path)
            #expect(page.status == 200 && !page.text.contains(session.csrfToken) && !page.text.contains(session.token))
        }
    }
}
