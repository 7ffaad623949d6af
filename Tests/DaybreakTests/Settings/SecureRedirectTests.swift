import HTTP
import Testing

@testable import daybreak

@Suite struct `The way to TLS` {
    private func redirect(_ settings: String) throws -> SecureRedirect? {
        SecureRedirect(try SettingsFile(path: "s.json", bytes: Array(settings.utf8)).settings)
    }

    private static func listen(_ port: Int) -> String {
        #""LISTEN": ["[::]:80", {"address": "[::]:\#(port)", "certificate": "c", "key": "k"}]"#
    }

    @Test(arguments: [
        (443, "dash.example.org", "https://dash.example.org/dashboard/?a=%20b"),
        (443, "dash.example.org:80", "https://dash.example.org/dashboard/?a=%20b"),
        (8443, "dash.example.org:8000", "https://dash.example.org:8443/dashboard/?a=%20b"),
        (8443, "[2001:db8::1]", "https://[2001:db8::1]:8443/dashboard/?a=%20b"),
        (8443, "[2001:db8::1]:80", "https://[2001:db8::1]:8443/dashboard/?a=%20b"),
    ])
    func `leads to the same page of the same host, at the port with TLS`(port: Int, host: String, to: String) throws {
        let redirect = try #require(try redirect(#"{"SECURE_SSL_REDIRECT": true, \#(Self.listen(port))}"#))
        let request = Request.testing(.get, "/dashboard/?a=%20b", fields: ["Host": host])
        let response = try #require(redirect.answer(to: request))
        #expect(response.status == .permanentRedirect && response.fields["Location"] == to)
    }

    @Test func `leads to the host of the settings`() throws {
        let text = #"{"SECURE_SSL_REDIRECT": true, "SECURE_SSL_HOST": "a.example:1443", \#(Self.listen(8443))}"#
        let redirect = try #require(try redirect(text))
        let response = redirect.answer(to: .testing(.post, "/x", fields: ["Host": "b.example"]))
        #expect(response?.fields["Location"] == "https://a.example:1443/x")
    }

    @Test func `behind a proxy leads to the usual port`() throws {
        let redirect = try redirect(
            """
            {"SECURE_SSL_REDIRECT": true, "TRUSTED_PROXIES": ["127.0.0.1"],
             "SECURE_PROXY_SSL_HEADER": ["X-Forwarded-Proto", "https"]}
            """)
        let response = redirect?.answer(to: .testing(.get, "/x", fields: ["Host": "b.example:8000"]))
        #expect(response?.fields["Location"] == "https://b.example/x")
    }

    @Test func `is not for those who have TLS, nor for machines that watch`() throws {
        let redirect = try #require(try redirect(#"{"SECURE_SSL_REDIRECT": true, \#(Self.listen(443))}"#))
        #expect(redirect.answer(to: .testing(.get, "/dashboard/", isSecure: true)) == nil)
        #expect(redirect.answer(to: .testing(.get, "/healthz")) == nil)
        #expect(redirect.answer(to: .testing(.get, "/metrics")) == nil)
    }

    @Test func `is closed while nothing speaks TLS, and unless it is asked for`() throws {
        #expect(try redirect(#"{"SECURE_SSL_REDIRECT": true}"#) == nil)
        #expect(try redirect("{\(Self.listen(443))}") == nil)
    }

    @Test func `a target that names another host leads nowhere else`() throws {
        let redirect = try #require(try redirect(#"{"SECURE_SSL_REDIRECT": true, \#(Self.listen(443))}"#))
        let request = Request.testing(.get, "//evil.example/x", fields: ["Host": "a.example"])
        #expect(redirect.answer(to: request)?.fields["Location"] == "https://a.example//evil.example/x")
    }
}
