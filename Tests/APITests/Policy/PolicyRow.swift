@testable import HTTP

/// Who asks, in the order of a row's columns: nobody (no token), a reader and a member of the project that owns the
/// things, a member of another project, the administrator, and a reader of the whole system.
enum Asker: Int, CaseIterable {
    case nobody, reader, member, outsider, admin, systemReader
}

/// A request, and what everybody who sends it is answered.
struct PolicyRow: Sendable {
    let method: HTTP.Method
    /// `{server}` stands for a thing of the project, `{me}` for who asks. See ``PolicyThings``.
    let path: String
    let json: String?
    /// A microversion, as it is asked for.
    let version: String?
    /// In the order of ``Asker``.
    let statuses: String

    /// - Parameter request: method, path and content, parted by spaces: `PUT /servers/{server} {"server": {}}`; behind
    ///   the method a microversion may stand, `PUT@2.26`.
    init(_ request: String, below prefix: String = "", _ statuses: String = "") {
        let words = request.split(separator: " ", maxSplits: 2)
        let verb = words[0].split(separator: "@")
        method = HTTP.Method(rawValue: String(verb[0])) ?? .options
        path = prefix + (words[1] == "/" ? "" : words[1])
        json = words.count > 2 ? String(words[2]) : nil
        version = verb.count > 1 ? path.split(separator: "/")[0] + " " + verb[1] : nil
        self.statuses = statuses
    }

    /// The endpoint that it is for; nil when there is none.
    func endpoint(in routes: RouteTree) -> Router.Endpoint? {
        let path = path.replacing("{", with: "").replacing("}", with: "")
        return routes.endpoint(for: Request.testing(method, path).head)?.endpoint
    }
}

extension PolicyRow: CustomStringConvertible {
    var description: String {
        "\(method.rawValue) \(path) \(json ?? "")" + (version.map { " in \($0)" } ?? "")
    }
}
