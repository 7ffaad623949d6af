/// On whose behalf, and in which project, something is done. Every service method takes one.
public struct RequestContext: Hashable, Sendable {
    /// `req-` and a UUID; logged, returned to API clients, and kept with the jobs it causes.
    public private(set) var requestID: String
    /// Who acts.
    public let userID: String
    /// The name of who acts.
    public let userName: String
    /// The domain of the user.
    public let userDomainID: String
    /// The project it is done in; nil for a token without scope.
    public let projectID: String?
    /// The name of the project.
    public let projectName: String?
    /// The domain of the project.
    public let projectDomainID: String?
    /// The domain it is done in, for a token good for a whole domain.
    public let domainID: String?
    /// Whether it is done in the whole system, which has no project.
    public let isSystem: Bool
    /// The names of the roles held in the project, the domain or the system, in lower case.
    public let roles: Set<String>
    /// Whether it is done with what somebody let do this and no more: an application credential that may not make
    /// others, or a trust.
    public let isRestricted: Bool
    /// Where the request came from; empty for the program's own work.
    public private(set) var remoteAddress: String

    /// Makes a context. Role names are lower-cased.
    public init(
        requestID: String = RequestContext.newRequestID(), userID: String, userName: String,
        userDomainID: String = "default", projectID: String? = nil, projectName: String? = nil,
        projectDomainID: String? = nil, domainID: String? = nil, isSystem: Bool = false, roles: Set<String> = [],
        isRestricted: Bool = false, remoteAddress: String = ""
    ) {
        self.requestID = requestID
        self.userID = userID
        self.userName = userName
        self.userDomainID = userDomainID
        self.projectID = projectID
        self.projectName = projectName
        self.projectDomainID = projectDomainID
        self.domainID = domainID
        self.isSystem = isSystem
        self.roles = Set(roles.map { $0.lowercased() })
        self.isRestricted = isRestricted
        self.remoteAddress = remoteAddress
    }

    /// The same person and scope in another request.
    public func with(requestID: String, remoteAddress: String) -> RequestContext {
        var context = self
        context.requestID = requestID
        context.remoteAddress = remoteAddress
        return context
    }

    /// A context for the program's own work (jobs, start-up), which may do everything.
    public static func system(_ what: String) -> RequestContext {
        RequestContext(userID: "system", userName: what, isSystem: true, roles: ["admin"])
    }

    /// A fresh request identifier.
    public static func newRequestID() -> String {
        "req-" + RandomIdentifier.uuid()
    }

    /// Whether the administrator's role is held, wherever: keystone's `admin_required`.
    public var isAdmin: Bool { roles.contains("admin") }

    /// The project it is done in.
    /// - Throws: `ServiceError` of kind forbidden when the context has no project.
    public func requireProject() throws -> String {
        guard let projectID else {
            throw ServiceError(.forbidden, code: "no_project", "You are not authorized for any projects.")
        }
        return projectID
    }

    /// Whether resources of a project may be seen: those of the own project, and to administrators all.
    public func canSee(projectID: String?) -> Bool {
        isAdmin || (projectID != nil && projectID == self.projectID)
    }
}
