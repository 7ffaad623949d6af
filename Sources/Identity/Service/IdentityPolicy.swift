import ServiceCore

enum IdentityPolicy {
    static let policy = Policy([
        PolicyRule(name: "identity:list_domains", least: .admin, description: "List domains."),
        PolicyRule(name: "identity:create_domain", least: .admin, description: "Create a domain."),
        PolicyRule(name: "identity:update_domain", least: .admin, description: "Disable a domain."),
        PolicyRule(name: "identity:list_projects", least: .admin, description: "List all projects."),
        PolicyRule(name: "identity:create_project", least: .admin, description: "Create a project."),
        PolicyRule(name: "identity:update_project", least: .admin, description: "Rename or disable a project."),
        PolicyRule(name: "identity:delete_project", least: .admin, description: "Delete a project."),
        PolicyRule(name: "identity:list_users", least: .admin, description: "List all users."),
        PolicyRule(name: "identity:create_user", least: .admin, description: "Create a user."),
        PolicyRule(name: "identity:update_user", least: .admin, description: "Change or disable a user."),
        PolicyRule(name: "identity:delete_user", least: .admin, description: "Delete a user."),
        PolicyRule(name: "identity:set_password", least: .admin, description: "Set another user's password."),
        PolicyRule(name: "identity:create_role", least: .admin, description: "Create a role."),
        PolicyRule(name: "identity:delete_role", least: .admin, description: "Delete a role."),
        PolicyRule(name: "identity:list_role_assignments", least: .admin, description: "See who holds which role."),
        PolicyRule(name: "identity:create_grant", least: .admin, description: "Give a user a role."),
        PolicyRule(name: "identity:revoke_grant", least: .admin, description: "Take a role from a user."),
    ])
}
