import Foundation
import Logging
import TestSupport
import Testing

@testable import HTTP

/// The server's life with TLS: other people's clients, stopping, a new certificate.
struct TLSServerTests {
    @Test func `curl gets pages and sends files, and trusts nobody else's certificate`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "upload-\(UUID().uuidString.prefix(8))")
        try Data(repeating: 0x61, count: 12_345_678).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let curl = ["--silent", "--show-error", "--max-time", "60", "--cacert", certificate.certificate]
            let get = try ChildProcess(
                "/usr/bin/curl", curl + ["https://\(address)/hello", "https://\(address)/async"])
            #expect(try await get.end() == 0)
            #expect(get.output == "helloasync /async")
            let post = try ChildProcess(
                "/usr/bin/curl", curl + ["--data-binary", "@\(file.path)", "https://\(address)/count"])
            #expect(try await post.end() == 0)
            #expect(post.output == "12345678")
            let other = try ChildProcess("/usr/bin/curl", ["--silent", "https://\(address)/hello"])
            // 60: the peer's certificate cannot be authenticated with known authorities.
            #expect(try await other.end() == 60)
            for child in [get, post, other] { try FileManager.default.removeItem(at: child.log) }
        }
    }

    @Test func `what runs is finished when the server stops, idle connections are closed`() async throws {
        var router = testRouter()
        let gate = Gate(on: &router)
        try await withTLSServer(router) { address, certificate, server in
            defer { gate.open() }
            let idle = try TLSClient(address, certificate)
            try idle.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try idle.response().status == 200)
            let shaking = try RawClient(address)
            try shaking.send([0x16, 0x03, 0x01])
            let busy = try TLSClient(address, certificate)
            try busy.send("GET /gate HTTP/1.1\r\nHost: x\r\n\r\n")
            await gate.entered.wait()
            async let stopping: Void = server.stop(grace: .seconds(20))
            #expect(try idle.isClosed())
            #expect(!idle.lastWords().contains("unexpected eof"))
            #expect(try shaking.isClosed())
            gate.open()
            let response = try busy.response()
            #expect(response.text == "finished" && response["connection"] == "close")
            #expect(try busy.isClosed())
            #expect(!busy.lastWords().contains("unexpected eof"))
            await stopping
        }
    }

    @Test func `a new certificate is shown to new connections, and the old ones go on`() async throws {
        try await withTLSServer(testRouter()) { address, first, server in
            let before = try TLSClient(address, first)
            try before.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try before.response().text == "hello")
            // A key without its certificate is not taken.
            let other = try await TestCertificate("renewed")
            defer { other.remove() }
            try Data(contentsOf: URL(filePath: other.key)).write(to: URL(filePath: first.key))
            server.renewCertificates()
            #expect(try await handshake(address, first, []).contains("Verify return code: 0 (ok)"))
            try Data(contentsOf: URL(filePath: other.certificate)).write(to: URL(filePath: first.certificate))
            server.renewCertificates()
            let after = try await waitUntil("the new certificate is shown") {
                let said = try await handshake(address, other, [])
                return said.contains("Verify return code: 0 (ok)") ? said : nil
            }
            #expect(after.contains("CN = renewed"), "\(after)")
            try before.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try before.response().text == "hello")
        }
    }

    @Test func `a server speaks plain HTTP at one address and TLS at another`() async throws {
        let certificate = try await TestCertificate()
        defer { certificate.remove() }
        let files = CertificateFiles(certificate: certificate.certificate, key: certificate.key)
        let configuration = ServerConfiguration(addresses: [
            "127.0.0.1:0", ListenAddress("127.0.0.1:0", certificate: files),
        ])
        let server = Server(
            router: testRouter(), configuration: configuration, logger: Logger(label: "test") { _ in SilentLog() })
        let addresses = try server.start()
        let plain = try RawClient(addresses[0])
        let secure = try TLSClient(addresses[1], certificate)
        for client in [plain, secure] {
            try client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().text == "hello")
        }
        await server.stop(grace: .zero)
    }

    @Test func `a certificate that cannot be used stops the start and is named`() async throws {
        let certificate = try await TestCertificate()
        defer { certificate.remove() }
        let files = CertificateFiles(certificate: certificate.certificate, key: certificate.folder.path + "/none.pem")
        let configuration = ServerConfiguration(addresses: [ListenAddress("127.0.0.1:0", certificate: files)])
        let server = Server(
            router: testRouter(), configuration: configuration, logger: Logger(label: "test") { _ in SilentLog() })
        #expect {
            try server.start()
        } throws: {
            "\($0)" == "\(files.key): No such file or directory"
        }
    }
}
