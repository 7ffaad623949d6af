import Cryptography
import Database
public import ServiceCore

extension ComputeService {
    /// nova's default `key_pairs` quota of a user.
    public static let keypairLimit = 100
    /// The longest public key that is taken in, in bytes.
    public static let publicKeyLimit = 16 * 1024

    /// The caller's keypairs, by name.
    /// - Throws: `ServiceError`.
    public func keypairs(as context: RequestContext) throws -> [Keypair] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.keypairs, context)
            return try database.read { try keypairs.all(of: context.userID, in: $0) }
        }
    }

    /// - Throws: `ServiceError`: notFound.
    public func keypair(named name: String, as context: RequestContext) throws -> Keypair {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.keypairs, context)
            guard let keypair = try database.read({ try keypairs.find(name, of: context.userID, in: $0) }) else {
                throw ServiceError.notFound("Key pair", name)
            }
            return keypair
        }
    }

    /// Makes a keypair. The private key is returned and not kept.
    /// - Throws: `ServiceError`: invalid with a violation on name; conflict when the name is taken.
    public func createKeypair(
        named name: String, algorithm: KeypairAlgorithm = .ed25519, as context: RequestContext
    ) throws -> CreatedKeypair {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.keypairs, context)
            if let violation = KeypairName.violation(in: name) { throw ServiceError.invalid([violation]) }
            let key = try SSHKey.generate(algorithm == .rsa ? .rsa2048 : .ed25519, comment: "Generated-by-Daybreak")
            let keypair = try add(key.publicKey, named: name, as: context)
            return CreatedKeypair(keypair: keypair, privateKey: key.privateKey)
        }
    }

    /// Takes in a public key; line breaks in it are removed, as Horizon does.
    /// - Throws: `ServiceError`: invalid with violations on name, public_key; conflict when the name is taken.
    public func importKeypair(
        named name: String, publicKey: String, as context: RequestContext
    ) throws -> Keypair {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.keypairs, context)
            var violations = [KeypairName.violation(in: name)].compactMap(\.self)
            let key = try parse(publicKey, &violations)
            guard violations.isEmpty, let key else { throw ServiceError.invalid(violations) }
            return try add(key, named: name, as: context)
        }
    }

    /// Deletes a keypair. Instances that were launched with it keep the key.
    /// - Throws: `ServiceError`: notFound.
    public func deleteKeypair(named name: String, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.keypairs, context)
            guard try database.write({ try keypairs.delete(name, of: context.userID, in: $0) }) else {
                throw ServiceError.notFound("Key pair", name)
            }
        }
    }

    private func parse(_ text: String, _ violations: inout [Violation]) throws -> SSHPublicKey? {
        func refuse(_ code: String, _ message: Message) -> SSHPublicKey? {
            violations.append(Violation(field: "public_key", code: code, message: message))
            return nil
        }
        let line = text.filter { !$0.isNewline }.trimmed
        guard !line.isEmpty else { return refuse("required", Message("Paste a public key.")) }
        guard line.utf8.count <= Self.publicKeyLimit else {
            return refuse(
                "too_long", Message("A public key has at most {limit} bytes.", ["limit": "\(Self.publicKeyLimit)"]))
        }
        return SSHPublicKey(parsing: line)
            ?? refuse(
                "malformed_key", Message("This is not an OpenSSH public key. It looks like: ssh-ed25519 AAAA… comment"))
    }

    private func add(_ key: SSHPublicKey, named name: String, as context: RequestContext) throws -> Keypair {
        let keypair = Keypair(
            name: name, userID: context.userID, type: "ssh", publicKey: key.line, fingerprint: key.fingerprintMD5,
            createdAt: clock.now())
        return try database.write { transaction in
            let used = try keypairs.count(of: context.userID, in: transaction)
            guard used < Self.keypairLimit else {
                throw ServiceError.overQuota("key_pairs", requested: 1, used: used, limit: Self.keypairLimit)
            }
            guard try keypairs.find(name, of: context.userID, in: transaction) == nil else {
                throw ServiceError.conflict(
                    code: "keypair_exists", Message("A key pair named {name} exists already.", ["name": name]))
            }
            try keypairs.insert(keypair, in: transaction)
            return keypair
        }
    }
}
