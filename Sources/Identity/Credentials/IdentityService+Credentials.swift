import Cryptography
import Database
import Foundation
public import ServiceCore

extension IdentityService {
    /// The credentials of a user, of a type: nil is any. Others than administrators see their own.
    /// - Throws: `ServiceError`.
    public func credentials(
        ofUser userID: String? = nil, type: String? = nil, as context: RequestContext
    ) throws -> [Credential] {
        let mayLook = policy.allows("identity:list_credentials", context)
        guard mayLook || userID == nil || userID == context.userID else { return [] }
        let owner = mayLook ? userID : context.userID
        return try read { transaction in
            try credentialStore.all(userID: owner, type: type, in: transaction).map(opened)
        }
    }

    /// One credential; for others than administrators only their own.
    /// - Throws: `ServiceError`.
    public func credential(_ id: String, as context: RequestContext) throws -> Credential {
        try read { transaction in
            try opened(seen(credential: id, by: "identity:list_credentials", context, in: transaction))
        }
    }

    /// Keeps a secret, sealed.
    /// - Throws: `ServiceError`; forbidden for somebody else's unless administrator; invalid for an EC2 key without
    ///   project or access key.
    public func createCredential(_ new: NewCredential, as context: RequestContext) throws -> Credential {
        try refuseRestricted(context)
        let userID = new.userID ?? context.userID
        if userID != context.userID { try policy.require("identity:change_credential", context) }
        try IdentityRules.refuse(
            IdentityRules.text(new.type, field: "type") + IdentityRules.description(new.blob, field: "blob"))
        var id = RandomIdentifier.hexadecimal()
        if new.type == "ec2" {
            guard let access = Self.ec2(new.blob)?.access, new.projectID != nil else {
                let message: Message = "An EC2 key needs a project, and a blob with access and secret."
                throw ServiceError.invalid([Violation(field: "blob", code: "bad_ec2_key", message: message)])
            }
            id = Self.ec2ID(access)
        }
        let credential = Credential(
            id: id, userID: userID, projectID: new.projectID, type: new.type, blob: new.blob)
        try write { transaction in
            guard try credentialStore.record(id: id, in: transaction) == nil else {
                throw ServiceError.nameTaken("credential", id)
            }
            try credentialStore.insert(sealed(credential), in: transaction)
        }
        return credential
    }

    /// Replaces the secret of a credential; nothing else of it changes.
    /// - Throws: `ServiceError`.
    public func updateCredential(_ id: String, blob: String, as context: RequestContext) throws -> Credential {
        try refuseRestricted(context)
        try IdentityRules.refuse(IdentityRules.description(blob, field: "blob"))
        return try write { transaction in
            let old = try seen(credential: id, by: "identity:change_credential", context, in: transaction)
            let new = Credential(
                id: id, userID: old.userID, projectID: old.projectID, type: old.type, blob: blob)
            try credentialStore.update(sealed(new), in: transaction)
            return new
        }
    }

    /// Forgets a credential.
    /// - Throws: `ServiceError`.
    public func deleteCredential(_ id: String, as context: RequestContext) throws {
        try refuseRestricted(context)
        try write { transaction in
            _ = try seen(credential: id, by: "identity:change_credential", context, in: transaction)
            _ = try credentialStore.delete(id: id, in: transaction)
        }
    }

    /// Whoever acts by a trust or a restricted application credential could otherwise keep what outlives it.
    private func refuseRestricted(_ context: RequestContext) throws {
        guard !context.isRestricted else { throw ServiceError.forbidden("identity:change_credential") }
    }

    private func seen(
        credential id: String, by rule: String, _ context: RequestContext, in transaction: borrowing Transaction
    ) throws -> CredentialStore.Record {
        let record = try credentialStore.record(id: id, in: transaction)
        if record?.userID != context.userID { try policy.require(rule, context) }
        guard let record else { throw ServiceError.notFound("Credential", id) }
        return record
    }

    private func sealed(_ credential: Credential) -> CredentialStore.Record {
        CredentialStore.Record(
            id: credential.id, userID: credential.userID, projectID: credential.projectID, type: credential.type,
            sealedBlob: credentialSeal.seal(Array(credential.blob.utf8), at: clock.now().seconds))
    }

    func opened(_ record: CredentialStore.Record) throws -> Credential {
        let blob = try ServiceError.wrapping { try credentialSeal.open(record.sealedBlob) }
        return Credential(
            id: record.id, userID: record.userID, projectID: record.projectID, type: record.type,
            blob: String(decoding: blob, as: UTF8.self))
    }

    /// keystone's identifier of an EC2 key: the SHA-256 of its access key.
    static func ec2ID(_ access: String) -> String { SHA256.hash(Array(access.utf8)).hexadecimal }

    /// What the blob of an EC2 key says.
    static func ec2(_ blob: String) -> (access: String, secret: String)? {
        struct Blob: Decodable {
            let access: String
            let secret: String
        }
        guard let blob = try? JSONDecoder().decode(Blob.self, from: Data(blob.utf8)) else { return nil }
        return (blob.access, blob.secret)
    }
}
