import HTTP
import Identity
import ServiceCore

extension JSONWriter {
    /// What a token says, as keystone shows it.
    /// - Parameter catalog: where the services are; nil to leave that out.
    mutating func token(_ token: Token, _ catalog: Catalog?, base: String) {
        list("methods", token.methods)
        object("user") { json in
            json.member("id", token.user.id)
            json.member("name", token.user.name)
            json.named("domain", token.user.domainID, token.userDomainName)
            // Passwords here do not end by themselves.
            json.member("password_expires_at", String?.none)
        }
        list("audit_ids", token.auditIDs)
        member("expires_at", token.expiresAt.withMicroseconds + "Z")
        member("issued_at", token.issuedAt.withMicroseconds + "Z")
        if let trust = token.trust { self.trust(trust) }
        switch token.scope {
        case .unscoped:
            return
        case .project(let project):
            object("project") { json in
                json.member("id", project.id)
                json.member("name", project.name)
                json.named("domain", project.domainID, token.projectDomainName ?? project.domainID)
            }
            member("is_domain", false)
        case .domain(let domain):
            named("domain", domain.id, domain.name)
        case .system:
            object("system") { $0.member("all", true) }
        }
        list("roles", token.roles) { json, role in
            json.object {
                $0.member("id", role.id)
                $0.member("name", role.name)
            }
        }
        if let credential = token.applicationCredential { applicationCredential(credential) }
        if let catalog { list("catalog", catalog.entries) { $0.catalogEntry($1, base) } }
    }

    /// What has been proven by a login that is not done, and which methods do together.
    mutating func receipt(_ receipt: AuthReceipt) {
        object("receipt") { json in
            json.list("methods", receipt.methods)
            json.object("user") {
                $0.member("id", receipt.user.id)
                $0.member("name", receipt.user.name)
                $0.named("domain", receipt.user.domainID, receipt.userDomainName)
            }
            json.member("expires_at", receipt.expiresAt.withMicroseconds + "Z")
            json.member("issued_at", receipt.issuedAt.withMicroseconds + "Z")
        }
        list("required_auth_methods", receipt.requiredMethods) { json, rule in json.list(rule) { $1.write(to: &$0) } }
    }

    private mutating func applicationCredential(_ credential: ApplicationCredential) {
        object("application_credential") { json in
            json.member("id", credential.id)
            json.member("name", credential.name)
            json.member("restricted", !credential.isUnrestricted)
            guard let rules = credential.accessRules else { return }
            json.list("access_rules", rules) { json, rule in
                json.object {
                    $0.member("id", rule.id)
                    $0.member("service", rule.service)
                    $0.member("method", rule.method)
                    $0.member("path", rule.path)
                }
            }
        }
    }

    private mutating func trust(_ trust: Trust) {
        object("OS-TRUST:trust") { json in
            json.member("id", trust.id)
            json.member("impersonation", trust.isImpersonation)
            json.object("trustor_user") { $0.member("id", trust.trustorID) }
            json.object("trustee_user") { $0.member("id", trust.trusteeID) }
        }
    }

    private mutating func named(_ member: StaticString, _ id: String, _ name: String) {
        object(member) {
            $0.member("id", id)
            $0.member("name", name)
        }
    }

    /// A service of the catalogue with its endpoints.
    mutating func catalogEntry(_ entry: Catalog.Entry, _ base: String) {
        object { json in
            json.member("id", entry.service.id)
            json.member("type", entry.service.type)
            json.member("name", entry.service.name ?? "")
            json.list("endpoints", entry.endpoints) { json, endpoint in
                json.object {
                    $0.member("id", endpoint.id)
                    $0.member("interface", endpoint.interface.rawValue)
                    $0.member("region", endpoint.regionID)
                    $0.member("region_id", endpoint.regionID)
                    $0.member("url", endpoint.url(below: base))
                }
            }
        }
    }
}
