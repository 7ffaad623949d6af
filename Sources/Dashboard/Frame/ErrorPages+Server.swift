import HTTP
import ServiceCore

/// Answers to what reaches no page: addresses that lead nowhere, and requests the server refuses by itself.
extension ErrorPages {
    /// 404. Whoever is logged in keeps their navigation, which is the way back.
    func notFound(_ request: Request) -> Response {
        let error = ServiceError.notFound("Page", request.path)
        let isKnown = request.cookies[SessionKeeper.cookieName] != nil
        // A session store or an identity service in trouble must not turn a wrong address into more than that.
        if isKnown, let visitor = try? Gate(site: site).visitor(request, keepsAlive: false) {
            return answered(request, visitor.reader) { page(for: error, request, visitor) }
        }
        return refusal(for: error, request, stranger(request), isBackground: false)
    }

    /// A request that is at fault itself: too large, no form, not readable.
    func refusal(_ refusal: RequestError, _ request: Request) -> Response {
        let reader = stranger(request)
        let (heading, text) = Self.words(for: refusal.status)
        let content = ErrorContent(
            code: refusal.status.code, heading: reader.wording(heading), text: reader.wording(text))
        return kept(plainPage(content, reader, refusal.status))
    }

    /// 500. The log tells the cause under the request's id.
    func failure(_ request: Request) -> Response {
        let reader = stranger(request)
        let id = request.id.description
        let content = ErrorContent(
            code: 500, heading: reader.wording(Self.status(of: .internalError).1),
            text: reader.wording(
                Message("Something went wrong on our side. The incident is {incident}.", ["incident": id])),
            incident: id)
        return kept(plainPage(content, reader, .internalServerError))
    }

    /// Whoever asks, taken for nobody in particular: finding out could block, and these answers may be made on an event
    /// loop. Their language is known from the request.
    private func stranger(_ request: Request) -> Reader {
        site.reader(of: request, csrfToken: site.guestToken.find(request).token)
    }

    private func kept(_ response: Response) -> Response {
        var response = response
        response.keepFromCaches()
        return response
    }

    private static func words(for status: Status) -> (heading: Message, text: Message) {
        switch status {
        case .contentTooLarge:
            (Message("Too large"), Message("What was sent is larger than what is taken here. Nothing was changed."))
        case .unsupportedMediaType:
            (Message("Not a form"), Message("This address takes nothing but forms. Nothing was changed."))
        case .insufficientStorage:
            (Message("No room left"), Message("There is no room on the disk for this file. Nothing was changed."))
        case .methodNotAllowed:
            (Message("Not possible here"), Message("This address cannot be used in this way."))
        default:
            (
                Message("This request could not be read"),
                Message("Nothing was changed. Go back, reload the page and try again.")
            )
        }
    }
}
