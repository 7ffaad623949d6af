import API
import Cryptography
import Database
import Foundation
import HTTP
import Identity
import Logging
import ServiceCore
import Testing

@Suite struct `Tokens over HTTP` {
    private let cloud: APICloud
    private var router: Router { cloud.router }
    private var clock: ManualClock { cloud.clock }

    init() throws { cloud = try APICloud() }

    private struct Answer {
        let response: Response
        let json: [String: Any]
        var token: String? { response.fields["X-Subject-Token"] }

        init(_ response: Response) {
            self.response = response
            var bytes: [UInt8] = []
            if case .bytes(let content) = response.body { bytes = content }
            json = ((try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any]) ?? [:]
        }

        func value(_ path: String) -> Any? {
            path.split(separator: ".").reduce(json as Any?) { ($0 as? [String: Any])?[String($1)] }
        }

        func text(_ path: String) -> String? { value(path) as? String }
    }

    private func post(_ body: String) -> Answer {
        Answer(
            router.respond(
                to: .testing(
                    .post, "/identity/v3/auth/tokens", fields: ["Content-Type": "application/json"],
                    content: Array(body.utf8))))
    }

    private func credentials(_ password: String = "admin", scope: String = "") -> String {
        """
        {"auth": {"identity": {"methods": ["password"], "password": {"user":
          {"name": "admin", "domain": {"id": "default"}, "password": "\(password)"}}}\(scope)}}
        """
    }

    private let adminProject = #", "scope": {"project": {"name": "admin", "domain": {"name": "Default"}}}"#

    @Test(arguments: ["/identity", "/identity/"])
    func `the choice of versions leads to the one there is`(path: String) throws {
        let answer = Answer(router.respond(to: .testing(.get, path)))
        #expect(answer.response.status == .multipleChoices)
        let versions = try #require(answer.value("versions.values") as? [[String: Any]])
        let links = try #require(versions.first?["links"] as? [[String: String]])
        #expect(links == [["rel": "self", "href": "http://127.0.0.1:8000/identity/v3/"]])
    }

    @Test func `a password gets a token for a project, with a catalogue of what there is`() throws {
        let answer = post(credentials(scope: adminProject))
        #expect(answer.response.status == .created)
        #expect(answer.token?.isEmpty == false)
        #expect(answer.response.fields["Vary"] == "X-Auth-Token")
        #expect(answer.response.fields["Cache-Control"] == "no-store")
        #expect(answer.text("token.user.name") == "admin")
        #expect(answer.text("token.user.domain.name") == "Default")
        #expect(answer.value("token.user.password_expires_at") is NSNull)
        #expect(answer.text("token.project.name") == "admin")
        #expect(answer.text("token.issued_at")?.hasSuffix("000Z") == true)
        let roles = try #require(answer.value("token.roles") as? [[String: String]])
        #expect(roles.contains { $0["name"] == "admin" })
        let catalog = try #require(answer.value("token.catalog") as? [[String: Any]])
        #expect(catalog.map { $0["type"] as? String } == ["compute", "identity", "image", "network", "placement"])
    }

    @Test func `a token for no project carries neither project nor catalogue`() {
        let answer = post(credentials(scope: #", "scope": "unscoped""#))
        #expect(answer.response.status == .created)
        #expect(answer.value("token.project") == nil && answer.value("token.catalog") == nil)
    }

    @Test func `wrong password and unknown user get the same answer`() {
        let wrong = post(credentials("nonsense"))
        let unknown = post(credentials().replacingOccurrences(of: "\"admin\", \"domain", with: "\"nobody\", \"domain"))
        for answer in [wrong, unknown] {
            #expect(answer.response.status == .unauthorized)
            #expect(answer.text("error.message") == "The request you have made requires authentication.")
            #expect(answer.response.fields["WWW-Authenticate"] == "Keystone uri=\"http://127.0.0.1:8000/identity\"")
        }
    }

    @Test(arguments: [
        ("{", "The request's content"), ("{}", "auth is required"), (#"{"auth": {"identity": 3}}"#, "auth.identity"),
        (#"{"auth": {"identity": {"methods": ["password"]}}}"#, "auth.identity.password is required"),
        (
            #"{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "a", "password": "b"}}}}}"#,
            "domain needs an id or a name"
        ),
    ])
    func `content that is not understood is refused by the member's name`(body: String, message: String) {
        let answer = post(body)
        #expect(answer.response.status == .badRequest)
        #expect(answer.text("error.message")?.contains(message) == true, "\(answer.json)")
        #expect(answer.value("error.code") as? Int == 400)
    }

    @Test func `a token for the system or a domain says so, and a role has to be held there`() {
        let system = post(credentials(scope: #", "scope": {"system": {"all": true}}"#))
        #expect(system.response.status == .created)
        #expect(system.value("token.system.all") as? Bool == true)
        #expect(system.value("token.catalog") != nil)
        let domain = post(credentials(scope: #", "scope": {"domain": {"id": "default"}}"#))
        #expect(domain.response.status == .unauthorized)
    }

    @Test func `a token can be exchanged, looked at and ended`() throws {
        let first = try #require(post(credentials(scope: #", "scope": "unscoped""#)).token)
        let exchange = post(
            #"{"auth": {"identity": {"methods": ["token"], "token": {"id": "\#(first)"}}\#(adminProject)}}"#)
        #expect(exchange.response.status == .created)
        #expect(exchange.text("token.project.name") == "admin")
        let token = try #require(exchange.token)

        func ask(_ method: HTTP.Method, _ auth: String?, _ subject: String) -> Answer {
            var fields: KeyValuePairs<String, String> = ["X-Subject-Token": subject]
            if let auth { fields = ["X-Subject-Token": subject, "X-Auth-Token": auth] }
            return Answer(router.respond(to: .testing(method, "/identity/v3/auth/tokens", fields: fields)))
        }
        #expect(ask(.get, nil, token).response.status == .unauthorized)
        #expect(ask(.get, token, token).text("token.user.name") == "admin")
        #expect(ask(.get, token, "nonsense").response.status == .notFound)
        #expect(ask(.delete, token, first).response.status == .noContent)
        #expect(ask(.get, token, first).response.status == .notFound)
        clock.advance(seconds: 3601)
        #expect(ask(.get, token, token).response.status == .unauthorized)
    }
}
