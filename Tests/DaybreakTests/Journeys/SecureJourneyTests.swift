import Foundation
import TestSupport
import Testing

/// The whole program over TLS, with curl for a browser.
@Suite(.timeLimit(.minutes(3)))
struct `Over TLS` {
    /// What curl says: heads and contents.
    private func curl(_ certificate: TestCertificate, _ arguments: [String]) async throws -> String {
        let jar = certificate.folder.appending(path: "cookies").path
        let child = try ChildProcess(
            "/usr/bin/curl",
            ["--silent", "--show-error", "--include", "--max-time", "60", "--cacert", certificate.certificate]
                + ["--cookie", jar, "--cookie-jar", jar] + arguments)
        defer { try? FileManager.default.removeItem(at: child.log) }
        #expect(try await child.end(seconds: 70) == 0, "\(child.output)")
        return child.output
    }

    @Test func `people log in with secure cookies, and browsers are told to stay`() async throws {
        let certificate = try await TestCertificate()
        defer { certificate.remove() }
        let secure =
            #"{"address": "127.0.0.1:0", "certificate": "\#(certificate.certificate)", "key": "\#(certificate.key)"}"#
        let daybreak = try await DaybreakProcess(settings: [
            "LIBVIRT_URI": "\"simulated\"", "LISTEN": "[\"127.0.0.1:0\", \(secure)]", "SECURE_HSTS_SECONDS": "3600",
        ])
        defer { daybreak.remove() }
        let address = try #require(daybreak.addresses(scheme: "https").first).absoluteString
        let form = try await curl(certificate, ["\(address)/dashboard/auth/login/"])
        #expect(form.contains("HTTP/1.1 200") && form.contains("Strict-Transport-Security: max-age=3600\r\n"))
        let token = try #require(form.firstMatch(of: /name="csrfmiddlewaretoken" value="([^"]+)"/)?.1)
        let fields = [
            "csrfmiddlewaretoken": String(token), "username": "admin", "password": "admin", "domain": "default",
        ]
        let page = try await curl(
            certificate,
            fields.flatMap { ["--data-urlencode", "\($0.key)=\($0.value)"] } + [
                "--header", "Origin: \(address)", "--location", "\(address)/dashboard/auth/login/",
            ])
        let cookies = page.split(separator: "\r\n").filter { $0.hasPrefix("Set-Cookie: ") }
        #expect(cookies.contains { $0.contains("sessionid=") && $0.contains("HttpOnly") }, "\(page)")
        #expect(cookies.allSatisfy { $0.contains("; Secure") || $0.contains("Max-Age=0") }, "\(cookies)")
        #expect(page.contains("/auth/logout/"), "\(page)")
        let plain = try await PlainHTTP.send("GET", daybreak.url("/dashboard/auth/login/"))
        #expect(plain.status == 200 && plain["Strict-Transport-Security"] == nil)
        #expect(plain["Set-Cookie"]?.contains("; Secure") == false)
    }
}
