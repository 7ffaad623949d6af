import Foundation

/// Uses the dashboard over HTTP as a browser does: with forms' tokens and the cookies that are set.
public final class Browser {
    private let port: UInt16
    private var cookies: [String: String] = [:]

    /// Nobody is logged in yet.
    public init(port: UInt16) {
        self.port = port
    }

    /// The Cookie field of everything asked for afterwards; `pageSize` is the visitor's preference.
    public func logIn(pageSize: Int) throws -> String {
        let path = "/dashboard/auth/login/"
        let fields = [("domain", "default"), ("username", "admin"), ("password", "admin")]
        try post(path, fields, token: try token(of: path))
        guard cookies["sessionid"] != nil else { throw Failure("logging in set no session") }
        cookies["horizon_pagesize"] = "\(pageSize)"
        cookies["horizon_language"] = "en"
        return cookieField
    }

    /// A page as it comes over the network, without compression.
    public func get(_ path: String) throws -> [UInt8] { try send("GET", path).content }

    /// What protects the form on a page.
    public func token(of page: String) throws -> String {
        let form = String(decoding: try get(page), as: UTF8.self)
        let field = "name=\"csrfmiddlewaretoken\" value=\""
        guard let start = form.range(of: field)?.upperBound, let end = form[start...].firstIndex(of: "\"") else {
            throw Failure("no token in the form on \(page):\n\(form.prefix(500))")
        }
        return String(form[start..<end])
    }

    /// Sends a form that the dashboard is to accept.
    public func post(_ path: String, _ fields: [(String, String)], token: String) throws {
        let pairs = ([("csrfmiddlewaretoken", token)] + fields).map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
        let answer = try send("POST", path, form: pairs.joined(separator: "&"))
        guard answer.status == 303 else { throw Failure("the form was refused: POST \(path)") }
    }

    private var cookieField: String { cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ") }

    /// The answer, which may be a redirect: nobody follows it. Keeps the cookies.
    private func send(_ method: String, _ path: String, form: String? = nil) throws -> (status: Int, content: [UInt8]) {
        var request = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        if !cookies.isEmpty { request += "Cookie: \(cookieField)\r\n" }
        if let form {
            request += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n"
        }
        guard let answer = Loopback.exchange(request + "\r\n" + (form ?? ""), port: port),
            let end = answer.firstRange(of: Array("\r\n\r\n".utf8))
        else { throw Failure("no answer to \(method) \(path)") }
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self)
        let lines = head.components(separatedBy: "\r\n")
        guard let status = Int(lines[0].split(separator: " ").dropFirst().first ?? ""), [200, 303].contains(status)
        else { throw Failure("\(method) \(path): \(lines[0])") }
        for line in lines where line.lowercased().hasPrefix("set-cookie: ") {
            let pair = line.dropFirst(12).prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { cookies[String(pair[0])] = String(pair[1]) }
        }
        return (status, Array(answer[end.upperBound...]))
    }
}
