import Cryptography
import Database
import ServiceCore

extension IdentityService {
    /// First start: the domain Default, the projects admin and service, the standard roles, of which each implies the
    /// next, the role service, and the user admin, who is administrator of the project admin and of the system. What is there already stays
    /// as it is, so it may be called at every start.
    /// - Throws: `ServiceError`.
    public func seed(adminPassword: String) throws {
        let isSeeded = try read { try userStore.record(named: "admin", domainID: Domain.defaultID, in: $0) != nil }
        if isSeeded { return }
        let hash = try ServiceError.wrapping { try Scrypt.hash(adminPassword, cost: passwordCost) }
        try write { transaction in
            if try domainStore.domain(id: Domain.defaultID, in: transaction) == nil {
                let domain = Domain(
                    id: Domain.defaultID, name: "Default", description: "The default domain", isEnabled: true)
                try domainStore.insert(domain, in: transaction)
            }
            let project = try seedProject("admin", "Bootstrap project for initializing the cloud.", in: transaction)
            _ = try seedProject("service", "Project of the services.", in: transaction)
            let roles = try Role.standard.map { try seedRole($0, in: transaction) }
            _ = try seedRole(Role.service, in: transaction)
            for (prior, implied) in zip(roles, roles.dropFirst()) {
                _ = try roleStore.infer(implied.id, from: prior.id, in: transaction)
            }
            let user = User(
                id: RandomIdentifier.hexadecimal(), domainID: Domain.defaultID, name: "admin", email: "",
                description: "", isEnabled: true, defaultProjectID: project.id)
            try userStore.insert(user, passwordHash: hash, at: clock.now(), in: transaction)
            for role in roles where role.name == "admin" {
                for scope in [RoleScope.project(project.id), .system] {
                    try assignmentStore.insert(
                        .init(actor: .user(user.id), roleID: role.id, scope: scope, isInherited: false),
                        in: transaction)
                }
            }
        }
    }

    private func seedProject(
        _ name: String, _ description: String, in transaction: borrowing Transaction
    ) throws -> Project {
        if let project = try projectStore.project(named: name, domainID: Domain.defaultID, in: transaction) {
            return project
        }
        let project = Project(
            id: RandomIdentifier.hexadecimal(), domainID: Domain.defaultID, name: name, description: description,
            isEnabled: true)
        try projectStore.insert(project, in: transaction)
        return project
    }

    private func seedRole(_ name: String, in transaction: borrowing Transaction) throws -> Role {
        if let role = try roleStore.role(named: name, in: transaction) { return role }
        let role = Role(id: RandomIdentifier.hexadecimal(), name: name, description: "", isImmutable: true)
        try roleStore.insert(role, in: transaction)
        return role
    }
}
