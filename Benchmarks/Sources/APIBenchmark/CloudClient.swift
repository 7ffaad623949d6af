import BenchmarkKit
import Foundation

/// Asks the program's JSON interfaces, one connection a question: for what is not measured.
struct CloudClient {
    let port: UInt16
    var token = ""

    static let credentials = """
        {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "admin", "password": "admin", \
        "domain": {"id": "default"}}}}, "scope": {"project": {"name": "admin", "domain": {"id": "default"}}}}}
        """

    /// Logs in.
    init(port: UInt16) throws {
        self.port = port
        let answer = try ask("POST", "/identity/v3/auth/tokens", Self.credentials)
        let line = answer.head.first { $0.lowercased().hasPrefix("x-subject-token: ") }
        guard let line else { throw Failure("no token: \(answer.head)") }
        token = String(line.dropFirst("x-subject-token: ".count))
    }

    /// What the answer has at a path: `network.id`.
    func value(_ method: String, _ path: String, _ content: String? = nil, at names: String) throws -> String {
        let answer = try ask(method, path, content)
        let json = try JSONSerialization.jsonObject(with: Data(answer.content))
        let found = names.split(separator: ".").reduce(json as Any?) { value, name in
            if let list = value as? [Any] { return Int(name).flatMap { list.indices.contains($0) ? list[$0] : nil } }
            return (value as? [String: Any])?[String(name)]
        }
        guard let text = found as? String else {
            throw Failure("\(method) \(path) has no \(names): \(String(decoding: answer.content.prefix(300), as: UTF8.self))")
        }
        return text
    }

    /// Sends a content that is not JSON.
    func put(_ path: String, _ text: String) throws { _ = try ask("PUT", path, text, type: "application/octet-stream") }

    private func ask(
        _ method: String, _ path: String, _ content: String? = nil, type: String = "application/json"
    ) throws -> (head: [String], content: [UInt8]) {
        var request = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        if !token.isEmpty { request += "X-Auth-Token: \(token)\r\n" }
        if let content {
            request += "Content-Type: \(type)\r\nContent-Length: \(content.utf8.count)\r\n"
        }
        guard let answer = Loopback.exchange(request + "\r\n" + (content ?? ""), port: port),
            let end = answer.firstRange(of: Array("\r\n\r\n".utf8))
        else { throw Failure("no answer to \(method) \(path)") }
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        guard head[0].contains(" 20") else { throw Failure("\(method) \(path): \(head[0])") }
        return (head, Array(answer[end.upperBound...]))
    }
}
