import Cryptography
import HTTP
import Identity
import ServiceCore
import Testing

@Suite struct `Receipts over HTTP` {
    private let cloud: APICloud
    private let userID: String

    init() throws {
        cloud = try APICloud()
        let system = RequestContext.system("test")
        let user = try cloud.identity.createUser(NewUser(name: "ada", password: "secret"), as: system)
        userID = user.id
        let plain = try cloud.identity.authenticate(
            Authentication([.password(.id(user.id), "secret")], remoteAddress: ""))
        let context = try cloud.identity.context(token: plain.text, remoteAddress: "")
        let seed = NewCredential(type: "totp", blob: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        _ = try cloud.identity.createCredential(seed, as: context)
        var update = UserUpdate()
        update.options = ExtraAttributes([
            "multi_factor_auth_enabled": "true",
            "multi_factor_auth_rules": #"[["totp", "password"], ["password", "token"], ["application_credential"]]"#,
        ])
        _ = try cloud.identity.updateUser(user.id, update, as: system)
    }

    private func post(_ method: String, _ proof: String, receipt: String? = nil) -> APIAnswer {
        cloud.ask(
            .post, "/identity/v3/auth/tokens",
            json: #"{"auth": {"identity": {"methods": ["\#(method)"], "\#(method)": {"user": {"id": "\#(userID)", \#(proof)}}}}}"#,
            fields: receipt.map { ["Openstack-Auth-Receipt": $0] } ?? [:])
    }

    @Test func `a part of the proof is answered with a receipt in keystone's shape`() throws {
        let answer = post("password", #""password": "secret""#)
        #expect(answer.status == 401)
        #expect(answer.response.fields["X-Subject-Token"] == nil)
        #expect(answer.members("") == ["receipt", "required_auth_methods"])
        #expect(answer.members("receipt") == ["expires_at", "issued_at", "methods", "user"])
        #expect(answer.members("receipt.user") == ["domain", "id", "name"])
        #expect(answer.text("receipt.user.name") == "ada" && answer.text("receipt.user.domain.name") == "Default")
        #expect(answer.list("receipt.methods") as? [String] == ["password"])
        #expect(
            answer.list("required_auth_methods") as? [[String]] == [["password", "totp"], ["password", "token"]])
        #expect(answer.text("receipt.expires_at")?.hasSuffix(".000000Z") == true)

        let receipt = try #require(answer.response.fields["Openstack-Auth-Receipt"])
        let code = TOTP.passcode(seed: Array("12345678901234567890".utf8), step: cloud.clock.now().seconds / 30)
        let wrong = post("totp", #""passcode": "000000""#, receipt: receipt)
        #expect(wrong.status == 401 && wrong.response.fields["Openstack-Auth-Receipt"] == nil)
        #expect(post("totp", #""passcode": "\#(code)""#, receipt: "x").text("error.title") == "Unauthorized")
        cloud.clock.advance(seconds: 30)
        let next = TOTP.passcode(seed: Array("12345678901234567890".utf8), step: cloud.clock.now().seconds / 30)
        let token = post("totp", #""passcode": "\#(next)""#, receipt: receipt)
        #expect(token.status == 201, "\(token.text)")
        #expect(token.list("token.methods") as? [String] == ["password", "totp"])
        #expect(token.response.fields["X-Subject-Token"] != nil)
    }
}
