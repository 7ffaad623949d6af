import API
import Compute
import Foundation
import HTTP
import Identity
import Images
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// A cloud with both doors on one router, as the program has them, and two people who are alike but for their names: one
/// works with the pages, the other with JSON.
final class ParityCloud {
    let site: TestSite
    let form: Person
    let json: Person
    private let router: HTTP.Router
    /// What is the same to both, by the name it has in comparisons.
    private var names: [String: String] = [:]

    /// One of the two, in a project of their own.
    struct Person {
        let name: String
        let context: RequestContext
        let browser: Browser
        let token: String
        var projectID: String { context.projectID ?? "" }
    }

    /// - Parameter role: the role of both in their projects.
    init(role: String = "member") throws {
        let site = try TestSite()
        self.site = site
        try site.jobs.recover()
        try site.jobs.drain()
        var router = site.router
        OpenStackAPI(
            identity: site.identity, images: site.images, networking: site.networking, compute: site.compute
        ).register(on: &router)
        self.router = router
        func person(_ name: String) throws -> Person {
            let context = try site.makeUser(name, role: role)
            let browser = Browser(router)
            try browser.logIn(name, TestSite.password)
            let login = PasswordLogin(
                domain: "default", userName: name, password: TestSite.password, remoteAddress: "")
            return Person(
                name: name, context: context, browser: browser, token: try site.identity.authenticate(login).text)
        }
        form = try person("who-fills-in-forms")
        json = try person("who-sends-json")
        for person in [form, json] {
            names[person.name] = "<somebody>"
            names[person.projectID] = "<project>"
            names[person.context.userID] = "<user>"
        }
        // What a project gets when it is first looked at.
        for person in [form, json] { _ = try site.networking.securityGroups(as: person.context) }
    }

    /// Makes something for each of the two that is to be the same thing when their rows are compared.
    @discardableResult
    func both<T>(_ name: String, id: (T) -> String, _ make: (Person) throws -> T) rethrows -> (form: T, json: T) {
        let made = (form: try make(form), json: try make(json))
        for one in [made.form, made.json] { names[id(one)] = "<\(name)>" }
        return made
    }

    /// Does one piece of work through both doors, and compares what became of the rows: all columns of all tables, and
    /// so the jobs that wait.
    /// - Returns: the changes, which are the same.
    @discardableResult
    func compare(
        _ location: SourceLocation = #_sourceLocation, form typed: (Browser) throws -> Void,
        json sent: (ParityCloud) throws -> Void
    ) throws -> [String] {
        let start = try DatabasePicture(of: site.database)
        try typed(form.browser)
        let middle = try DatabasePicture(of: site.database)
        try sent(self)
        let end = try DatabasePicture(of: site.database)
        let (byForm, byJSON) = (
            middle.changes(since: start, calling: names), end.changes(since: middle, calling: names)
        )
        let onlyByForm = byForm.filter { !byJSON.contains($0) }
        let onlyByJSON = byJSON.filter { !byForm.contains($0) }
        #expect(
            onlyByForm.isEmpty && onlyByJSON.isEmpty && byForm.count == byJSON.count,
            "by form:\n\(onlyByForm.joined(separator: "\n"))\nby JSON:\n\(onlyByJSON.joined(separator: "\n"))",
            sourceLocation: location)
        #expect(!byForm.isEmpty, sourceLocation: location)
        return byForm
    }

    /// Asks an endpoint as the one who sends JSON, or the administrator.
    @discardableResult
    func ask(
        _ method: HTTP.Method, _ path: String, _ json: String = "", version: String? = nil, type: String? = nil,
        as token: String? = nil
    ) -> Answer {
        var fields = ["X-Auth-Token": token ?? self.json.token, "Content-Type": type ?? "application/json"]
        fields["Accept"] = "application/json"
        if let version { fields["OpenStack-API-Version"] = version }
        return Answer(
            router.respond(
                to: .testing(method, path, fieldLines: fields.map { ($0, $1) }, content: Array(json.utf8))))
    }

    /// Asks an endpoint, which must not refuse.
    @discardableResult
    func work(
        _ method: HTTP.Method, _ path: String, _ json: String = "", version: String? = nil, type: String? = nil,
        as token: String? = nil, _ location: SourceLocation = #_sourceLocation
    ) -> Answer {
        let answer = ask(method, path, json, version: version, type: type, as: token)
        #expect((200..<300).contains(answer.status), "\(answer.status) \(answer.text)", sourceLocation: location)
        return answer
    }
}

/// What an endpoint answered.
struct Answer {
    let status: Int
    let text: String
    private let json: Any?

    init(_ response: Response) {
        status = response.status.code
        var bytes: [UInt8] = []
        if case .bytes(let content) = response.body { bytes = content }
        text = String(decoding: bytes, as: UTF8.self)
        json = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    }

    /// The text, or the number, that lies at a path: `server.id`.
    subscript(path: String) -> String {
        let value = path.split(separator: ".").reduce(json) { value, name in
            (value as? [String: Any])?[String(name)]
        }
        return value.map { "\($0)" } ?? ""
    }

    /// The sentence of a refusal, whichever service refused.
    var refusal: String {
        let envelope = json as? [String: Any]
        let inner = envelope?.values.compactMap { $0 as? [String: Any] }.first ?? envelope
        return inner?["message"] as? String ?? ""
    }
}

extension Browser {
    /// Opens a page, fills in its form and sends it; the form must not come back.
    func fill(
        _ path: String, _ values: [String: String?], also more: [(String, String)] = [],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        try get(path)
        try #require(page.status == 200, "\(path): \(page.title)", sourceLocation: location)
        try submit(values, also: more)
        #expect(
            page.status == 200, "\(page.path) \(page.title) \(page.all("//*[contains(@class,'fault')]"))",
            sourceLocation: location)
    }
}
