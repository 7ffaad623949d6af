import HTTP
import Identity
import ServiceCore

/// `/identity/v3/auth/tokens`: a password or a token for a token, what a token says, and its end.
struct TokenEndpoints: Sendable {
    let identity: IdentityService

    /// `POST`: 201 with the token in `X-Subject-Token`.
    func issue(_ request: Request) throws -> Response {
        let wanted = try JSONContent.decode(TokenRequest.self, from: request.content)
        let methods = wanted.auth.identity.methods
        let token: Token
        if methods.contains("password") {
            token = try identity.authenticate(try wanted.login(from: request.remoteAddress))
        } else if methods.contains("token") {
            token = try rescope(wanted)
        } else {
            throw APIError(.unauthorized, "\(methods.joined(separator: ", ")): not a way to authenticate here.")
        }
        return try answer(token, methods: methods, status: .created, to: request)
    }

    /// `GET` (and `HEAD`): 200 with what the token in `X-Subject-Token` says, to the holder of a token.
    func validate(_ call: APICall) throws -> Response {
        let (request, asker) = (call.request, call.context)
        guard let text = request.fields["X-Subject-Token"] else {
            throw APIError(.badRequest, "The field X-Subject-Token is required.")
        }
        guard let subject = try? identity.validate(text),
            asker.isAdmin || asker.userID == subject.user.id
        else { throw APIError(.notFound, "Could not find token.") }
        return try answer(subject, methods: ["password"], status: .ok, to: request)
    }

    /// `DELETE`: 204; the token in `X-Subject-Token` is good for nothing any more.
    func revoke(_ call: APICall) throws -> Response {
        let (request, asker) = (call.request, call.context)
        guard let text = request.fields["X-Subject-Token"], let subject = try? identity.validate(text),
            asker.isAdmin || asker.userID == subject.user.id
        else { throw APIError(.notFound, "Could not find token.") }
        try identity.revoke(token: text)
        return Response(status: .noContent)
    }

    private func rescope(_ wanted: TokenRequest) throws -> Token {
        guard let text = wanted.auth.identity.token?.id else {
            throw APIError(.badRequest, "auth.identity.token.id is required.")
        }
        guard case .project(let project) = wanted.auth.scope else { return try identity.validate(text) }
        if let id = project.id { return try identity.rescope(token: text, projectID: id) }
        let user = try identity.validate(text).user
        let domain = try project.domain?.idOrName.flatMap { try identity.domain(idOrName: $0) }
        let named = try identity.projects(for: user.id).first { $0.name == project.name && $0.domainID == domain?.id }
        guard let named else { throw APIError(.unauthorized, APIError.unauthenticated) }
        return try identity.rescope(token: text, projectID: named.id)
    }

    private func answer(_ token: Token, methods: [String], status: Status, to request: Request) throws -> Response {
        let wantsCatalog = !request.query.pairs.contains { $0.0 == "nocatalog" }
        let document = TokenDocument(
            token, methods: methods, catalog: wantsCatalog ? Catalog(base: request.baseURL) : nil,
            domainName: { id in (try? identity.domain(idOrName: id))??.name ?? id })
        var response = Response.json(try JSONContent.encode(document), status: status)
        response.fields.set("X-Subject-Token", token.text)
        return response
    }
}
