import HTTP
import ServiceCore

/// Registers pages behind the checks every page needs, so that no page can forget one: login, role, form token, caching,
/// error pages.
struct Routes {
    typealias Page = @Sendable (Request, Visitor) throws -> Response
    typealias OpenPage = @Sendable (Request, Reader) throws -> Response

    let gate: Gate
    let errors: ErrorPages
    var router: Router

    init(_ site: Site, _ router: Router) throws {
        gate = Gate(site: site)
        errors = try ErrorPages(site)
        self.router = router
    }

    /// A page one must be logged in to see.
    mutating func page(_ url: SiteURL, _ body: @escaping Page) {
        on(.get, url, .none, body)
    }

    /// A form one must be logged in to send.
    mutating func form(_ url: SiteURL, limits: FormLimits = .fields, _ body: @escaping Page) {
        on(.post, url, .form(limits)) { [gate] request, visitor in
            try gate.checkForm(request, visitor)
            return try body(request, visitor)
        }
    }

    /// A page anybody may see.
    mutating func open(_ url: SiteURL, _ body: @escaping OpenPage) {
        onOpen(.get, url, .none, body)
    }

    /// A form anybody may send; it still needs the token of its browser.
    mutating func openForm(_ url: SiteURL, _ body: @escaping OpenPage) {
        onOpen(.post, url, .form(.fields)) { [gate] request, reader in
            try gate.checkGuestForm(request)
            return try body(request, reader)
        }
    }

    private mutating func on(_ method: Method, _ url: SiteURL, _ content: ContentPolicy, _ body: @escaping Page) {
        let entrance = Entrance(gate: gate, errors: errors, isAdministrative: url.isAdministrative)
        // Files go to the disk as they come: who sends them is asked before, or a stranger could fill it.
        var before: Guard?
        if case .form(let limits) = content, limits.fileSize > 0 {
            before = { entrance.refusal(beforeContentOf: $0) }
        }
        router.on(
            method, url.path, content, before: before,
            .worker { request in
                switch entrance.admit(request) {
                case .refused(let response): response
                case .admitted(let visitor): entrance.answer(request, visitor) { try body(request, visitor) }
                }
            })
    }

    private mutating func onOpen(
        _ method: Method, _ url: SiteURL, _ content: ContentPolicy, _ body: @escaping OpenPage
    ) {
        let (gate, errors) = (gate, errors)
        router.on(
            method, url.path, content,
            .worker { request in
                let token = gate.site.guestToken.find(request)
                let reader = gate.site.reader(of: request, csrfToken: token.token)
                var response = answered(request, reader) {
                    do {
                        return try body(request, reader)
                    } catch {
                        return errors.refusal(for: error, request, reader, isBackground: false)
                    }
                }
                if token.isNew && !response.removes(GuestToken.cookieName) {
                    response.setCookie(gate.site.guestToken.cookie(token.token, secure: request.isSecure))
                }
                return response
            })
    }
}

/// Adds what every answer of the dashboard carries, and takes away the messages a page has shown.
func answered(_ request: Request, _ reader: Reader, _ body: () -> Response) -> Response {
    var response = body()
    response.keepFromCaches()
    let isPage = response.fields["Content-Type"]?.hasPrefix("text/html") == true
    if isPage, !reader.flashes.isEmpty, !request.asksForPart {
        response.setCookie(.removal(of: FlashCookie.name))
    }
    return response
}

extension Response {
    /// No cache keeps an answer that does not say otherwise, the browser's own included: a page says what only whoever is
    /// logged in may know, and after they have signed out, "back" must not show it again. A browser that may keep a page
    /// shows it there without asking (RFC 9111 section 6), so a tag to ask with (`no-cache`) would be no help; nor would
    /// it match, since the token of the forms looks different each time. What a page's script asks for again and again
    /// has tags, and the script remembers them: see ``HTTP/Response/tagged(for:)``.
    mutating func keepFromCaches() {
        if !fields.contains("Cache-Control") { fields.set("Cache-Control", "no-store") }
    }

    fileprivate func removes(_ cookie: String) -> Bool {
        fields.values(for: "Set-Cookie").contains { $0.hasPrefix(cookie + "=;") }
    }
}
