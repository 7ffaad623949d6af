import Foundation

/// One WebDriver endpoint (W3C WebDriver, section 6): JSON in, the `value` of the answer out.
struct WebDriverClient: Sendable {
    let base: URL

    @discardableResult
    func send(_ method: String, _ path: String, _ body: [String: Any]? = nil) async throws -> Any? {
        let content = method == "POST" ? [UInt8](try JSONSerialization.data(withJSONObject: body ?? [:])) : []
        let url = path.isEmpty ? base : base.appending(path: path)
        let answer = try await PlainHTTP.send(
            method, url, fields: [("Content-Type", "application/json")], content: content)
        let value = try JSONSerialization.jsonObject(with: Data(answer.content)) as? [String: Any]
        if let fault = value?["value"] as? [String: Any], let code = fault["error"] as? String {
            throw BrowserError(code: code, reason: fault["message"] as? String ?? "")
        }
        return value?["value"]
    }
}
