import Testing

@testable import HTTP

/// Who may do what, by every service's own answer: 401 without a token, 403 for who may not, 404 for what is not there
/// or not to be seen.
@Suite struct `Who may do what` {
    @Test(arguments: PolicyTable.all)
    func `is answered as the real services answer`(table: PolicyTable) throws {
        try PolicyPeople().check(table)
    }

    @Test func `is said of every route`() throws {
        let routes = try APICloud().router.routes
        var said: Set<Int> = []
        for row in PolicyTable.all.flatMap(\.rows) {
            let endpoint = row.endpoint(in: routes)
            #expect(endpoint != nil, "There is no route for \(row).")
            if let endpoint { said.insert(endpoint.number) }
        }
        for endpoint in routes.endpoints where !said.contains(endpoint.number) {
            // With a slash at its end it is the same route, and no other one: see below.
            guard !endpoint.pattern.hasSuffix("/") else { continue }
            Issue.record("No row says who may \(endpoint.method.rawValue) \(endpoint.pattern).")
        }
        #expect(said.count > 400)
    }

    @Test func `does not depend on a slash at the end`() throws {
        let cloud = try APICloud()
        let admin = try cloud.token()
        for endpoint in cloud.router.routes.endpoints where endpoint.pattern.hasSuffix("/") {
            let path = endpoint.pattern.replacing(/[{}]/, with: "")
            let (answer, plain) = (
                cloud.ask(endpoint.method, path), cloud.ask(endpoint.method, String(path.dropLast()))
            )
            #expect(answer.status == 401 || answer.status == plain.status, "\(endpoint.method.rawValue) \(path)")
            // What follows nova's slashes is an identifier, and nothing has a blank one.
            guard path.hasPrefix("/compute/v2.1/"), answer.status == 401 else { continue }
            #expect(cloud.ask(endpoint.method, path, token: admin).status == 404, "\(endpoint.method.rawValue) \(path)")
        }
    }
}
