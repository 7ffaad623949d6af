import Foundation
import HTTP
import Identity
import Testing

@Suite struct `Keystone's resources over HTTP` {
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

    private func make(_ kind: String, _ json: String) throws -> String {
        let answer = ask(.post, "/\(kind)s", #"{"\#(kind)": \#(json)}"#)
        #expect(answer.status == 201, "\(answer.text)")
        return try #require(answer.text("\(kind).id"))
    }

    @Test func `a user comes back as it was sent, without the password`() throws {
        let answer = ask(
            .post, "/users",
            #"{"user": {"name": "ada", "password": "secret", "email": "a@b.c", "project_id": "p", "shoes": [42, null]}}"#
        )
        #expect(answer.status == 201)
        #expect(
            answer.members("user") == [
                "domain_id", "email", "enabled", "id", "links", "name", "options", "password_expires_at", "project_id",
                "shoes",
            ])
        let id = try #require(answer.text("user.id"))
        #expect(answer.text("user.links.self") == "http://127.0.0.1:8000/identity/v3/users/\(id)")
        #expect(answer["user.password_expires_at"] is NSNull)
        #expect(ask(.get, "/users/\(id)").text == answer.text)
        #expect(answer["user.shoes.0"] as? Int == 42)
        let changed = ask(.patch, "/users/\(id)", #"{"user": {"shoes": null, "email": "", "enabled": false}}"#)
        #expect(changed["user.shoes"] == nil && changed["user.email"] == nil)
        #expect(ask(.get, "/users?enabled=False").list("users").count == 1)
        #expect(ask(.get, "/users?name=ADA").list("users").count == 1)
        #expect(ask(.get, "/users?name=nobody").list("users").count == 0)
        #expect(ask(.patch, "/users/\(id)", #"{"user": {"domain_id": "other"}}"#).status == 400)
        #expect(ask(.patch, "/users/\(id)", #"{"user": {"enabled": "yes"}}"#).status == 400)
        #expect(ask(.delete, "/users/\(id)").status == 204)
        #expect(ask(.get, "/users/\(id)").status == 404)
    }

    @Test(arguments: ["nosuch", "no%20such", "%E4%BA%BA", "a%2Fb"])
    func `a name where an identifier is wanted is not found, and that is said in JSON`(name: String) {
        for kind in ["users", "projects", "domains", "roles", "groups", "services", "regions", "endpoints"] {
            let answer = ask(.get, "/\(kind)/\(name)")
            #expect(answer.status == 404 && answer["error.code"] as? Int == 404, "\(kind)")
        }
    }

    @Test func `a list says where it is and has one page`() {
        let answer = ask(.get, "/roles?name=reader")
        #expect(answer.text("links.self") == "http://127.0.0.1:8000/identity/v3/roles?name=reader")
        #expect(answer["links.next"] is NSNull && answer["links.previous"] is NSNull)
        #expect(answer.list("roles").count == 1)
        #expect(answer["roles.0.description"] is NSNull && answer["roles.0.domain_id"] is NSNull)
    }

    @Test func `a domain is a project too, and a project has a parent`() throws {
        let domain = try make("domain", #"{"name": "Engineering"}"#)
        let project = ask(.post, "/projects", #"{"project": {"name": "p", "domain_id": "\#(domain)", "tags": ["x"]}}"#)
        #expect(project.text("project.parent_id") == domain)
        #expect(project["project.is_domain"] as? Bool == false)
        let seen = ask(.get, "/projects/\(domain)")
        #expect(seen["project.is_domain"] as? Bool == true && seen["project.domain_id"] is NSNull)
        #expect(ask(.get, "/projects?is_domain=true").list("projects").count == 2)
        #expect(ask(.get, "/projects?tags=x").list("projects").count == 1)
        let id = try #require(project.text("project.id"))
        let child = try make("project", #"{"name": "c", "parent_id": "\#(id)"}"#)
        let tree = ask(.get, "/projects/\(id)?subtree_as_ids&parents_as_list")
        #expect(tree["project.subtree.\(child)"] is NSNull)
        #expect(ask(.patch, "/projects/\(id)", #"{"project": {"parent_id": "x"}}"#).status == 403)
        #expect(ask(.delete, "/domains/\(domain)").status == 403)
        #expect(ask(.patch, "/domains/\(domain)", #"{"domain": {"enabled": false}}"#).status == 200)
        #expect(ask(.delete, "/domains/\(domain)").status == 204)
        #expect(ask(.get, "/projects/\(id)").status == 404)
    }

    @Test func `roles are given, asked for and taken with an empty answer`() throws {
        let user = try make("user", #"{"name": "ada", "password": "secret"}"#)
        let group = try make("group", #"{"name": "team"}"#)
        let role = try make("role", #"{"name": "clerk"}"#)
        let project = cloud.adminProjectID
        for path in [
            "/projects/\(project)/users/\(user)", "/projects/\(project)/groups/\(group)",
            "/domains/default/users/\(user)",
            "/system/users/\(user)", "/system/groups/\(group)",
        ] {
            #expect(ask(.head, "\(path)/roles/\(role)").status == 404)
            #expect(ask(.put, "\(path)/roles/\(role)").status == 204)
            #expect(ask(.put, "\(path)/roles/\(role)").status == 204)
            let check = ask(.head, "\(path)/roles/\(role)")
            #expect(check.status == 204 && check.text.isEmpty)
            #expect(ask(.get, "\(path)/roles").list("roles").count == 1)
        }
        let listed = ask(.get, "/role_assignments?user.id=\(user)&include_names")
        #expect(listed.list("role_assignments").count == 3)
        #expect(listed.text("role_assignments.0.user.name") == "ada")
        #expect(listed.text("role_assignments.0.user.domain.name") == "Default")
        #expect(ask(.put, "/groups/\(group)/users/\(user)").status == 204)
        let effective = ask(.get, "/role_assignments?user.id=\(user)&scope.system=all&effective")
        #expect(effective.list("role_assignments").count == 1)
        #expect(effective["role_assignments.0.scope.system.all"] as? Bool == true)
        #expect(ask(.get, "/role_assignments?group.id=\(group)&effective").status == 400)
        #expect(ask(.delete, "/system/users/\(user)/roles/\(role)").status == 204)
        #expect(ask(.delete, "/system/users/\(user)/roles/\(role)").status == 404)
    }

    @Test func `a password is changed without a token, and a wrong one is told where to authenticate`() throws {
        let user = try make("user", #"{"name": "ada", "password": "secret"}"#)
        func change(_ original: String) -> APIAnswer {
            cloud.ask(
                .post, "/identity/v3/users/\(user)/password",
                json: #"{"user": {"original_password": "\#(original)", "password": "new"}}"#)
        }
        let wrong = change("guess")
        #expect(wrong.status == 401 && wrong.response.fields["WWW-Authenticate"]?.contains("Keystone uri=") == true)
        #expect(change("secret").status == 204)
        #expect(change("secret").status == 401)
    }

    @Test func `the catalogue's addresses are where the client has come to`() {
        let endpoints = ask(.get, "/endpoints?interface=public")
        let urls = Set(endpoints.list("endpoints").compactMap { ($0 as? [String: Any])?["url"] as? String })
        #expect(
            urls
                == Set(
                    ["identity", "compute/v2.1", "image", "networking", "placement"].map {
                        "http://127.0.0.1:8000/\($0)"
                    }))
        #expect(ask(.get, "/auth/catalog").list("catalog").count == 5)
        #expect(ask(.get, "/auth/projects").list("projects").count == 1)
        #expect(ask(.get, "/auth/system").list("system").count == 1)
    }

    @Test func `an application credential is got with its secret once, and logs in`() throws {
        let user = try cloud.identity.validate(token).user.id
        let path = "/users/\(user)/application_credentials"
        let made = ask(
            .post, path,
            #"{"application_credential": {"name": "ci", "expires_at": "2027-01-01T00:00:00.123456", "roles": [{"name": "reader"}]}}"#
        )
        #expect(made.status == 201 && made.text("application_credential.expires_at") == "2027-01-01T00:00:00.123456")
        let id = try #require(made.text("application_credential.id"))
        let secret = try #require(made.text("application_credential.secret"))
        #expect(ask(.get, "\(path)/\(id)")["application_credential.secret"] == nil)
        let login = cloud.ask(
            .post, "/identity/v3/auth/tokens",
            json:
                #"{"auth": {"identity": {"methods": ["application_credential"], "application_credential": {"id": "\#(id)", "secret": "\#(secret)"}}}}"#
        )
        #expect(login.status == 201)
        #expect(login["token.application_credential.restricted"] as? Bool == true)
        #expect(login.list("token.roles").count == 1)
        #expect(login.list("token.methods") as? [String] == ["application_credential"])
    }

    @Test func `a token that is not good for another is a token that is not there`() {
        let answer = cloud.ask(
            .post, "/identity/v3/auth/tokens",
            json: #"{"auth": {"identity": {"methods": ["token"], "token": {"id": "nonsense"}}}}"#)
        #expect(answer.status == 404)
    }
}
