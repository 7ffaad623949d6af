public import ServiceCore

/// What clients of nova ask for and this cloud cannot do, or has nothing to do for: it needs more than one host, volumes,
/// shared file systems, or an agent in the guest. The names are nova's rules.
public enum UnservedRequest: String, Sendable, CaseIterable {
    case changePassword = "os_compute_api:os-admin-password"
    case clearPassword = "os_compute_api:os-server-password:clear"
    case crashDump = "os_compute_api:servers:trigger_crash_dump"
    case restore = "os_compute_api:os-deferred-delete:restore"
    case attachVolume = "os_compute_api:os-volumes-attachments:create"
    case changeVolume = "os_compute_api:os-volumes-attachments:update"
    case detachVolume = "os_compute_api:os-volumes-attachments:delete"
    case attachShare = "os_compute_api:os-server-shares:create"
    case detachShare = "os_compute_api:os-server-shares:delete"
    case offload = "os_compute_api:os-shelve:shelve_offload"
    case migrate = "os_compute_api:os-migrate-server:migrate"
    case migrateLive = "os_compute_api:os-migrate-server:migrate_live"
    case evacuate = "os_compute_api:os-evacuate"
    case injectNetworkInfo = "os_compute_api:os-admin-actions:inject_network_info"
    case listMigrations = "os_compute_api:servers:migrations:index"

    /// Who may ask.
    private var least: RoleLevel {
        switch self {
        case .changePassword, .clearPassword, .crashDump, .restore, .attachVolume, .changeVolume, .detachVolume,
            .attachShare, .detachShare:
            .member
        case .offload, .migrate, .migrateLive, .evacuate, .injectNetworkInfo, .listMigrations: .admin
        }
    }

    fileprivate static let policy = Policy(
        allCases.map { PolicyRule(name: $0.rawValue, least: $0.least, description: "") }, isOfProjects: true)
}

extension ComputeService {
    /// The instance that somebody asks such a thing for: who may not is refused as if it could be done.
    /// - Throws: `ServiceError`: notFound, forbidden.
    public func instance(
        _ id: ID<Instance>, for request: UnservedRequest, as context: RequestContext
    ) throws -> Instance {
        let instance = try instance(id, as: context)
        try UnservedRequest.policy.require(request.rawValue, context)
        return instance
    }
}
