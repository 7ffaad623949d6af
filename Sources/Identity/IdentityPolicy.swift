import ServiceCore

/// Who may do what, as keystone's defaults say: administrators everything, readers of the system look at everything, and
/// readers of a domain at what belongs to it.
enum IdentityPolicy {
    static let policy = Policy(
        domains + projects + users + groups + roles + grants + catalog + credentials + limits)

    private static func admin(_ name: String, _ description: String) -> PolicyRule {
        PolicyRule(name: "identity:" + name, least: .admin, description: description)
    }

    private static func look(_ name: String, _ description: String) -> PolicyRule {
        PolicyRule(name: "identity:" + name, least: .admin, onSystem: .reader, description: description)
    }

    private static func domainLook(_ name: String, _ description: String) -> PolicyRule {
        PolicyRule(
            name: "identity:" + name, least: .admin, onSystem: .reader, inDomain: .reader, description: description)
    }

    private static let domains = [
        look("list_domains", "List domains."), domainLook("get_domain", "See a domain."),
        admin("create_domain", "Create a domain."), admin("update_domain", "Disable a domain."),
        admin("delete_domain", "Delete a domain."), look("get_domain_config", "See a domain's configuration."),
        admin("change_domain_config", "Change a domain's configuration."),
    ]

    private static let projects = [
        domainLook("list_projects", "List all projects."), domainLook("get_project", "See any project."),
        domainLook("list_user_projects", "See what projects somebody can work in."),
        admin("create_project", "Create a project."), admin("update_project", "Rename or disable a project."),
        admin("delete_project", "Delete a project."), admin("update_project_tags", "Change the tags of a project."),
    ]

    private static let users = [
        domainLook("list_users", "List all users."), domainLook("get_user", "See another user."),
        admin("create_user", "Create a user."), admin("update_user", "Change or disable a user."),
        admin("delete_user", "Delete a user."), admin("set_password", "Set another user's password."),
    ]

    private static let groups = [
        domainLook("list_groups", "List all groups."), domainLook("get_group", "See a group."),
        domainLook("list_groups_for_user", "See what groups somebody is in."),
        domainLook("list_users_in_group", "See who is in a group."), admin("create_group", "Create a group."),
        admin("update_group", "Change a group."), admin("delete_group", "Delete a group."),
        admin("add_user_to_group", "Put a user into a group."),
        admin("remove_user_from_group", "Take a user out of a group."),
    ]

    private static let roles = [
        domainLook("list_roles", "List roles."), domainLook("get_role", "See a role."),
        admin("create_role", "Create a role."), admin("update_role", "Change a role."),
        admin("delete_role", "Delete a role."), look("list_implied_roles", "See what roles a role includes."),
        admin("create_implied_role", "Let a role include another."),
        admin("delete_implied_role", "Let a role no longer include another."),
    ]

    private static let grants = [
        domainLook("list_role_assignments", "See who holds which role."),
        domainLook("list_grants", "See what roles somebody holds."), admin("create_grant", "Give a user a role."),
        admin("revoke_grant", "Take a role from a user."), look("validate_token", "See what a token says."),
        admin("revoke_token", "End somebody else's token."),
    ]

    /// Regions are seen by everybody.
    private static let catalog = [
        admin("create_region", "Create a region."), admin("update_region", "Change a region."),
        admin("delete_region", "Delete a region."), look("list_services", "List services."),
        admin("create_service", "Create a service."), admin("update_service", "Change a service."),
        admin("delete_service", "Delete a service."), look("list_endpoints", "List endpoints."),
        admin("create_endpoint", "Create an endpoint."), admin("update_endpoint", "Change an endpoint."),
        admin("delete_endpoint", "Delete an endpoint."), look("list_endpoint_groups", "List endpoint groups."),
        admin("change_endpoint_group", "Create, change or delete an endpoint group."),
        look("list_project_endpoints", "See which endpoints a project is shown."),
        admin("change_project_endpoints", "Choose which endpoints a project is shown."),
    ]

    private static let credentials = [
        look("list_credentials", "See somebody else's credentials."),
        admin("change_credential", "Create, change or delete somebody else's credentials."),
        look("list_application_credentials", "See somebody else's application credentials."),
        admin("delete_application_credential", "Delete somebody else's application credentials."),
        look("list_trusts", "See all trusts."), admin("delete_trust", "Delete somebody else's trust."),
        look("list_consumers", "List OAuth consumers."),
        admin("change_consumer", "Create, change or delete an OAuth consumer."),
    ]

    /// Limits are seen by everybody.
    private static let limits = [
        admin("change_registered_limit", "Create, change or delete a registered limit."),
        admin("change_limit", "Create, change or delete a limit."), look("list_policies", "List policies."),
        admin("change_policy", "Create, change or delete a policy."),
    ]
}
