/// On whose behalf, and in which project, something is done. Every service method takes one.
public struct RequestContext: Hashable, Sendable {
    /// `req-` and a UUID; logged, returned to API clients, and kept with the jobs it causes.
    public let requestID: String
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
    /// The names of the roles held in the project, in lower case.
    public let roles: Set<String>
    /// Where the request came from; empty for the program's own work.
    public let remoteAddress: String

    /// Makes a context. Role names are lower-cased.
    public init(
        requestID: String = RequestContext.newRequestID(), userID: String, userName: String,
        userDomainID: String = "default", projectID: String? = nil, projectName: String? = nil,
        projectDomainID: String? = nil, roles: Set<String> = [], remoteAddress: String = ""
    ) {
        self.requestID = requestID
        self.userID = userID
        self.userName = userName
        self.userDomainID = userDomainID
        self.projectID = projectID
        self.projectName = projectName
        self.projectDomainID = projectDomainID
        self.roles = Set(roles.map { $0.lowercased() })
        self.remoteAddress = remoteAddress
    }

    /// A context for the program's own work (jobs, start-up), which may do everything.
    public static func system(_ what: String) -> RequestContext {
        RequestContext(userID: "system", userName: what, roles: ["admin"])
    }

    /// A fresh request identifier.
    public static func newRequestID() -> String {
        "req-" + RandomIdentifier.uuid()
    }

    /// Whether the administrator's role is held.
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
