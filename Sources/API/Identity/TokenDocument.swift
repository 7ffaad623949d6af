import Identity
import ServiceCore

/// What a token says, as keystone shows it.
struct TokenDocument: Encodable {
    struct Named: Encodable {
        let id: String
        let name: String
    }

    struct Person: Encodable {
        let id: String
        let name: String
        let domain: Named
        /// Passwords here do not end by themselves.
        let passwordExpiresAt: String? = nil

        enum CodingKeys: String, CodingKey {
            case id, name, domain
            case passwordExpiresAt = "password_expires_at"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(name, forKey: .name)
            try container.encode(domain, forKey: .domain)
            try container.encode(passwordExpiresAt, forKey: .passwordExpiresAt)
        }
    }

    struct Scope: Encodable {
        let id: String
        let name: String
        let domain: Named
    }

    struct Content: Encodable {
        let methods: [String]
        let user: Person
        let auditIDs: [String]
        let expiresAt: String
        let issuedAt: String
        let project: Scope?
        let isDomain: Bool?
        let roles: [Named]?
        let catalog: [Catalog.Service]?

        enum CodingKeys: String, CodingKey {
            case methods, user, project, roles, catalog
            case auditIDs = "audit_ids"
            case expiresAt = "expires_at"
            case issuedAt = "issued_at"
            case isDomain = "is_domain"
        }
    }

    let token: Content

    /// - Parameter domainName: the name of the domain with an id.
    init(_ token: Token, methods: [String], catalog: Catalog?, domainName: (String) -> String) {
        func domain(_ id: String) -> Named { Named(id: id, name: domainName(id)) }
        let project = token.project.map { Scope(id: $0.id, name: $0.name, domain: domain($0.domainID)) }
        self.token = Content(
            methods: methods,
            user: Person(id: token.user.id, name: token.user.name, domain: domain(token.user.domainID)),
            auditIDs: [token.auditID], expiresAt: Self.text(token.expiresAt), issuedAt: Self.text(token.issuedAt),
            project: project, isDomain: project == nil ? nil : false,
            roles: project == nil ? nil : token.roles.map { Named(id: $0.id, name: $0.name) },
            catalog: project == nil ? nil : catalog?.services)
    }

    /// With the six digits of a second that keystone writes.
    private static func text(_ time: Timestamp) -> String {
        let milliseconds = String(1000 + time.milliseconds % 1000).dropFirst()
        return time.iso8601.prefix(19) + "." + milliseconds + "000Z"
    }
}

/// Where the services are that this cloud offers to its clients: those that answer, and no others.
struct Catalog {
    struct Endpoint: Encodable {
        let id: String
        let interface: String
        let region: String
        let regionID: String
        let url: String

        enum CodingKeys: String, CodingKey {
            case id, interface, region, url
            case regionID = "region_id"
        }
    }

    struct Service: Encodable {
        let id: String
        let type: String
        let name: String
        let endpoints: [Endpoint]
    }

    let services: [Service]

    init(base: String) {
        let interfaces = ["public", "internal", "admin"]
        services = [
            Service(
                id: "identity", type: "identity", name: "keystone",
                endpoints: interfaces.map { interface in
                    Endpoint(
                        id: "identity-\(interface)", interface: interface, region: "RegionOne", regionID: "RegionOne",
                        url: base + "/identity")
                })
        ]
    }
}
