import Foundation
import TestSupport
import Testing

@testable import daybreak

@Suite struct `The doctor looks at certificates` {
    private func findings(_ certificate: String, _ key: String) throws -> [Finding] {
        let entry = #"{"address": "127.0.0.1:0", "certificate": "\#(certificate)", "key": "\#(key)"}"#
        let settings = Array(#"{"LISTEN": [\#(entry)]}"#.utf8)
        return Doctor(file: try SettingsFile(path: "/nowhere/s.json", bytes: settings)).certificates()
    }

    @Test func `a good one is good, with its last day`() async throws {
        let files = try await TestCertificate(days: 30)
        defer { files.remove() }
        let found = try findings(files.certificate, files.key)
        #expect(found.map(\.grade) == [.good])
        #expect(found[0].found.contains("29 days more") || found[0].found.contains("30 days more"), "\(found)")
    }

    @Test func `one that ends soon, and a key others can read, are warnings`() async throws {
        let files = try await TestCertificate(days: 5)
        defer { files.remove() }
        chmod(files.key, 0o644)
        let found = try findings(files.certificate, files.key)
        #expect(found.map(\.grade) == [.warning, .warning])
        #expect(found[1].found.contains(files.key) && found[1].remedy?.contains("chmod 600") == true)
    }

    @Test func `one that is over, or not yet valid, cannot be used`() {
        #expect(Doctor.validity(100..<200, "c", now: 200).grade == .bad)
        #expect(Doctor.validity(100..<200, "c", now: 99).grade == .bad)
        let fortnight = 14 * 86_400
        #expect(Doctor.validity(100..<200 + fortnight, "c", now: 200).grade == .good)
        #expect(Doctor.validity(100..<199 + fortnight, "c", now: 200).grade == .warning)
    }

    @Test func `a missing file and a foreign key are named`() async throws {
        let (files, other) = (try await TestCertificate(), try await TestCertificate())
        defer { files.remove() }
        defer { other.remove() }
        #expect(try findings("/nowhere.pem", files.key).map(\.grade) == [.bad])
        let foreign = try findings(files.certificate, other.key)
        #expect(foreign.map(\.grade) == [.bad] && foreign[0].found.hasPrefix(other.key))
    }

    @Test func `without TLS there is nothing to look at`() throws {
        let file = try SettingsFile(path: "/nowhere/s.json", bytes: Array("{}".utf8))
        #expect(Doctor(file: file).certificates().isEmpty)
    }
}
