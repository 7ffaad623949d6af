import Cryptography
import Database
import Logging
public import ServiceCore

extension IdentityService {
    /// All users, or those of one domain, by name.
    /// - Throws: `ServiceError`; forbidden unless administrator.
    public func users(inDomain domainID: String? = nil, as context: RequestContext) throws -> [User] {
        try policy.require("identity:list_users", context)
        return try read { try userStore.all(domainID: domainID, in: $0) }
    }

    /// One user; for others than administrators only themselves.
    /// - Throws: `ServiceError`.
    public func user(_ id: String, as context: RequestContext) throws -> User {
        let user = context.isAdmin || context.userID == id ? try read { try userStore.record(id: id, in: $0) } : nil
        guard let user else { throw ServiceError.notFound("User", id) }
        return user.user
    }

    /// Makes a user, without any role.
    /// - Throws: `ServiceError`; conflict when the name is taken.
    public func createUser(_ new: NewUser, as context: RequestContext) throws -> User {
        try policy.require("identity:create_user", context)
        try IdentityRules.refuse(IdentityRules.name(new.name, longest: 255) + IdentityRules.password(new.password))
        let hash = try ServiceError.wrapping { try Scrypt.hash(new.password, cost: passwordCost) }
        let user = User(
            id: RandomIdentifier.hexadecimal(), domainID: new.domainID, name: new.name, email: new.email,
            description: new.description, isEnabled: new.isEnabled, defaultProjectID: new.defaultProjectID)
        return try write { transaction in
            guard try domainStore.domain(id: new.domainID, in: transaction) != nil else {
                throw ServiceError.notFound("Domain", new.domainID)
            }
            try refuseUnknownProject(new.defaultProjectID, in: transaction)
            let namesake = try userStore.record(named: new.name, domainID: new.domainID, in: transaction)
            guard namesake == nil else { throw ServiceError.nameTaken("user", new.name) }
            try userStore.insert(user, passwordHash: hash, at: clock.now(), in: transaction)
            return user
        }
    }

    /// Changes what is given of a user. Disabling one ends its tokens.
    /// - Throws: `ServiceError`.
    public func updateUser(_ id: String, _ update: UserUpdate, as context: RequestContext) throws -> User {
        try policy.require("identity:update_user", context)
        if let name = update.name { try IdentityRules.refuse(IdentityRules.name(name, longest: 255)) }
        guard update.isEnabled != false || id != context.userID else {
            throw ServiceError.conflict(code: "own_user", "You cannot disable the user you are logged in as.")
        }
        return try write { transaction in
            guard let old = try userStore.record(id: id, in: transaction)?.user else {
                throw ServiceError.notFound("User", id)
            }
            let new = update.applied(to: old)
            try refuseUnknownProject(new.defaultProjectID, in: transaction)
            let namesake = try userStore.record(named: new.name, domainID: new.domainID, in: transaction)
            guard namesake == nil || namesake?.user.id == id else { throw ServiceError.nameTaken("user", new.name) }
            try userStore.update(new, in: transaction)
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
        let isDeleted = try write { try userStore.delete(id: id, in: $0) }
        guard isDeleted else { throw ServiceError.notFound("User", id) }
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
        guard old != new else {
            let message: Message = "The old password and the new password must be different."
            throw ServiceError.invalid([Violation(field: "new_password", code: "same_password", message: message)])
        }
        try setPassword(new, of: userID)
        log.info("password changed", metadata: ["user": "\(userID)", "address": "\(context.remoteAddress)"])
    }

    /// Lets administrators set anybody's password. All tokens of that user end.
    /// - Throws: `ServiceError`.
    public func setPassword(userID: String, new: String, as context: RequestContext) throws {
        try policy.require("identity:set_password", context)
        try IdentityRules.refuse(IdentityRules.password(new))
        try setPassword(new, of: userID)
        log.notice("password set", metadata: ["user": "\(userID)", "by": "\(context.userID)"])
    }

    private func setPassword(_ password: String, of userID: String) throws {
        let hash = try ServiceError.wrapping { try Scrypt.hash(password, cost: passwordCost) }
        try write { transaction in
            guard try userStore.record(id: userID, in: transaction) != nil else {
                throw ServiceError.notFound("User", userID)
            }
            try userStore.setPassword(of: userID, hash: hash, at: clock.now(), in: transaction)
        }
    }

    private func refuseUnknownProject(_ id: String?, in transaction: borrowing Transaction) throws {
        guard let id, try projectStore.project(id: id, in: transaction) == nil else { return }
        throw ServiceError.notFound("Project", id)
    }
}
