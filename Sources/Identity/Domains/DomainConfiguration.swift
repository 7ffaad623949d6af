import ServiceCore

/// What is set for one domain and takes the place of keystone's own settings there (Identity API v3, "Domain
/// configuration"). It is kept for the clients that manage it: users come out of this database, and nothing here asks an
/// LDAP server.
public struct DomainConfiguration: Hashable, Sendable {
    /// What of it is meant.
    public enum Part: Hashable, Sendable {
        /// All of it.
        case everything
        /// One group.
        case group(String)
        /// One option of a group.
        case option(String, group: String)
    }

    /// The options by group; of each option its JSON text.
    public internal(set) var groups: [String: ExtraAttributes]

    /// - Parameter groups: the options by group.
    public init(_ groups: [String: ExtraAttributes]) {
        self.groups = groups
    }

    init(_ options: some Sequence<DomainOptionStore.Option>) {
        groups = Dictionary(grouping: options, by: \.group).mapValues { options in
            ExtraAttributes(Dictionary(options.map { ($0.name, $0.value) }) { $1 })
        }
    }

    /// Only what belongs to a part.
    subscript(part: Part) -> DomainConfiguration {
        switch part {
        case .everything:
            return self
        case .group(let group):
            return DomainConfiguration(groups.filter { $0.key == group })
        case .option(let name, let group):
            guard let value = groups[group]?.values[name] else { return DomainConfiguration([:]) }
            return DomainConfiguration([group: ExtraAttributes([name: value])])
        }
    }

    /// Group, name and value of each option.
    var options: [DomainOptionStore.Option] {
        groups.flatMap { group, options in
            options.values.map { DomainOptionStore.Option(group: group, name: $0.key, value: $0.value) }
        }
    }

    /// Whether it has nothing in it.
    public var isEmpty: Bool { groups.values.allSatisfy { $0.values.isEmpty } }

    // MARK: What can be set

    /// Options that are taken and never given away.
    static func isSecret(_ name: String, in group: String) -> Bool { group == "ldap" && name == "password" }

    /// Refuses what cannot be set for a single domain.
    static func requireSupported(_ part: Part) throws {
        switch part {
        case .everything:
            return
        case .group(let group):
            guard defaults.groups[group] != nil else { throw unsupported(group) }
        case .option(let name, let group):
            try requireSupported(.group(group))
            guard defaults.groups[group]?.values[name] != nil || isSecret(name, in: group) else {
                throw unsupported("\(group).\(name)")
            }
        }
    }

    /// Refuses a configuration to be set that is empty, or that names what cannot be set.
    func requireSupported() throws {
        guard !groups.isEmpty, groups.values.allSatisfy({ !$0.values.isEmpty }) else {
            throw ServiceError(
                .forbidden, code: "no_options", "A domain's configuration has groups, and each has options.")
        }
        for option in options { try Self.requireSupported(.option(option.name, group: option.group)) }
        try IdentityRules.refuse(groups.values.flatMap(\.violations))
    }

    /// What is asked of passwords, which everybody may know before they think of one (keystone:
    /// `identity:get_security_compliance_domain_config`); nil for other parts. Nothing but their length is asked here.
    static func securityCompliance(_ part: Part, ofDomain id: String) throws -> DomainConfiguration? {
        let readable = DomainConfiguration([
            "security_compliance": ExtraAttributes(["password_regex": "null", "password_regex_description": "null"])
        ])
        switch part {
        case .group("security_compliance"), .option(_, group: "security_compliance"): break
        default: return nil
        }
        let found = readable[part]
        guard id == Domain.defaultID, !found.isEmpty else { throw unsupported("security_compliance") }
        return found
    }

    private static func unsupported(_ what: String) -> ServiceError {
        let message = Message("{name} cannot be configured for a single domain.", ["name": what])
        return ServiceError(.forbidden, code: "unsupported_option", message)
    }
}
