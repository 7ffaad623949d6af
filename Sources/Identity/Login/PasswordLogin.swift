/// Somebody's try to log in.
public struct PasswordLogin: Sendable {
    /// Who it claims to be.
    public enum Claim: Sendable {
        /// By name, within a domain given by its identifier or its name; case does not matter.
        case name(String, domain: String)
        /// By identifier.
        case id(String)
    }

    /// What the token is to be good for.
    public enum Scope: Sendable {
        /// Nothing.
        case unscoped
        /// This project.
        case project(id: String)
        /// The project of this name, within a domain given by its identifier or its name.
        case projectNamed(String, domain: String)
        /// A domain.
        case domain(id: String)
        /// The domain of this name.
        case domainNamed(String)
        /// The whole system.
        case system
        /// What a trust passes on.
        case trust(id: String)
        /// The project last worked in, else the user's default project, else the first by name; as Horizon chooses.
        case recent(id: String?)
        /// The user's default project if there is one, else none; as keystone chooses.
        case usersDefault
    }

    /// Who it claims to be.
    public var claim: Claim
    /// The password typed.
    public var password: String
    /// Where it came from, for the log.
    public var remoteAddress: String
    /// What it wants the token for.
    public var scope: Scope

    /// Describes a login.
    public init(claim: Claim, password: String, remoteAddress: String, scope: Scope = .recent(id: nil)) {
        self.claim = claim
        self.password = password
        self.remoteAddress = remoteAddress
        self.scope = scope
    }

    /// Describes the login of the form: domain, user name, password.
    public init(
        domain: String, userName: String, password: String, remoteAddress: String, scope: Scope = .recent(id: nil)
    ) {
        self.init(
            claim: .name(userName, domain: domain), password: password, remoteAddress: remoteAddress, scope: scope)
    }
}
