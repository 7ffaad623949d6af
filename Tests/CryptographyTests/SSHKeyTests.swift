import Cryptography
import Foundation
import TestSupport
import Testing

private let keygen = "/usr/bin/ssh-keygen"

struct SSHKeyTests {
    private func run(_ arguments: [String]) async throws -> String {
        let process = try ChildProcess(keygen, arguments)
        _ = try await process.end()
        return process.output
    }

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: keygen), "needs ssh-keygen (openssh-client)"),
        arguments: SSHKey.Algorithm.allCases)
    func `OpenSSH reads the private key and agrees on the public one`(algorithm: SSHKey.Algorithm) async throws {
        let key = try SSHKey.generate(algorithm, comment: "somebody@somewhere")
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        let isMade = FileManager.default.createFile(
            atPath: path, contents: Data(key.privateKey.utf8), attributes: [.posixPermissions: 0o600])
        #expect(isMade)

        let line = try await run(["-y", "-f", path])
        let derived = try #require(SSHPublicKey(parsing: line), "\(line)")
        #expect(derived.blob == key.publicKey.blob)

        try Data(key.publicKey.line.utf8).write(to: URL(filePath: path))
        #expect(try await run(["-l", "-f", path]).contains(key.publicKey.fingerprintSHA256))
        #expect(try await run(["-l", "-E", "md5", "-f", path]).contains("MD5:" + key.publicKey.fingerprintMD5))
    }

    @Test(arguments: SSHKey.Algorithm.allCases)
    func `a public key is read as it was written`(algorithm: SSHKey.Algorithm) throws {
        let key = try SSHKey.generate(algorithm, comment: "a comment of words").publicKey
        #expect(SSHPublicKey(parsing: key.line) == key)
        #expect(SSHPublicKey(parsing: "  \(key.line) \r\n") == key)
    }

    @Test func `no two keys are alike`() throws {
        #expect(try SSHKey.generate(.ed25519).publicKey != SSHKey.generate(.ed25519).publicKey)
    }

    @Test func `what is no key is refused`() throws {
        let good = try SSHKey.generate(.ed25519).publicKey.line
        let bad = [
            "", "ssh-ed25519", "ssh-ed25519 ", "ssh-ed25519 AAAA", good.replacing("ssh-ed25519", with: "ssh-rsa"),
            String(good.dropLast(4)), good + "AAAA", good + "\n" + good, "-----BEGIN PRIVATE KEY-----",
            "ssh-dss AAAAB3NzaC1kc3MAAACB", good.replacing(" ", with: ""),
        ]
        for text in bad {
            #expect(SSHPublicKey(parsing: text) == nil, "\(text)")
        }
    }
}
