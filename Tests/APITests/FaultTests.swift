import API
import Foundation
import HTTP
import Testing

/// Faults that no endpoint has told of are told in the interfaces' own words.
@Suite struct `Faults over HTTP` {
    private func error(_ response: Response) throws -> [String: Any] {
        #expect(response.fields["Content-Type"] == "application/json")
        #expect(response.fields["Cache-Control"] == "no-store")
        guard case .bytes(let bytes) = response.body else { return [:] }
        let json = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        return json?["error"] as? [String: Any] ?? [:]
    }

    @Test func `a path that leads nowhere, a request at fault and a fault of ours are JSON under the request's id`()
        throws
    {
        let request = Request.testing(.get, "/identity/v3/unicorns")
        let refusal = RequestError(.contentTooLarge, "the content is larger than is taken here")
        for (response, status, title) in [
            (OpenStackAPI.notFound(request), 404, "Not Found"),
            (OpenStackAPI.refusal(refusal, request), 413, "Content Too Large"),
            (OpenStackAPI.failure(request), 500, "Internal Server Error"),
        ] {
            let error = try error(response)
            #expect(response.status.code == status && error["code"] as? Int == status)
            #expect(error["title"] as? String == title)
            #expect((error["message"] as? String)?.isEmpty == false)
            #expect(response.fields["X-Openstack-Request-Id"] == request.id.description)
        }
    }

    @Test(arguments: [
        ("/identity", true), ("/identity/", true), ("/identity/v3/x", true), ("/identityx", false), ("/", false),
        ("/dashboard/identity/", false), ("/compute/v2.1/servers", true), ("/networking", true), ("/image/v2", true),
        ("/placement/", true),
    ])
    func `the interfaces know their own paths`(path: String, isTheirs: Bool) {
        #expect(OpenStackAPI.owns(.testing(.get, path)) == isTheirs)
    }
}
