import HTTP
import ServiceCore

/// The way into a page one must be logged in to see: who is let in, and how everybody else is answered.
struct Entrance: Sendable {
    enum Decision {
        case admitted(Visitor)
        case refused(Response)
    }

    let gate: Gate
    let errors: ErrorPages
    let isAdministrative: Bool

    /// Checks login and role.
    func admit(_ request: Request) -> Decision {
        let isBackground = request.fields["X-Requested-With"] != nil || request.asksForPart
        do {
            let visitor = try gate.visitor(request, keepsAlive: !isBackground)
            guard !isAdministrative || visitor.context.isAdmin else {
                let error = ServiceError(.forbidden, code: "admin_required", "Only administrators may open this page.")
                return .refused(answer(request, visitor) { throw error })
            }
            return .admitted(visitor)
        } catch {
            let reader = gate.site.reader(of: request, csrfToken: gate.site.guestToken.find(request).token)
            return .refused(errors.refusal(for: error, request, reader, isBackground: isBackground))
        }
    }

    /// The answer to a form whose fields nobody need read to refuse it; nil when they must be read. Login, role and
    /// form are checked again when they have come, which may be hours later.
    func refusal(beforeContentOf request: Request) -> Response? {
        switch admit(request) {
        case .refused(let response): return response
        case .admitted(let visitor):
            do {
                try gate.checkFields(request, visitor)
                return nil
            } catch {
                return answer(request, visitor) { throw error }
            }
        }
    }

    /// What a page says to a visitor; what it throws becomes an error page.
    func answer(_ request: Request, _ visitor: Visitor, _ body: () throws -> Response) -> Response {
        answered(request, visitor.reader) {
            do {
                return try body()
            } catch {
                return errors.page(for: error, request, visitor)
            }
        }
    }
}
