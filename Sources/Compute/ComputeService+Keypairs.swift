import Cryptography
import Database
public import ServiceCore

extension ComputeService {
    /// The longest public key that is taken in, in bytes.
    public static let publicKeyLimit = 16 * 1024

    /// The caller's keypairs, by name; an administrator may name another user.
    /// - Throws: `ServiceError`: forbidden.
    public func keypairs(ofUser userID: String? = nil, as context: RequestContext) throws -> [Keypair] {
        try ServiceError.wrapping {
            let owner = try keypairOwner(userID, context)
            return try database.read { try keypairs.all(of: owner, in: $0) }
        }
    }

    /// - Throws: `ServiceError`: notFound.
    public func keypair(
        named name: String, ofUser userID: String? = nil, as context: RequestContext
    ) throws -> Keypair {
        try ServiceError.wrapping {
            let owner = try keypairOwner(userID, context)
            guard let keypair = try database.read({ try keypairs.find(name, of: owner, in: $0) }) else {
                throw ServiceError.notFound("Key pair", name)
            }
            return keypair
        }
    }

    /// Makes a keypair. The private key is returned and not kept.
    /// - Throws: `ServiceError`: invalid with a violation on name; conflict when the name is taken; overQuota.
    public func createKeypair(
        named name: String, algorithm: KeypairAlgorithm = .ed25519, forUser userID: String? = nil,
        as context: RequestContext
    ) throws -> CreatedKeypair {
        try ServiceError.wrapping {
            let owner = try keypairOwner(userID, context)
            if let violation = KeypairName.violation(in: name) { throw ServiceError.invalid([violation]) }
            if algorithm == .x509 {
                let made = try UserCertificate.generate(name: owner)
                let keypair = try add(
                    made.certificate, made.fingerprint, "x509", named: name, for: owner, as: context)
                return CreatedKeypair(keypair: keypair, privateKey: made.privateKey ?? "")
            }
            let key = try SSHKey.generate(algorithm == .rsa ? .rsa2048 : .ed25519, comment: "Generated-by-Daybreak")
            let keypair = try add(
                key.publicKey.line, key.publicKey.fingerprintMD5, "ssh", named: name, for: owner, as: context)
            return CreatedKeypair(keypair: keypair, privateKey: key.privateKey)
        }
    }

    /// Takes in a public key; line breaks in it are removed, as Horizon does.
    /// - Throws: `ServiceError`: invalid with violations on name, public_key; conflict when the name is taken; overQuota.
    public func importKeypair(
        named name: String, publicKey: String, type: String = "ssh", forUser userID: String? = nil,
        as context: RequestContext
    ) throws -> Keypair {
        try ServiceError.wrapping {
            let owner = try keypairOwner(userID, context)
            var violations = [KeypairName.violation(in: name)].compactMap(\.self)
            let key = try type == "x509" ? certificate(publicKey, &violations) : parse(publicKey, &violations)
            guard violations.isEmpty, let key else { throw ServiceError.invalid(violations) }
            return try add(key.text, key.fingerprint, type, named: name, for: owner, as: context)
        }
    }

    /// Deletes a keypair. Instances that were launched with it keep the key.
    /// - Throws: `ServiceError`: notFound.
    public func deleteKeypair(named name: String, ofUser userID: String? = nil, as context: RequestContext) throws {
        try ServiceError.wrapping {
            let owner = try keypairOwner(userID, context)
            guard try database.write({ try keypairs.delete(name, of: owner, in: $0) }) else {
                throw ServiceError.notFound("Key pair", name)
            }
        }
    }

    /// Whose keypairs are meant: the caller's, unless an administrator names another user.
    private func keypairOwner(_ userID: String?, _ context: RequestContext) throws -> String {
        try ComputePolicy.policy.require(ComputePolicy.keypairs, context)
        guard let userID, userID != context.userID else { return context.userID }
        try ComputePolicy.policy.require(ComputePolicy.othersKeypairs, context)
        return userID
    }

    private func certificate(
        _ text: String, _ violations: inout [Violation]
    ) throws -> (text: String, fingerprint: String)? {
        guard text.utf8.count <= Self.publicKeyLimit, let certificate = UserCertificate(parsing: text) else {
            violations.append(
                Violation(
                    field: "public_key", code: "malformed_key",
                    message: Message("This is not an X.509 certificate in PEM.")))
            return nil
        }
        return (text, certificate.fingerprint)
    }

    private func parse(
        _ text: String, _ violations: inout [Violation]
    ) throws -> (text: String, fingerprint: String)? {
        func refuse(_ code: String, _ message: Message) -> (text: String, fingerprint: String)? {
            violations.append(Violation(field: "public_key", code: code, message: message))
            return nil
        }
        let line = text.filter { !$0.isNewline }.trimmed
        guard !line.isEmpty else { return refuse("required", Message("Paste a public key.")) }
        guard line.utf8.count <= Self.publicKeyLimit else {
            return refuse(
                "too_long", Message("A public key has at most {limit} bytes.", ["limit": "\(Self.publicKeyLimit)"]))
        }
        guard let key = SSHPublicKey(parsing: line) else {
            return refuse(
                "malformed_key", Message("This is not an OpenSSH public key. It looks like: ssh-ed25519 AAAA… comment"))
        }
        return (key.line, key.fingerprintMD5)
    }

    /// Key pairs are their user's; how many there may be says the project that the caller works in, as in nova.
    private func add(
        _ key: String, _ fingerprint: String, _ type: String, named name: String, for owner: String,
        as context: RequestContext
    ) throws -> Keypair {
        let keypair = Keypair(
            name: name, userID: owner, type: type, publicKey: key, fingerprint: fingerprint, createdAt: clock.now())
        return try database.write { transaction in
            try require(
                1, of: .keyPairs, besides: try keypairs.count(of: owner, in: transaction),
                ofProject: context.projectID, field: "name", in: transaction)
            guard try keypairs.find(name, of: owner, in: transaction) == nil else {
                throw ServiceError.conflict(
                    code: "keypair_exists", Message("A key pair named {name} exists already.", ["name": name]))
            }
            try keypairs.insert(keypair, in: transaction)
            return try keypairs.find(name, of: owner, in: transaction) ?? keypair
        }
    }
}
