import HTTP
import Markup
import ServiceCore

/// What an error page says.
struct ErrorContent: TemplateModel {
    let code: Int
    let heading: String
    let text: String
    var incident: String?
    var retry: String?

    static let shape = Shape<ErrorContent>([
        .number("code", \.code), .text("heading", \.heading), .text("text", \.text),
        .optionalText("incident", \.incident), .optionalText("retry", \.retry),
    ])
}

/// Turns whatever a page throws into an answer. The only place where an error becomes an HTTP status on a page.
struct ErrorPages: Sendable {
    let site: Site
    private let framed: View<ErrorContent>
    private let plain: View<ErrorContent>

    init(_ site: Site) throws {
        self.site = site
        framed = try site.view("error", of: ErrorContent.self)
        plain = try site.view("error_plain", of: ErrorContent.self)
    }

    /// The answer to somebody who is logged in.
    func page(for error: any Error, _ request: Request, _ visitor: Visitor) -> Response {
        if let needed = error as? LoginNeeded {
            return toLogin(needed, request, visitor.reader, isBackground: false)
        }
        let (status, content) = describe(error, request, visitor.wording)
        var response = framed.page(content, PageHead(nil, [Crumb(content.heading)]), visitor, status: status)
        if status == .serviceUnavailable { response.fields.set("Retry-After", "5") }
        return response
    }

    /// The answer to somebody who is not, or may not be.
    func refusal(for error: any Error, _ request: Request, _ reader: Reader, isBackground: Bool) -> Response {
        var response: Response
        if let needed = error as? LoginNeeded {
            response = toLogin(needed, request, reader, isBackground: isBackground)
        } else {
            response = plainPage(for: error, request, reader)
        }
        response.keepFromCaches()
        return response
    }

    private func plainPage(for error: any Error, _ request: Request, _ reader: Reader) -> Response {
        let (status, content) = describe(error, request, reader.wording)
        return plainPage(content, reader, status)
    }

    func plainPage(_ content: ErrorContent, _ reader: Reader, _ status: Status) -> Response {
        plain.page(content, PageHead(nil, [Crumb(content.heading)]), reader, status: status)
    }

    private func toLogin(
        _ needed: LoginNeeded, _ request: Request, _ reader: Reader, isBackground: Bool
    ) -> Response {
        if isBackground {
            var response = Response.text("Unauthorized\n", status: .unauthorized)
            response.fields.set("X-Horizon-Location", SiteURL.login.description)
            return response
        }
        if case .unknown = needed, request.method == .post {
            let message: Message = Message(
                "The session store cannot be reached. Nothing was changed. Go back and send the form again in a moment."
            )
            return plainPage(for: ServiceError.unavailable(message), request, reader)
        }
        let next = request.method == .post ? request.path : request.rawTarget
        let url = SiteURL.login.with("next", LocalTarget.destination(next))
        var flashes: [Flash] = []
        if case .ended(let reason) = needed { flashes.append(Flash(.warning, reader.wording(reason))) }
        var response = site.seeOther(url.description, flashes, secure: request.isSecure)
        if case .ended = needed { response.setCookie(.removal(of: SessionKeeper.cookieName)) }
        return response
    }

    private func describe(_ error: any Error, _ request: Request, _ wording: Wording) -> (Status, ErrorContent) {
        if error is ForgedForm { return (.forbidden, forged(wording)) }
        let error = ServiceError(wrapping: error)
        let (status, heading) = Self.status(of: error.kind)
        let isReload = request.method == .get && error.kind == .unavailable
        return (
            status,
            ErrorContent(
                code: status.code, heading: wording(heading), text: wording(error.message),
                incident: error.incident, retry: isReload ? request.rawTarget : nil)
        )
    }

    private func forged(_ wording: Wording) -> ErrorContent {
        ErrorContent(
            code: 403, heading: wording(Message("This form could not be accepted")),
            text: wording(
                Message(
                    "The form did not carry the token of your session. It may have been open for too long, or cookies may be turned off in your browser. Go back, reload the page and try again."
                )))
    }

    /// The status of a form that is shown again.
    static func status(of error: any Error) -> Status {
        status(of: ServiceError(wrapping: error).kind).0
    }

    /// One status and one heading for each kind of error.
    static func status(of kind: ServiceError.Kind) -> (Status, Message) {
        switch kind {
        case .unauthenticated: (.unauthorized, Message("Log in"))
        case .forbidden: (.forbidden, Message("You are not authorized to access this page"))
        case .notFound: (.notFound, Message("Not found"))
        case .invalid: (.unprocessableContent, Message("This input cannot be accepted"))
        case .conflict: (.conflict, Message("This clashes with the current state"))
        case .overQuota: (.unprocessableContent, Message("Quota exceeded"))
        case .tooManyRequests: (.tooManyRequests, Message("Too many requests"))
        case .unavailable: (.serviceUnavailable, Message("A service is not available"))
        case .unsupported: (.notImplemented, Message("This is not supported"))
        case .internalError: (.internalServerError, Message("Something went wrong"))
        }
    }
}
