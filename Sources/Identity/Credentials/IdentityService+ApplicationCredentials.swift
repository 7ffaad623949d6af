import Cryptography
import Database
public import ServiceCore

extension IdentityService {
    /// The application credentials of a user, by name.
    /// - Throws: `ServiceError`; forbidden for somebody else's unless administrator or reader of the system.
    public func applicationCredentials(
        ofUser userID: String, named name: String? = nil, as context: RequestContext
    ) throws -> [ApplicationCredential] {
        try requireOwner(userID, or: "identity:list_application_credentials", context)
        return try read { transaction in
            _ = try known(user: userID, in: transaction)
            let records = try applicationCredentialStore.all(userID: userID, name: name, in: transaction)
            return try records.map { try whole($0, in: transaction) }
        }
    }

    /// One application credential of a user.
    /// - Throws: `ServiceError`.
    public func applicationCredential(
        _ id: String, ofUser userID: String, as context: RequestContext
    ) throws -> ApplicationCredential {
        try requireOwner(userID, or: "identity:list_application_credentials", context)
        return try read { try whole(known(applicationCredential: id, of: userID, in: $0), in: $0) }
    }

    /// Makes an application credential for oneself in the project one works in. Its secret is told only now.
    /// - Parameter isAllowed: whether the token may make one: not with an application credential that is restricted.
    /// - Throws: `ServiceError`; forbidden for anybody else; invalid for roles that are not held, for an end that is past.
    public func createApplicationCredential(
        _ new: NewApplicationCredential, forUser userID: String, as context: RequestContext
    ) throws -> (credential: ApplicationCredential, secret: String) {
        let rule = "identity:create_application_credential"
        guard context.userID == userID, !context.isRestricted else { throw ServiceError.forbidden(rule) }
        guard let projectID = context.projectID else { throw ServiceError.forbidden(rule) }
        try refuse(new)
        let secret = new.secret ?? Random.token(bytes: 64)
        let hash = try secretHash(secret, isOurs: new.secret == nil)
        let credential = try write { transaction in
            let taken = try applicationCredentialStore.all(userID: userID, name: new.name, in: transaction)
            guard taken.isEmpty else { throw ServiceError.nameTaken("application credential", new.name) }
            let roles = try roles(for: new, userID, projectID, in: transaction)
            // No rules are none, as in keystone: its client sends an empty list for them.
            let asked = new.accessRules.flatMap { $0.isEmpty ? nil : $0 }
            let rules = try asked.map { try accessRules($0, of: userID, in: transaction) }
            let record = ApplicationCredentialStore.Record(
                id: RandomIdentifier.hexadecimal(), userID: userID, projectID: projectID, name: new.name,
                description: new.description, secretHash: hash, expiresAt: new.expiresAt,
                isUnrestricted: new.isUnrestricted, hasAccessRules: rules != nil)
            try applicationCredentialStore.insert(
                record, roleIDs: roles.map(\.id), ruleIDs: rules?.map(\.id) ?? [], in: transaction)
            return try whole(record, in: transaction)
        }
        return (credential, secret)
    }

    /// Deletes an application credential; its tokens stop working.
    /// - Throws: `ServiceError`.
    public func deleteApplicationCredential(
        _ id: String, ofUser userID: String, as context: RequestContext
    ) throws {
        try requireOwner(userID, or: "identity:delete_application_credential", context)
        guard !context.isRestricted else { throw ServiceError.forbidden("identity:delete_application_credential") }
        try write { transaction in
            _ = try known(applicationCredential: id, of: userID, in: transaction)
            _ = try applicationCredentialStore.delete(id: id, in: transaction)
        }
    }

    /// The access rules of a user.
    /// - Throws: `ServiceError`.
    public func accessRules(ofUser userID: String, as context: RequestContext) throws -> [AccessRule] {
        try requireRuleOwner(userID, or: "identity:list_application_credentials", context)
        return try read { try applicationCredentialStore.rules(userID: userID, in: $0) }
    }

    /// One access rule of a user.
    /// - Throws: `ServiceError`.
    public func accessRule(_ id: String, ofUser userID: String, as context: RequestContext) throws -> AccessRule {
        guard let rule = try accessRules(ofUser: userID, as: context).first(where: { $0.id == id }) else {
            throw ServiceError.notFound("Access rule", id)
        }
        return rule
    }

    /// Deletes an access rule that no application credential has.
    /// - Throws: `ServiceError`; forbidden `rule_in_use`.
    public func deleteAccessRule(_ id: String, ofUser userID: String, as context: RequestContext) throws {
        try requireRuleOwner(userID, or: "identity:delete_application_credential", context)
        try write { transaction in
            let rules = try applicationCredentialStore.rules(userID: userID, in: transaction)
            guard rules.contains(where: { $0.id == id }) else { throw ServiceError.notFound("Access rule", id) }
            guard try !applicationCredentialStore.isUsed(ruleID: id, in: transaction) else {
                throw ServiceError(
                    .forbidden, code: "rule_in_use", "An application credential has this access rule.")
            }
            try applicationCredentialStore.delete(ruleID: id, in: transaction)
        }
    }

