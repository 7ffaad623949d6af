import HTTP
import Identity

/// Reads the content of `POST /v3/auth/tokens` (Identity API v3, "Authentication and token management").
struct TokenRequest {
    let authentication: Authentication

    /// - Throws: `APIError` 400 that names what is missing or wrong; 401 for a method there is not.
    init(_ content: [UInt8], from remoteAddress: String) throws {
        let whole = JSONMember(value: try JSONValue(parsing: content), path: "")
        authentication = try whole.object { content in
            try content.required("auth").object { auth in
                auth.allowUnknown()
                let proofs = try auth.required("identity").object(Self.proofs)
                let scope = try auth.nullable("scope").map(Self.scope) ?? .usersDefault
                return Authentication(proofs, scope: scope, remoteAddress: remoteAddress)
            }
        }
    }

    private static func proofs(_ identity: JSONReader) throws -> [Authentication.Proof] {
        identity.allowUnknown()
        let methods = try identity.required("methods").list().map { try $0.text() }
        var seen: Set<String> = []
        return try methods.filter { seen.insert($0).inserted }.map { method in
            switch method {
            case "password":
                return try identity.required("password").object { password in
                    password.allowUnknown()
                    return try password.required("user").object { user in
                        .password(try claim(user), try user.required("password").text())
                    }
                }
            case "totp":
                return try identity.required("totp").object { totp in
                    totp.allowUnknown()
                    return try totp.required("user").object { user in
                        .totp(try claim(user), passcode: try user.required("passcode").text())
                    }
                }
            case "token":
                return try identity.required("token").object { token in
                    token.allowUnknown()
                    return .token(try token.required("id").text())
                }
            case "application_credential":
                return try identity.required("application_credential").object(credential)
            default:
                throw APIError(.unauthorized, "\(method.prefix(80)): not a way to authenticate here.")
            }
        }
    }

    private static func credential(_ reader: JSONReader) throws -> Authentication.Proof {
        reader.allowUnknown()
        let secret = try reader.required("secret").text()
        if let id = reader.nullable("id") { return .applicationCredential(.id(try id.text()), secret: secret) }
        let name = try reader.required("name").text()
        let owner = try reader.required("user").object(claim)
        return .applicationCredential(.name(name, owner), secret: secret)
    }

    private static func claim(_ user: JSONReader) throws -> PasswordLogin.Claim {
        user.allowUnknown()
        if let id = user.nullable("id") { return .id(try id.text()) }
        guard let name = user.nullable("name") else {
            throw APIError(.badRequest, "\(user.path) needs an id, or a name and a domain.")
        }
        guard let domain = user.nullable("domain") else {
            throw APIError(.badRequest, "\(user.path).domain needs an id or a name.")
        }
        return .name(try name.text(), domain: try domain.object(idOrName))
    }

    private static func idOrName(_ reader: JSONReader) throws -> String {
        reader.allowUnknown()
        guard let text = reader.nullable("id") ?? reader.nullable("name") else {
            throw APIError(.badRequest, "\(reader.path) needs an id or a name.")
        }
        return try text.text()
    }

    /// `"unscoped"` is what Horizon sends.
    private static func scope(_ member: JSONMember) throws -> PasswordLogin.Scope {
        if member.value == .text("unscoped") { return .unscoped }
        return try member.object { scope in
            scope.allowUnknown()
            let kinds = ["project", "domain", "system", "unscoped", "OS-TRUST:trust"].filter(scope.has)
            guard kinds.count <= 1 else {
                throw APIError(.badRequest, "\(scope.path) names more than one of \(kinds.joined(separator: ", ")).")
            }
            switch kinds.first {
            case "project": return try scope.required("project").object(project)
            case "domain":
                return try scope.required("domain").object { domain in
                    domain.allowUnknown()
                    if let id = domain.nullable("id") { return .domain(id: try id.text()) }
                    return .domainNamed(try idOrName(domain))
                }
            case "system":
                guard try scope.required("system").object({ try $0.required("all").bool() }) else {
                    throw APIError(.badRequest, "\(scope.path).system.all must be true.")
                }
                return .system
            case "OS-TRUST:trust":
                return try scope.required("OS-TRUST:trust").object { .trust(id: try $0.required("id").text()) }
            default: return .unscoped
            }
        }
    }

    private static func project(_ project: JSONReader) throws -> PasswordLogin.Scope {
        project.allowUnknown()
        if let id = project.nullable("id") { return .project(id: try id.text()) }
        guard let name = project.nullable("name"), let domain = project.nullable("domain") else {
            throw APIError(.badRequest, "\(project.path) needs an id, or a name and a domain.")
        }
        return .projectNamed(try name.text(), domain: try domain.object(idOrName))
    }
}
