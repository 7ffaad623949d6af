import Cryptography
import Database
import Logging
public import ServiceCore

extension IdentityService {
    /// All users, or those of one domain, by name.
    /// - Throws: `ServiceError`; forbidden unless administrator.
    public func users(inDomain domainID: String? = nil, as context: RequestContext) throws -> [User] {
        try users(UserFilter(domainID: domainID), as: context)
    }

    /// The users that are wanted, by name.
    /// - Throws: `ServiceError`; forbidden unless administrator, reader of the system, or reader of a domain, who sees
    ///   the domain's own.
    public func users(_ filter: UserFilter, as context: RequestContext) throws -> [User] {
        var filter = filter
        if !policy.allows("identity:list_users", context), filter.domainID == nil { filter.domainID = context.domainID }
        try policy.require("identity:list_users", inDomain: filter.domainID, context)
        return try read { try userStore.all(filter, in: $0) }
    }

    /// One user; for others than administrators only themselves.
    /// - Throws: `ServiceError`.
    public func user(_ id: String, as context: RequestContext) throws -> User {
        let user = try read { try userStore.record(id: id, in: $0) }?.user
        if context.userID != id { try policy.require("identity:get_user", inDomain: user?.domainID, context) }
        guard let user else { throw ServiceError.notFound("User", id) }
        return user
    }

    /// Makes a user, without any role.
    /// - Throws: `ServiceError`; conflict when the name is taken.
    public func createUser(_ new: NewUser, as context: RequestContext) throws -> User {
        try policy.require("identity:create_user", context)
        try IdentityRules.refuse(
            IdentityRules.name(new.name, longest: 255) + (new.password.map { IdentityRules.password($0) } ?? [])
                + IdentityRules.description(new.description) + IdentityRules.options(new.options)
                + new.extra.violations)
        let hash = try new.password.map(hash) ?? ""
        let domainID = new.domainID ?? context.domainID ?? context.projectDomainID ?? Domain.defaultID
        let user = User(
            id: RandomIdentifier.hexadecimal(), domainID: domainID, name: new.name, email: new.email,
            description: new.description, isEnabled: new.isEnabled, defaultProjectID: new.defaultProjectID,
            options: ExtraAttributes.none.merging(new.options), extra: new.extra)
        return try write { transaction in
            _ = try known(domain: domainID, in: transaction)
            try refuseUnknownProject(new.defaultProjectID, in: transaction)
            let namesake = try userStore.record(named: new.name, domainID: domainID, in: transaction)
            guard namesake == nil else { throw ServiceError.nameTaken("user", new.name) }
            try userStore.insert(user, passwordHash: hash, at: clock.now(), in: transaction)
            return user
        }
    }

    /// Changes what is given of a user. Disabling one ends its tokens, and so does a new password.
    /// - Throws: `ServiceError`.
    public func updateUser(_ id: String, _ update: UserUpdate, as context: RequestContext) throws -> User {
        try policy.require("identity:update_user", context)
        try IdentityRules.refuse(
            (update.name.map { IdentityRules.name($0, longest: 255) } ?? [])
                + (update.password.map { IdentityRules.password($0) } ?? [])
                + IdentityRules.description(update.description) + IdentityRules.options(update.options)
                + update.extra.violations)
        guard update.isEnabled != false || id != context.userID else {
            throw ServiceError.conflict(code: "own_user", "You cannot disable the user you are logged in as.")
        }
        let hash = try update.password.map(hash)
        return try write { transaction in
            let old = try known(user: id, in: transaction)
            let new = update.applied(to: old)
            if new.defaultProjectID != old.defaultProjectID {
                try refuseUnknownProject(new.defaultProjectID, in: transaction)
            }
            let namesake = try userStore.record(named: new.name, domainID: new.domainID, in: transaction)
            guard namesake == nil || namesake?.user.id == id else { throw ServiceError.nameTaken("user", new.name) }
            try userStore.update(new, in: transaction)
            if let hash {
                try userStore.setPassword(of: id, hash: hash, at: clock.now(), in: transaction)
                log.notice("password set", metadata: ["user": "\(id)", "by": "\(context.userID)"])
            }
            return new
        }
    }

