import Foundation
import HTTP
import Markup
import Testing

/// What a browser does without JavaScript: keeps cookies, follows redirects, fills in the forms of the page it shows.
final class Browser {
    private let router: Router
    private(set) var cookies: [String: String] = [:]
    /// Sent as `Accept-Language`.
    var language = "en"
    /// One more field of every request, such as `Origin`.
    var field = (name: "User-Agent", value: "test")
    /// Whether it speaks TLS.
    var isSecure = false
    /// What the last answer set, as it was written.
    private(set) var cookieFields: [String] = []
    /// The page shown now.
    private(set) var page = Page(path: "", status: 0, fields: Fields(), bytes: [])

    init(_ router: Router) {
        self.router = router
    }

    /// A page as it came.
    struct Page {
        let path: String
        let status: Int
        let fields: Fields
        let bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }

        func nodes(_ xpath: String) -> [XMLNode] {
            (try? HTMLDocument(parsing: bytes).xpath(xpath)) ?? []
        }

        /// The text of the first node, without the white space around it and with single spaces in it.
        func first(_ xpath: String) -> String? {
            nodes(xpath).first.map { Self.plain($0.text) }
        }

        /// An attribute of the first node.
        func value(_ xpath: String, _ attribute: String = "value") -> String? {
            nodes(xpath).first?.attribute(attribute)
        }

        func all(_ xpath: String) -> [String] {
            nodes(xpath).map { Self.plain($0.text) }
        }

        var title: String { first("//h1") ?? "" }
        /// The messages at the top.
        var flashes: [String] { all("//div[contains(@class,'flash ')]") }
        /// The faults below a field.
        func faults(_ field: String) -> [String] { all("//*[@id='id_\(field)_faults']/li") }

        private static func plain(_ text: String) -> String {
            text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }

    @discardableResult
    func get(_ path: String, follows: Bool = true) throws -> Page {
        try show(path, .get, nil, follows: follows)
    }

    /// Sends exactly these fields.
    @discardableResult
    func post(_ path: String, _ form: [(String, String)], follows: Bool = true) throws -> Page {
        try show(path, .post, Content(form: form), follows: follows)
    }

    /// Fills in a form of the page and sends it, hidden fields, defaults and all.
    /// - Parameters:
    ///   - form: which, when the page has several; the last one with a text field else.
    ///   - more: fields that are sent several times, such as boxes of one name.
    ///   - button: name and value of the button that is pressed.
    @discardableResult
    func submit(
        _ values: [String: String?] = [:], form xpath: String = "(//main//form[@method='post'])[last()]",
        also more: [(String, String)] = [], button: (String, String)? = nil, follows: Bool = true
    ) throws -> Page {
        let form = try #require(page.nodes(xpath).first, "no form \(xpath) on \(page.path)")
        var pairs = Self.fields(of: form).filter { values[$0.0] == nil }
        for case (let name, let value?) in values { pairs.append((name, value)) }
        pairs += more
        if let button { pairs.append(button) }
        return try post(form.attribute("action") ?? page.path, pairs, follows: follows)
    }

    /// A file on the disk of whoever sits before the browser.
    struct File {
        let field: String
        let name: String
        let bytes: [UInt8]
    }

    /// Fills in the form of the page that sends files, and sends it; without a file its field is empty.
    @discardableResult
    func upload(_ file: File?, _ values: [String: String] = [:], follows: Bool = true) throws -> Page {
        let form = try #require(page.nodes("//form[@enctype='multipart/form-data']").first, "no upload on \(page.path)")
        let kept = Self.fields(of: form).filter { values[$0.0] == nil }
        let content = Content(
            multipart: kept + values.map { ($0.key, $0.value) },
            file: file
                ?? File(
                    field: "file", name: "", bytes: []))
        return try show(form.attribute("action") ?? page.path, .post, content, follows: follows)
    }

