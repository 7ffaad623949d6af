import BenchmarkKit
import Foundation

/// Logs in over HTTP as a browser does: with the form's token and the cookies that are set.
final class Browser {
    private let port: UInt16
    private var cookies: [String: String] = [:]

    init(port: UInt16) {
        self.port = port
    }

    /// The Cookie field of everything asked for afterwards; `pageSize` is the visitor's preference.
    func logIn(pageSize: Int) throws -> String {
        let path = "/dashboard/auth/login/"
        let form = String(decoding: try send("GET", path), as: UTF8.self)
        let field = "name=\"csrfmiddlewaretoken\" value=\""
        guard let start = form.range(of: field)?.upperBound, let end = form[start...].firstIndex(of: "\"") else {
            throw Failure("no token in the login form:\n\(form.prefix(500))")
        }
        let token = form[start..<end].addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        _ = try send(
            "POST", path, form: "csrfmiddlewaretoken=\(token)&domain=default&username=admin&password=admin")
        guard cookies["sessionid"] != nil else { throw Failure("logging in set no session") }
        cookies["horizon_pagesize"] = "\(pageSize)"
        cookies["horizon_language"] = "en"
        return cookieField
    }

    /// A page as it comes over the network, without compression.
    func get(_ path: String) throws -> [UInt8] { try send("GET", path) }

    private var cookieField: String { cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ") }

    /// The content of the answer, which may be a redirect: nobody follows it. Keeps the cookies.
    private func send(_ method: String, _ path: String, form: String? = nil) throws -> [UInt8] {
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
        guard lines[0].contains(" 200 ") || lines[0].contains(" 303 ") else {
            throw Failure("\(method) \(path): \(lines[0])")
        }
        for line in lines where line.lowercased().hasPrefix("set-cookie: ") {
            let pair = line.dropFirst(12).prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { cookies[String(pair[0])] = String(pair[1]) }
        }
        return Array(answer[end.upperBound...])
    }
}
