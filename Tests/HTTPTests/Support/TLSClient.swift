import Foundation
import TestSupport

@testable import HTTP

/// Speaks TLS to the server through `openssl s_client`: bytes sent are encrypted by it, what it decrypts comes
/// back. It takes no more from the server than is read from it, so it can be as slow as any client.
final class TLSClient: RawClient {
    private let process: Process
    /// What the program says beside what comes from the server.
    let log: URL

    /// - Parameter takesCommands: a line that begins with R or K is no content but has the client ask for a
    ///   renegotiation or for new keys; what it says about the handshake comes before what the server says.
    init(
        _ address: String, _ certificate: TestCertificate, _ options: [String] = [], takesCommands: Bool = false
    ) throws {
        var pair: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            throw RawClient.Failure(description: "socketpair: errno \(errno)")
        }
        var size: Int32 = 8192
        setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &size, 4)
        log = FileManager.default.temporaryDirectory.appending(path: "s_client-\(UUID().uuidString.prefix(8))")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let theirs = FileHandle(fileDescriptor: pair[1], closeOnDealloc: true)
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments =
            ["s_client", "-connect", address, "-CAfile", certificate.certificate, "-verify_return_error"]
            + (takesCommands ? [] : ["-quiet"]) + options
        process.standardInput = theirs
        process.standardOutput = theirs
        process.standardError = try FileHandle(forWritingTo: log)
        super.init(descriptor: pair[0])
        try process.run()
        try theirs.close()
    }

    deinit {
        abort()
        try? FileManager.default.removeItem(at: log)
    }

    /// Ends without a word.
    func abort() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// What the program has said when it is over. Waits for that.
    func lastWords() -> String {
        process.waitUntilExit()
        return (try? String(contentsOf: log, encoding: .utf8)) ?? ""
    }
}

/// What `openssl s_client` has to say about a handshake.
func handshake(_ address: String, _ certificate: TestCertificate, _ options: [String]) async throws -> String {
    let client = try ChildProcess(
        "/usr/bin/openssl",
        ["s_client", "-connect", address, "-CAfile", certificate.certificate, "-verify_return_error"] + options)
    _ = try await client.end()
    defer { try? FileManager.default.removeItem(at: client.log) }
    return client.output
}

/// Runs a server that speaks TLS, with a certificate made for it.
func withTLSServer(
    _ router: Router, configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (String, TestCertificate, Server) async throws -> Void
) async throws {
    let certificate = try await TestCertificate()
    defer { certificate.remove() }
    let files = CertificateFiles(certificate: certificate.certificate, key: certificate.key)
    try await withServer(
        router,
        configure: {
            $0.addresses = [ListenAddress("127.0.0.1:0", certificate: files)]
            configure(&$0)
        }
    ) { address, server in try await body(address, certificate, server) }
}