    /// What a form is sent as.
    private struct Content {
        let type: String
        let bytes: [UInt8]

        init(form: [(String, String)]) {
            type = "application/x-www-form-urlencoded"
            let pairs = form.map { "\(PercentCoding.encode($0.0))=\(PercentCoding.encode($0.1))" }
            bytes = Array(pairs.joined(separator: "&").utf8)
        }

        init(multipart fields: [(String, String)], file: File) {
            let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
            type = "multipart/form-data; boundary=\(boundary)"
            let parts = fields.map {
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\($0.0)\"\r\n\r\n\($0.1)\r\n"
            }
            let head =
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(file.field)\"; "
                + "filename=\"\(file.name)\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            bytes = Array(parts.joined().utf8) + Array(head.utf8) + file.bytes + Array("\r\n--\(boundary)--\r\n".utf8)
        }
    }

    func logIn(_ user: String, _ password: String, domain: String = "default", next: String? = nil) throws {
        let query = next.map { "?next=\(PercentCoding.encode($0))" } ?? ""
        try get("/dashboard/auth/login/\(query)")
        try submit(
            ["username": user, "password": password, "domain": domain], form: "(//form)[last()]")
    }

    func setCookie(_ name: String, _ value: String?) { cookies[name] = value }

    private func show(_ path: String, _ method: HTTP.Method, _ content: Content?, follows: Bool) throws -> Page {
        var response = send(path, method, content)
        var path = path
        var hops = 0
        while follows, (300..<400).contains(response.status.code), let location = response.fields["Location"] {
            hops += 1
            try #require(hops < 8, "too many redirects to \(location)")
            path = location
            response = send(path, .get, nil)
        }
        var bytes: [UInt8] = []
        if case .bytes(let content) = response.body { bytes = content }
        page = Page(path: path, status: response.status.code, fields: response.fields, bytes: bytes)
        return page
    }

    private func send(_ path: String, _ method: HTTP.Method, _ content: Content?) -> Response {
        let target = path.split(separator: "#", omittingEmptySubsequences: false).first.map(String.init) ?? path
        let content = content ?? Content(form: [])
        let request = Request.testing(
            method, target,
            fields: [
                "Cookie": cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; "),
                "Content-Type": content.type, "Accept-Language": language, field.name: field.value,
            ], content: content.bytes, isSecure: isSecure)
        let response = router.respond(to: request)
        cookieFields = response.fields.values(for: "Set-Cookie")
        for field in response.fields.values(for: "Set-Cookie") { keep(field) }
        return response
    }

    private func keep(_ field: String) {
        let parts = field.components(separatedBy: "; ")
        guard let pair = parts.first, let equals = pair.firstIndex(of: "=") else { return }
        let name = String(pair[..<equals])
        cookies[name] = parts.contains("Max-Age=0") ? nil : String(pair[pair.index(after: equals)...])
    }

    /// What a browser would send of a form: ticked boxes, chosen options, texts.
    private static func fields(of form: XMLNode) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for input in form.xpath(".//input[@name and not(@disabled)]") {
            let name = input.attribute("name") ?? ""
            switch input.attribute("type") {
            case "checkbox", "radio":
                if input.attribute("checked") != nil { pairs.append((name, input.attribute("value") ?? "on")) }
            case "submit", "file": break
            default: pairs.append((name, input.attribute("value") ?? ""))
            }
        }
        for area in form.xpath(".//textarea[@name]") {
            // The line break after <textarea> belongs to the markup.
            let text = area.text
            pairs.append((area.attribute("name") ?? "", text.hasPrefix("\n") ? String(text.dropFirst()) : text))
        }
        for select in form.xpath(".//select[@name and not(@disabled)]") {
            let chosen = select.xpath(".//option[@selected]").first ?? select.xpath(".//option").first
            pairs.append((select.attribute("name") ?? "", chosen?.attribute("value") ?? ""))
        }
        return pairs
    }
}
