import Database
import Foundation
import TestSupport
import Testing

/// A guest's password from the request to the config drive, through a `kill -9`, and what is left of it in files.
@Suite(
    .enabled(
        if: ["qemu-img", "genisoimage"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0) },
        "needs qemu-img and genisoimage for the disks"),
    .serialized, .timeLimit(.minutes(5)))
struct `A password for a guest` {
    private static let settings = [
        "LIBVIRT_URI": "\"test:///default\"",
        "CACHES": #"{"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}"#,
    ]
    private let password = "kR9-to-be-found-nowhere-else"

    @Test func `reaches its drive through a power cut and is in no other file`() async throws {
        let first = try await DaybreakProcess(settings: Self.settings)
        defer { first.remove() }
        let aftermath = Aftermath(state: first.state)
        let image = try await waitUntil("there is an image", seconds: 120) {
            try aftermath.texts("SELECT id AS text FROM images WHERE status = 'active'").first
        }
        let project = try #require(try aftermath.texts("SELECT id AS text FROM projects WHERE name = 'admin'").first)
        async let launched = launch(image, project, first)
        #expect(SlowMotion.kill(first.process) { try aftermath.runningPhase(of: "secret") != nil })
        _ = try await first.process.end()
        _ = try? await launched
        #expect(try files(in: first.folder).isEmpty, "in clear text while it waits")

        let second = try await DaybreakProcess(in: first.folder)
        defer { second.process.signal(SIGKILL) }
        _ = try await waitUntil("the instance runs", seconds: 120) {
            try aftermath.state(of: "secret") == "active" ? true : nil
        }
        try await second.stop()
        let id = try #require(try aftermath.texts("SELECT id AS text FROM instances WHERE name = 'secret'").first)
        #expect(try files(in: first.folder) == ["var/instances/\(id)/disk.config"])
        #expect(try aftermath.texts("SELECT data AS text FROM instance_extra").allSatisfy { $0 == "{}" })
    }

    private func launch(_ image: String, _ project: String, _ program: DaybreakProcess) async throws {
        let login = """
            {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "admin", "password": "admin",
             "domain": {"name": "Default"}}}}, "scope": {"project": {"id": "\(project)"}}}}
            """
        let answer = try await PlainHTTP.send(
            "POST", program.url("/identity/v3/auth/tokens"), fields: [("Content-Type", "application/json")],
            content: Array(login.utf8))
        let server = """
            {"server": {"name": "secret", "imageRef": "\(image)", "flavorRef": "2", "adminPass": "\(password)"}}
            """
        let token = try #require(answer["X-Subject-Token"])
        let accepted = try await PlainHTTP.send(
            "POST", program.url("/compute/v2.1/servers"),
            fields: [("Content-Type", "application/json"), ("X-Auth-Token", token)], content: Array(server.utf8))
        #expect(accepted.status == 202, "\(accepted.text)")
    }

    /// The files below a folder that hold the password.
    private func files(in folder: URL) throws -> [String] {
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            let path = folder.appending(path: name).path
            guard FileManager.default.isReadableFile(atPath: path), let bytes = FileManager.default.contents(atPath: path)
            else { return false }
            return bytes.range(of: Data(password.utf8)) != nil
        }
    }
}
