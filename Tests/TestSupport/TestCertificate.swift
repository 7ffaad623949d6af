public import Foundation

/// A certificate that nobody but a test trusts, and its key, in a folder of their own.
public struct TestCertificate: Sendable {
    /// Holds both files.
    public let folder: URL
    /// Path of the certificate in PEM form; also what a client has to trust.
    public var certificate: String { folder.appending(path: "cert.pem").path }
    /// Path of its key.
    public var key: String { folder.appending(path: "key.pem").path }

    /// Makes a certificate for this machine with the `openssl` program.
    /// - Parameters:
    ///   - name: the common name, to tell one from another.
    ///   - days: how long it is valid.
    ///   - key: what `openssl req -newkey` takes.
    ///   - folder: where to put it, in the place of one that is there; made when not given.
    public init(
        _ name: String = "localhost", days: Int = 30, key: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
        in folder: URL? = nil
    ) async throws {
        self.folder =
            folder
            ?? FileManager.default.temporaryDirectory.appending(path: "certificate-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        let names = "subjectAltName=DNS:localhost,DNS:\(name),IP:127.0.0.1"
        let openssl = try ChildProcess(
            "/usr/bin/openssl",
            ["req", "-x509", "-nodes", "-days", "\(days)", "-subj", "/CN=\(name)", "-addext", names, "-newkey"] + key
                + ["-out", certificate, "-keyout", self.key])
        guard try await openssl.end() == 0 else { throw NeverHappened(description: openssl.output) }
        try? FileManager.default.removeItem(at: openssl.log)
    }

    /// Removes both files.
    public func remove() {
        try? FileManager.default.removeItem(at: folder)
    }
}
