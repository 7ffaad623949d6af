import Foundation
import Markup
import Synchronization
import TestSupport

/// A person without a browser: keeps cookies, follows redirects, fills in the forms it finds on pages.
final class WebClient: Sendable {
    private let address: URL
    private let language: String
    private let cookies = Mutex<[String: String]>([:])

    init(_ address: URL, language: String = "en") {
        self.address = address
        self.language = language
    }

    /// The same person, cookies and all, where the server has moved to.
    func moved(to address: URL) -> WebClient {
        let other = WebClient(address, language: language)
        let kept = cookies.withLock { $0 }
        other.cookies.withLock { $0 = kept }
        return other
    }

    /// A page, and where it was found in the end.
    struct Page: Sendable {
        let url: URL
        let status: Int
        let fields: [(name: String, value: String)]
        let content: [UInt8]

        var document: HTMLDocument {
            get throws { try HTMLDocument(parsing: content) }
        }

        /// What a person reads on it.
        var text: String { (try? document.root.visibleText) ?? "" }

        /// The texts of everything that matches an XPath.
        func texts(_ xpath: String) throws -> [String] {
            try document.xpath(xpath).map { $0.text.trimmingCharacters(in: .whitespacesAndNewlines) }
        }
    }

    func get(_ path: String) async throws -> Page {
        try await follow("GET", URL(string: path, relativeTo: address)?.absoluteURL ?? address)
    }

    /// Sends a form of a page as a browser would: what it holds already, with some fields changed.
    ///
    /// - Parameters:
    ///   - action: how the form's address ends; `""` for the only form with a button the page has in its content.
    ///   - button: the name and value of the button that is pressed.
    func submit(
        _ page: Page, action: String, _ changes: [String: String] = [:], button: (String, String)? = nil
    ) async throws -> Page {
        let forms = try page.document.xpath("//form[@method='post']")
        guard let form = forms.first(where: { self.target($0, on: page).path(percentEncoded: false).hasSuffix(action) })
        else {
            throw NeverHappened(description: "no form for \(action) on \(page.url): \(page.text)")
        }
        var values = Self.values(of: form)
        for (name, value) in changes {
            values.removeAll { $0.name == name }
            values.append((name, value))
        }
        if let button { values.append((button.0, button.1)) }
        let body = values.map { Self.encoded($0.name) + "=" + Self.encoded($0.value) }.joined(separator: "&")
        return try await follow(
            "POST", target(form, on: page), content: Array(body.utf8), type: "application/x-www-form-urlencoded")
    }

    /// Logs in as the administrator of the first start.
    @discardableResult
    func logIn(_ user: String = "admin", password: String = "admin") async throws -> Page {
        let form = try await get("/dashboard/auth/login/")
        return try await submit(
            form, action: "/auth/login/", ["domain": "default", "username": user, "password": password])
    }

    private func target(_ form: XMLNode, on page: Page) -> URL {
        let action = form.attribute("action") ?? ""
        return action.isEmpty ? page.url : URL(string: action, relativeTo: page.url)?.absoluteURL ?? page.url
    }

    private static func values(of form: XMLNode) -> [(name: String, value: String)] {
        form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]").compactMap { field in
            guard let name = field.attribute("name"), field.attribute("disabled") == nil else { return nil }
            switch field.name {
            case "textarea": return (name, field.text)
            case "select":
                let chosen = field.xpath(".//option[@selected]").first ?? field.xpath(".//option").first
                return chosen.map { (name, $0.attribute("value") ?? $0.text) }
            default:
                let isToggle = ["checkbox", "radio"].contains(field.attribute("type") ?? "text")
                if isToggle, field.attribute("checked") == nil { return nil }
                if ["submit", "file", "button"].contains(field.attribute("type") ?? "") { return nil }
                return (name, field.attribute("value") ?? (isToggle ? "on" : ""))
            }
        }
    }

    private func follow(
        _ method: String, _ url: URL, content: [UInt8] = [], type: String? = nil
    ) async throws -> Page {
        var (method, url, content, type) = (method, url, content, type)
        for _ in 0..<10 {
            var fields = [("Accept", "text/html"), ("Accept-Language", language)]
            let cookie = cookies.withLock { $0.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ") }
            if !cookie.isEmpty { fields.append(("Cookie", cookie)) }
            if let type { fields.append(("Content-Type", type)) }
            let answer = try await PlainHTTP.send(method, url, fields: fields, content: content)
            keep(answer.fields)
            guard (300..<400).contains(answer.status), let location = answer["Location"],
                let next = URL(string: location, relativeTo: url)?.absoluteURL
            else { return Page(url: url, status: answer.status, fields: answer.fields, content: answer.content) }
            if answer.status != 307, answer.status != 308 { (method, content, type) = ("GET", [], nil) }
            url = next
        }
        throw NeverHappened(description: "ten redirects, the last to \(url)")
    }

    private func keep(_ fields: [(name: String, value: String)]) {
        for field in fields where field.name.lowercased() == "set-cookie" {
            let parts = field.value.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let isOver = parts.contains { $0.lowercased() == "max-age=0" }
            cookies.withLock { $0[pair[0]] = isOver ? nil : pair.dropFirst().first ?? "" }
        }
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
