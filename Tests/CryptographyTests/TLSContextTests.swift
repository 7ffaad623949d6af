import Foundation
import TestSupport
import Testing

@testable import Cryptography

/// Certificates and keys as operators hand them over.
struct TLSContextTests {
    private func fault(_ certificate: String, _ key: String) -> TLSFileError? {
        do throws(TLSFileError) {
            _ = try TLSContext(certificateFile: certificate, keyFile: key)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [["rsa:2048"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], ["ed25519"]])
    func `a certificate and its key are read, and when it is valid`(key: [String]) async throws {
        let files = try await TestCertificate(days: 30, key: key)
        defer { files.remove() }
        let context = try TLSContext(certificateFile: files.certificate, keyFile: files.key)
        #expect(context.validity.contains(Int(Date.now.timeIntervalSince1970)))
        #expect(context.validity.count == 30 * 86_400)
    }

    @Test func `a file that is not there is named`() async throws {
        let files = try await TestCertificate()
        defer { files.remove() }
        #expect(fault("/nowhere.pem", files.key)?.description == "/nowhere.pem: No such file or directory")
        #expect(fault(files.certificate, "/nowhere.pem")?.description == "/nowhere.pem: No such file or directory")
    }

    @Test func `a file that holds something else is named`() async throws {
        let files = try await TestCertificate()
        defer { files.remove() }
        let swapped = fault(files.key, files.certificate)
        #expect(swapped?.path == files.key && swapped?.reason.contains("no usable certificate") == true)
        let twice = fault(files.certificate, files.certificate)
        #expect(twice?.path == files.certificate && twice?.reason.contains("no private key") == true)
    }

    @Test(arguments: [["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], ["rsa:2048"]])
    func `the key of another certificate is refused, of the same kind or not`(key: [String]) async throws {
        let files = try await TestCertificate()
        let other = try await TestCertificate(key: key)
        defer { files.remove() }
        defer { other.remove() }
        let fault = fault(files.certificate, other.key)
        #expect(fault?.path == other.key)
        #expect(fault?.reason == "this key does not belong to the certificate in \(files.certificate)")
    }

    @Test func `a key behind a passphrase is refused without asking for it`() async throws {
        let files = try await TestCertificate()
        defer { files.remove() }
        let locked = files.folder.appending(path: "locked.pem").path
        let openssl = try ChildProcess(
            "/usr/bin/openssl",
            ["pkcs8", "-topk8", "-in", files.key, "-out", locked, "-passout", "pass:secret", "-v2", "aes256"])
        #expect(try await openssl.end() == 0)
        try FileManager.default.removeItem(at: openssl.log)
        let fault = fault(files.certificate, locked)
        #expect(fault?.path == locked && fault?.reason.contains("passphrase") == true)
    }

    @Test func `a key too short to protect anything is refused`() async throws {
        let files = try await TestCertificate(key: ["rsa:1024"])
        defer { files.remove() }
        #expect(fault(files.certificate, files.key)?.reason.contains("too small") == true)
    }
}