    /// Deletes a user with its role assignments; its tokens stop working.
    /// - Throws: `ServiceError`.
    public func deleteUser(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:delete_user", context)
        guard id != context.userID else {
            throw ServiceError.conflict(code: "own_user", "You cannot delete the user you are logged in as.")
        }
        try write { transaction in
            try credentialStore.delete(of: id, in: transaction)
            guard try userStore.delete(id: id, in: transaction) else { throw ServiceError.notFound("User", id) }
        }
    }

    /// Lets users change their own password. All their tokens end, the one they act with included.
    /// - Throws: `ServiceError`; invalid `wrong_password` for a wrong old one.
    public func changePassword(
        userID: String, old: String, new: String, as context: RequestContext
    ) throws {
        guard context.userID == userID else { throw ServiceError.notFound("User", userID) }
        try IdentityRules.refuse(IdentityRules.password(new, field: "new_password"))
        let record = try read { try userStore.record(id: userID, in: $0) }
        guard let record, old.utf8.count <= Self.longestPassword, Scrypt.verify(old, against: record.passwordHash)
        else {
            let message: Message = "The current password is wrong."
            throw ServiceError.invalid([
                Violation(field: "current_password", code: "wrong_password", message: message)
            ])
        }
        try replacePassword(of: record.user, old, by: new, from: context.remoteAddress)
    }

    /// Lets somebody who knows a password replace it, without any token, as keystone does. All tokens of the user end.
    ///
    /// A wrong one counts as a failed login, and a slowed account is refused before the password is looked at.
    /// - Throws: `ServiceError`; unauthenticated `invalid_credentials` for a wrong one.
    public func changePassword(
        userID: String, original: String, new: String, remoteAddress: String
    ) throws {
        try IdentityRules.refuse(IdentityRules.password(new))
        let user = try loginDesk.serve {
            try verified(.id(userID), password: original, remoteAddress: remoteAddress).user
        }
        try replacePassword(of: user, original, by: new, from: remoteAddress)
    }

    /// Lets administrators set anybody's password. All tokens of that user end.
    /// - Throws: `ServiceError`.
    public func setPassword(userID: String, new: String, as context: RequestContext) throws {
        try policy.require("identity:set_password", context)
        try IdentityRules.refuse(IdentityRules.password(new))
        try setPassword(new, of: userID)
        log.notice("password set", metadata: ["user": "\(userID)", "by": "\(context.userID)"])
    }

    private func replacePassword(of user: User, _ old: String, by new: String, from address: String) throws {
        guard !user.options.isTrue(UserOption.lockPassword.rawValue) else {
            let message: Message = "Only an administrator may change the password of this user."
            throw ServiceError.invalid([Violation(field: "new_password", code: "locked_password", message: message)])
        }
        guard old != new else {
            let message: Message = "The old password and the new password must be different."
            throw ServiceError.invalid([Violation(field: "new_password", code: "same_password", message: message)])
        }
        try setPassword(new, of: user.id)
        log.info("password changed", metadata: ["user": "\(user.id)", "address": "\(address)"])
    }

    private func hash(_ password: String) throws -> String {
        try ServiceError.wrapping { try Scrypt.hash(password, cost: passwordCost) }
    }

    private func setPassword(_ password: String, of userID: String) throws {
        let hash = try hash(password)
        try write { transaction in
            _ = try known(user: userID, in: transaction)
            try userStore.setPassword(of: userID, hash: hash, at: clock.now(), in: transaction)
        }
    }

    func known(user id: String, in transaction: borrowing Transaction) throws -> User {
        guard let user = try userStore.record(id: id, in: transaction)?.user else {
            throw ServiceError.notFound("User", id)
        }
        return user
    }

    private func refuseUnknownProject(_ id: String?, in transaction: borrowing Transaction) throws {
        if let id { _ = try known(project: id, in: transaction) }
    }
}