    /// Others need the system's scope, also administrators (keystone: `identity:list_access_rules`).
    private func requireRuleOwner(_ userID: String, or rule: String, _ context: RequestContext) throws {
        guard context.userID == userID || context.isSystem else { throw ServiceError.forbidden(rule) }
        try requireOwner(userID, or: rule, context)
    }

    private func refuse(_ new: NewApplicationCredential) throws {
        var violations =
            IdentityRules.name(new.name, longest: 255) + IdentityRules.description(new.description)
            + (new.secret.map { IdentityRules.password($0, field: "secret") } ?? [])
        if let end = new.expiresAt, end.timestamp <= clock.now() {
            let message: Message = "The end must not be past."
            violations.append(Violation(field: "expires_at", code: "past", message: message))
        }
        for case .new(let service, let method, let path) in new.accessRules ?? [] {
            violations += IdentityRules.text(service, field: "access_rules.service")
            violations += IdentityRules.text(method, field: "access_rules.method", longest: 16)
            violations += IdentityRules.text(path, field: "access_rules.path", longest: 128)
        }
        try IdentityRules.refuse(violations)
    }

    /// Roles of the user's own; all of them unless some are named.
    private func roles(
        for new: NewApplicationCredential, _ userID: String, _ projectID: String,
        in transaction: borrowing Transaction
    ) throws -> [Role] {
        let project = try known(project: projectID, in: transaction)
        let held = try effective.roles(of: actors(of: userID, in: transaction), on: project, in: transaction)
        guard let wanted = new.roles else { return held }
        return try wanted.map { reference in
            guard let role = held.first(where: reference.means) else {
                let message: Message = "A role that the user does not hold in the project cannot be passed on."
                throw ServiceError.invalid([Violation(field: "roles", code: "role_not_held", message: message)])
            }
            return role
        }
    }

    private func accessRules(
        _ rules: [NewApplicationCredential.Rule], of userID: String, in transaction: borrowing Transaction
    ) throws -> [AccessRule] {
        var known = try applicationCredentialStore.rules(userID: userID, in: transaction)
        return try rules.map { rule in
            switch rule {
            case .id(let id):
                guard let rule = known.first(where: { $0.id == id }) else {
                    throw ServiceError.notFound("Access rule", id)
                }
                return rule
            case .new(let service, let method, let path):
                let same = known.first { $0.service == service && $0.method == method && $0.path == path }
                if let same { return same }
                let rule = AccessRule(
                    id: RandomIdentifier.hexadecimal(), service: service, method: method, path: path)
                try applicationCredentialStore.insert(rule, userID: userID, in: transaction)
                known.append(rule)
                return rule
            }
        }
    }

    private func known(
        applicationCredential id: String, of userID: String, in transaction: borrowing Transaction
    ) throws -> ApplicationCredentialStore.Record {
        let record = try applicationCredentialStore.record(id: id, in: transaction)
        guard let record, record.userID == userID else { throw ServiceError.notFound("Application Credential", id) }
        return record
    }

    /// With its roles and rules.
    func whole(
        _ record: ApplicationCredentialStore.Record, in transaction: borrowing Transaction
    ) throws -> ApplicationCredential {
        let roles = try roleStore.roles(
            applicationCredentialStore.roleIDs(of: record.id, in: transaction), in: transaction)
        return ApplicationCredential(
            id: record.id, userID: record.userID, projectID: record.projectID, name: record.name,
            description: record.description, expiresAt: record.expiresAt, isUnrestricted: record.isUnrestricted,
            roles: roles,
            accessRules: record.hasAccessRules
                ? try applicationCredentialStore.rules(of: record.id, in: transaction) : nil)
    }

    /// A secret of ours cannot be guessed, so that a fast sum is as good as a slow one.
    private func secretHash(_ secret: String, isOurs: Bool) throws -> String {
        guard !isOurs else { return "sha256:" + SHA256.hash(Array(secret.utf8)).hexadecimal }
        return try ServiceError.wrapping { try Scrypt.hash(secret, cost: passwordCost) }
    }

    func isRight(_ secret: String, for record: ApplicationCredentialStore.Record) -> Bool {
        guard secret.utf8.count <= Self.longestPassword else { return false }
        guard record.secretHash.hasPrefix("sha256:") else { return Scrypt.verify(secret, against: record.secretHash) }
        return constantTimeEqual("sha256:" + SHA256.hash(Array(secret.utf8)).hexadecimal, record.secretHash)
    }
}
