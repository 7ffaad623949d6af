import ServiceCore
import Testing

@testable import Compute

struct KeypairTests {
    let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    @Test(arguments: [(KeypairAlgorithm.ed25519, "ssh-ed25519 "), (.rsa, "ssh-rsa ")])
    func `a created key is returned once and only its public half is kept`(
        algorithm: KeypairAlgorithm, prefix: String
    ) throws {
        let created = try cloud.compute.createKeypair(named: "laptop", algorithm: algorithm, as: TestCloud.member)
        #expect(created.privateKey.contains("PRIVATE KEY"))
        #expect(created.keypair.publicKey.hasPrefix(prefix))
        let stored = try cloud.compute.keypair(named: "laptop", as: TestCloud.member)
        #expect(stored == created.keypair)
        // Sixteen bytes in hexadecimal, separated by colons: what nova shows.
        #expect(stored.fingerprint.split(separator: ":").count == 16)
        #expect(stored.fingerprint.count == 47)
    }

    @Test func `an imported key keeps its text and loses its line breaks`() throws {
        let key = try cloud.compute.createKeypair(named: "a", as: TestCloud.member).keypair
        let half = key.publicKey.index(key.publicKey.startIndex, offsetBy: 30)
        let broken = key.publicKey[..<half] + "\r\n" + key.publicKey[half...] + "\n"
        let imported = try cloud.compute.importKeypair(named: "b", publicKey: String(broken), as: TestCloud.member)
        #expect(imported.fingerprint == key.fingerprint)
        #expect(imported.publicKey == key.publicKey)
        #expect(try cloud.compute.keypairs(as: TestCloud.member).map(\.name) == ["a", "b"])
    }

    @Test(arguments: [
        ("", "required"), ("hello", "malformed_key"), ("ssh-rsa !!!! me", "malformed_key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "malformed_key"), (String(repeating: "x", count: 16_385), "too_long"),
    ])
    func `what is no public key is refused`(text: String, code: String) throws {
        let error = serviceError {
            _ = try cloud.compute.importKeypair(named: "bad/name", publicKey: text, as: TestCloud.member)
        }
        #expect(error?.violations.map(\.field) == ["name", "public_key"])
        #expect(error?.violations.last?.code == code)
    }

    @Test func `a name is unique for its user and free for others`() throws {
        _ = try cloud.compute.createKeypair(named: "key", as: TestCloud.member)
        let error = serviceError { _ = try cloud.compute.createKeypair(named: "key", as: TestCloud.member) }
        #expect(error?.code == "keypair_exists")
        _ = try cloud.compute.createKeypair(named: "key", as: TestCloud.stranger)
        #expect(try cloud.compute.keypairs(as: TestCloud.stranger).count == 1)
    }

    @Test func `a deleted key is gone, and another user's cannot be deleted`() throws {
        _ = try cloud.compute.createKeypair(named: "key", as: TestCloud.member)
        #expect(
            serviceError { try cloud.compute.deleteKeypair(named: "key", as: TestCloud.stranger) }?.kind == .notFound)
        try cloud.compute.deleteKeypair(named: "key", as: TestCloud.member)
        #expect(serviceError { _ = try cloud.compute.keypair(named: "key", as: TestCloud.member) }?.kind == .notFound)
    }
}
