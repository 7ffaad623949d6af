import HTTP
import Identity

/// The content of `POST /v3/auth/tokens` (Identity API v3, "Authentication and token management"), as far as passwords
/// and tokens go.
struct TokenRequest: Decodable {
    struct Auth: Decodable {
        let identity: Credentials
        let scope: Scope?
    }

    struct Credentials: Decodable {
        let methods: [String]
        let password: Password?
        let token: Held?
    }

    struct Password: Decodable { let user: Claimant }
    struct Held: Decodable { let id: String }

    struct Claimant: Decodable {
        let id: String?
        let name: String?
        let domain: Reference?
        let password: String
    }

    /// Something named by its id or its name; a project's name counts within a domain.
    struct Reference: Decodable {
        let id: String?
        let name: String?

        var idOrName: String? { id ?? name }
    }

    struct ProjectReference: Decodable {
        let id: String?
        let name: String?
        let domain: Reference?
    }

    enum Scope: Decodable {
        case unscoped
        case project(ProjectReference)
        /// A domain, or the system.
        case other(String)

        private enum CodingKeys: String, CodingKey { case project, domain, system }

        init(from decoder: any Decoder) throws {
            // `"scope": "unscoped"` is what Horizon sends.
            if let text = try? decoder.singleValueContainer().decode(String.self), text == "unscoped" {
                self = .unscoped
                return
            }
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let project = try container.decodeIfPresent(ProjectReference.self, forKey: .project) {
                self = .project(project)
            } else {
                self = container.contains(.domain) ? .other("a domain") : .other("the system")
            }
        }
    }

    let auth: Auth
}

extension TokenRequest {
    /// - Throws: `APIError` 400 for a claim that names nobody, 501 for a scope there is no token for.
    func login(from remoteAddress: String) throws -> PasswordLogin {
        guard let user = auth.identity.password?.user else {
            throw APIError(.badRequest, "auth.identity.password.user is required.")
        }
        return PasswordLogin(
            claim: try user.claim, password: user.password, remoteAddress: remoteAddress,
            scope: try auth.scope.map { try $0.projectScope } ?? .usersDefault)
    }
}

extension TokenRequest.Claimant {
    fileprivate var claim: PasswordLogin.Claim {
        get throws {
            if let id { return .id(id) }
            guard let name else {
                throw APIError(.badRequest, "auth.identity.password.user needs an id, or a name and a domain.")
            }
            guard let domain = domain?.idOrName else {
                throw APIError(.badRequest, "auth.identity.password.user.domain needs an id or a name.")
            }
            return .name(name, domain: domain)
        }
    }
}

extension TokenRequest.Scope {
    fileprivate var projectScope: PasswordLogin.Scope {
        get throws {
            switch self {
            case .unscoped: return .unscoped
            case .other(let what): throw APIError(.notImplemented, "There are no tokens for \(what) yet.")
            case .project(let project):
                if let id = project.id { return .project(id: id) }
                guard let name = project.name, let domain = project.domain?.idOrName else {
                    throw APIError(.badRequest, "auth.scope.project needs an id, or a name and a domain.")
                }
                return .projectNamed(name, domain: domain)
            }
        }
    }
}
