import Cryptography
import Foundation
public import ServiceCore

extension IdentityService {
    /// The EC2 keys of a user.
    /// - Throws: `ServiceError`; forbidden for somebody else's unless administrator or reader of the system.
    public func ec2Keys(ofUser userID: String, as context: RequestContext) throws -> [EC2Key] {
        try requireOwner(userID, or: "identity:list_credentials", context)
        return try credentials(ofUser: userID, type: "ec2", as: context).compactMap(Self.key)
    }

    /// One EC2 key of a user.
    /// - Throws: `ServiceError`.
    public func ec2Key(_ access: String, ofUser userID: String, as context: RequestContext) throws -> EC2Key {
        try requireOwner(userID, or: "identity:list_credentials", context)
        let found = try read { try credentialStore.record(id: Self.ec2ID(access), in: $0) }
        guard let found, found.userID == userID, let key = Self.key(try opened(found)) else {
            throw ServiceError.notFound("Credential", access)
        }
        return key
    }

    /// Makes an EC2 key of a user for a project.
    /// - Throws: `ServiceError`; notFound for an unknown user or project.
    public func createEC2Key(
        forUser userID: String, projectID: String, as context: RequestContext
    ) throws -> EC2Key {
        try requireOwner(userID, or: "identity:change_credential", context)
        try read { transaction in
            _ = try known(user: userID, in: transaction)
            _ = try known(project: projectID, in: transaction)
        }
        let (access, secret) = (Random.bytes(16).hexadecimal, Random.bytes(16).hexadecimal)
        let blob = #"{"access": "\#(access)", "secret": "\#(secret)", "trust_id": null}"#
        _ = try createCredential(
            NewCredential(userID: userID, projectID: projectID, type: "ec2", blob: blob), as: context)
        return EC2Key(access: access, secret: secret, userID: userID, projectID: projectID)
    }

    /// Forgets an EC2 key.
    /// - Throws: `ServiceError`.
    public func deleteEC2Key(_ access: String, ofUser userID: String, as context: RequestContext) throws {
        try requireOwner(userID, or: "identity:change_credential", context)
        _ = try ec2Key(access, ofUser: userID, as: context)
        try deleteCredential(Self.ec2ID(access), as: context)
    }

    func requireOwner(_ userID: String, or rule: String, _ context: RequestContext) throws {
        if context.userID != userID { try policy.require(rule, context) }
    }

    private static func key(_ credential: Credential) -> EC2Key? {
        guard let (access, secret) = ec2(credential.blob) else { return nil }
        return EC2Key(
            access: access, secret: secret, userID: credential.userID, projectID: credential.projectID ?? "")
    }
}
