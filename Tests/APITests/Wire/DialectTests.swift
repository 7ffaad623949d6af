import Foundation
import HTTP
import Testing

@testable import API

/// What all services have in common, asked of each.
@Suite struct `Each service in its own words` {
    private let cloud: APICloud

    init() throws { cloud = try APICloud() }

    @Test(arguments: [
        ("/identity", 300), ("/identity/", 300), ("/identity/v3", 200), ("/identity/v3/", 200), ("/compute", 200),
        ("/compute/", 200), ("/compute/v2.1", 200), ("/compute/v2.1/", 200), ("/compute/v2/", 200), ("/image", 300),
        ("/image/", 300),
        ("/image/versions", 200), ("/networking", 200), ("/networking/", 200), ("/placement", 200),
        ("/placement/", 200),
    ])
    func `says which versions it has, to anybody`(path: String, status: Int) {
        let answer = cloud.ask(.get, path)
        #expect(answer.status == status)
        #expect(answer.response.fields["Content-Type"] == "application/json")
        #expect(answer.response.fields["X-Openstack-Request-Id"]?.hasPrefix("req-") == true)
        #expect(answer.text.contains(#""id":"v"#))
    }

    @Test(arguments: [
        ("/identity/v3/x", "error.code"), ("/compute/v2.1/x", "itemNotFound.code"),
        ("/networking/v2.0/x", "NeutronError.type"),
        ("/placement/x", "errors.0.status"),
    ])
    func `words a refusal as its clients expect`(path: String, member: String) {
        let answer = cloud.ask(.get, path)
        #expect(answer.status == 404)
        #expect(answer[member] != nil)
    }

    @Test func `glance answers in JSON to who asks for it, else with a page, in which nothing is markup`() {
        let path = "/image/v2/x"
        #expect(cloud.ask(.get, path, fields: ["Accept": "application/json"]).text("code") == "404 Not Found")
        #expect(cloud.ask(.get, path).text.hasPrefix("<html>"))
        let refusal = Dialect.image.refusal(APIError(.badRequest, "<b>"), .testing(.get, path))
        #expect(APIAnswer(refusal).text.contains("&lt;b&gt;"))
    }

    @Test(
        arguments: [
            (nil, 200, "2.1"), ("compute 2.79", 200, "2.79"), ("placement 1.5, compute 2.60", 200, "2.60"),
            ("compute latest", 200, "2.104"), ("volume 3.1", 200, "2.1"), ("compute 2.999", 406, nil),
            ("compute two", 400, nil),
        ] as [(String?, Int, String?)])
    func `negotiates microversions`(asked: String?, status: Int, spoken: String?) {
        let answer = cloud.ask(.get, "/compute/v2.1", version: asked)
        #expect(answer.status == status)
        #expect(answer.response.fields["X-OpenStack-Nova-API-Version"] == spoken)
        #expect(answer.response.fields["OpenStack-API-Version"] == spoken.map { "compute \($0)" })
    }

    @Test func `asks who it is, and names where to authenticate`() {
        let answer = cloud.ask(.get, "/identity/v3/auth/tokens")
        #expect(answer.status == 401)
        #expect(answer["error.code"] as? Int == 401)
        #expect(answer.response.fields["WWW-Authenticate"] == #"Keystone uri="http://127.0.0.1:8000/identity""#)
    }
}
