import Foundation
import HTTP
import Identity
import Testing

@Suite struct `Keystone's extensions over HTTP` {
    private let cloud: APICloud
    private let token: String

    init() throws {
        cloud = try APICloud()
        token = try cloud.token()
    }

    private func ask(
        _ method: HTTP.Method, _ path: String, _ json: String? = nil, token: String? = nil
    ) -> APIAnswer {
        cloud.ask(method, "/identity/v3" + path, token: token ?? self.token, json: json)
    }

    private func user(_ name: String, _ more: String = "") throws -> String {
        let answer = ask(.post, "/users", #"{"user": {"name": "\#(name)", "password": "secret"\#(more)}}"#)
        return try #require(answer.text("user.id"))
    }

    private func use(trust: String, by user: String) -> APIAnswer {
        cloud.ask(
            .post, "/identity/v3/auth/tokens",
            json: """
                {"auth": {"identity": {"methods": ["password"], "password": {"user":
                  {"id": "\(user)", "password": "secret"}}}, "scope": {"OS-TRUST:trust": {"id": "\(trust)"}}}}
                """)
    }

    @Test func `a trust is used by its trustee, whose token says so`() throws {
        let admin = try cloud.identity.validate(token).user.id
        let bob = try user("bob")
        let eve = try user("eve")
        let made = ask(
            .post, "/OS-TRUST/trusts",
            """
            {"trust": {"trustor_user_id": "\(admin)", "trustee_user_id": "\(bob)", "impersonation": true,
              "project_id": "\(cloud.adminProjectID)", "roles": [{"name": "reader"}], "allow_redelegation": true}}
            """)
        let trust = try #require(made.text("trust.id"))
        #expect(made["trust.redelegation_count"] as? Int == 3)
        let login = use(trust: trust, by: bob)
        #expect(login.status == 201 && login.text("token.user.id") == admin)
        #expect(login.text("token.project.id") == cloud.adminProjectID && login.list("token.roles").count == 1)
        #expect(login.members("token.OS-TRUST:trust") == ["id", "impersonation", "trustee_user", "trustor_user"])
        #expect(login.text("token.OS-TRUST:trust.trustee_user.id") == bob)
        #expect(login.list("token.catalog").count == 5)
        #expect(use(trust: trust, by: eve).status == 403)
        #expect(use(trust: "nonsense", by: bob).status == 401)
        let subject = try #require(login.response.fields["X-Subject-Token"])
        let again = #"{"auth": {"identity": {"methods": ["token"], "token": {"id": "\#(subject)"}}}}"#
        #expect(cloud.ask(.post, "/identity/v3/auth/tokens", json: again).status == 403)
        let passedOn = ask(
            .post, "/OS-TRUST/trusts",
            """
            {"trust": {"trustor_user_id": "\(admin)", "trustee_user_id": "\(eve)", "impersonation": true,
              "project_id": "\(cloud.adminProjectID)", "roles": [{"name": "reader"}]}}
            """, token: subject)
        #expect(passedOn.status == 201 && passedOn.text("trust.redelegated_trust_id") == trust)
        #expect(use(trust: passedOn.text("trust.id") ?? "", by: eve).status == 201)
        #expect(ask(.delete, "/OS-TRUST/trusts/\(trust)").status == 204)
        #expect(ask(.get, "/auth/projects", token: subject).status == 401)
    }

    @Test func `a project is shown the endpoints that were chosen for it`() throws {
        let endpoints = ask(.get, "/endpoints?interface=public").list("endpoints")
        let id = try #require((endpoints.first as? [String: Any])?["id"] as? String)
        let group = try #require(
            ask(
                .post, "/OS-EP-FILTER/endpoint_groups",
                #"{"endpoint_group": {"name": "g", "filters": {"interface": "public"}}}"#
            ).text("endpoint_group.id"))
        let filter = "/OS-EP-FILTER"
        let one = "\(filter)/projects/\(cloud.adminProjectID)/endpoints/\(id)"
        #expect(ask(.get, one).status == 404)
        #expect(ask(.put, one).status == 204 && ask(.get, one).status == 204 && ask(.head, one).status == 204)
        #expect(ask(.get, "/auth/catalog").list("catalog").count == 1)
        #expect(ask(.get, "\(filter)/endpoints/\(id)/projects").list("projects").count == 1)
        let link = "\(filter)/endpoint_groups/\(group)/projects/\(cloud.adminProjectID)"
        #expect(ask(.get, link).status == 404)
        #expect(ask(.put, link).status == 204)
        #expect(ask(.get, link).text("project_endpoint_group.endpoint_group_id") == group)
        #expect(ask(.get, "/auth/catalog").list("catalog").count == 5)
        #expect(ask(.get, "\(filter)/projects/\(cloud.adminProjectID)/endpoints").list("endpoints").count == 5)
        #expect(
            ask(.get, "\(filter)/projects/\(cloud.adminProjectID)/endpoint_groups").list("endpoint_groups").count == 1)
        #expect(ask(.get, "\(filter)/endpoint_groups/\(group)/endpoints").list("endpoints").count == 5)
        #expect(ask(.get, "\(filter)/endpoint_groups/\(group)/projects").list("projects").count == 1)
        #expect(ask(.delete, one).status == 204 && ask(.delete, link).status == 204)
        #expect(ask(.delete, one).status == 404 && ask(.delete, link).status == 404)
        #expect(ask(.put, "\(filter)/projects/nowhere/endpoints/\(id)").status == 404)
    }

    @Test func `a domain's configuration has groups and options, each with an address`() throws {
        let domain = try #require(ask(.post, "/domains", #"{"domain": {"name": "d"}}"#).text("domain.id"))
        let path = "/domains/\(domain)/config"
        let config = #"{"config": {"identity": {"driver": "ldap"}, "ldap": {"url": "ldap://a", "password": "secret"}}}"#
        #expect(ask(.get, path).status == 404)
        #expect(ask(.put, path, config).status == 201)
        let again = ask(.put, path, config)
        #expect(again.status == 200 && again.text("config.ldap.url") == "ldap://a" && !again.text.contains("secret"))
        #expect(ask(.get, path + "/ldap").text == #"{"config":{"ldap":{"url":"ldap://a"}}}"#)
        #expect(ask(.get, path + "/ldap/url").text == #"{"config":{"url":"ldap://a"}}"#)
        #expect(ask(.get, path + "/ldap/password").status == 404)
        #expect(ask(.get, path + "/token").status == 403)
        let changed = ask(.patch, path + "/identity/driver", #"{"config": {"driver": "sql"}}"#)
        #expect(changed.text("config.identity.driver") == "sql" && changed.text("config.ldap.url") == "ldap://a")
        #expect(ask(.patch, path + "/identity/driver", #"{"config": {"list_limit": 1}}"#).status == 403)
        #expect(ask(.patch, path, #"{"config": {"identity": 3}}"#).status == 400)
        #expect(ask(.delete, path + "/identity/driver").status == 204)
        #expect(ask(.get, path + "/identity").status == 404)
        #expect(ask(.delete, path).status == 204 && ask(.get, path).status == 404)
        #expect(ask(.get, "/domains/config/default").members("config") == ["identity", "ldap"])
        #expect(ask(.get, "/domains/config/identity/default").members("config.identity") == ["driver", "list_limit"])
        #expect(ask(.get, "/domains/config/ldap/use_tls/default").text == #"{"config":{"use_tls":false}}"#)
    }

    @Test func `a consumer's secret is told once`() throws {
        let made = ask(.post, "/OS-OAUTH1/consumers", #"{"consumer": {"description": "a program"}}"#)
        #expect(made.status == 201 && made.members("consumer") == ["description", "id", "links", "secret"])
        let path = "/OS-OAUTH1/consumers/\(try #require(made.text("consumer.id")))"
        #expect(ask(.get, path).members("consumer") == ["description", "id", "links"])
        #expect(ask(.get, "/OS-OAUTH1/consumers").list("consumers").count == 1)
        #expect(ask(.patch, path, #"{"consumer": {"secret": "mine"}}"#).status == 400)
        let changed = ask(.patch, path, #"{"consumer": {"description": "another"}}"#)
        #expect(changed.text("consumer.description") == "another")
        #expect(ask(.delete, path).status == 204 && ask(.get, path).status == 404)
    }

    @Test(arguments: ["project", "domain"])
    func `what is immutable says so, and is unlocked by itself`(kind: String) throws {
        let made = ask(.post, "/\(kind)s", #"{"\#(kind)": {"name": "x", "options": {"immutable": true}}}"#)
        #expect(made.status == 201 && made["\(kind).options.immutable"] as? Bool == true)
        let path = "/\(kind)s/\(try #require(made.text("\(kind).id")))"
        #expect(ask(.patch, path, #"{"\#(kind)": {"enabled": false}}"#).status == 403)
        #expect(ask(.delete, path).status == 403)
        #expect(ask(.patch, path, #"{"\#(kind)": {"options": {"nonsense": true}}}"#).status == 400)
        #expect(ask(.patch, path, #"{"\#(kind)": {"options": {"immutable": "yes"}}}"#).status == 400)
        let unlocked = ask(.patch, path, #"{"\#(kind)": {"options": {"immutable": null}}}"#)
        #expect(unlocked.status == 200 && unlocked["\(kind).options.immutable"] == nil)
        #expect(ask(.patch, path, #"{"\#(kind)": {"enabled": false}}"#).status == 200)
        #expect(ask(.delete, path).status == 204)
    }

    @Test func `the options of a user count at its next login`() throws {
        let id = try user(
            "ada", #", "options": {"multi_factor_auth_enabled": true, "multi_factor_auth_rules": [["totp"]]}"#)
        func login() -> Int {
            cloud.ask(
                .post, "/identity/v3/auth/tokens",
                json: """
                    {"auth": {"identity": {"methods": ["password"], "password": {"user":
                      {"id": "\(id)", "password": "secret"}}}}}
                    """
            ).status
        }
        #expect(login() == 401)
        let off = ask(.patch, "/users/\(id)", #"{"user": {"options": {"multi_factor_auth_enabled": false}}}"#)
        #expect(off["user.options.multi_factor_auth_enabled"] as? Bool == false)
        #expect(off.list("user.options.multi_factor_auth_rules").count == 1)
        #expect(login() == 201)
        #expect(ask(.patch, "/users/\(id)", #"{"user": {"options": {"nonsense": true}}}"#).status == 400)
        #expect(ask(.patch, "/users/\(id)", #"{"user": {"options": {"lock_password": "yes"}}}"#).status == 400)
    }
}
