import HTTP
import Identity
import ServiceCore

/// `/v3/auth`: proofs for a token, what a token says, its end, and what its holder could get others for.
struct TokenEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.open(.post, "/v3/auth/tokens", issue)
        table.on(.get, "/v3/auth/tokens", validate)
        table.on(.delete, "/v3/auth/tokens", revoke)
        table.on(.get, "/v3/auth/catalog", catalog)
        table.on(.get, "/v3/auth/projects", projects)
        table.on(.get, "/v3/auth/domains", domains)
        table.on(.get, "/v3/auth/system", system)
    }

    /// `POST`: 201 with the token in `X-Subject-Token`; 401 with a receipt when the user's rules ask for more, to be sent
    /// with the rest.
    private func issue(_ request: Request) throws -> Response {
        var wanted = try TokenRequest(request.content, from: request.remoteAddress).authentication
        wanted.receipt = request.fields[Self.receiptField]
        do {
            switch try identity.logIn(wanted) {
            case .token(let token): return try answer(token, status: .created, to: request)
            case .receipt(let receipt): return answer(receipt)
            }
        } catch let refusal as ServiceError where Self.unknownToken.contains(refusal.code) {
            // A token that is not good for getting another one is a thing that is not found.
            throw APIError(.notFound, "Could not find token.")
        }
    }

    private static let receiptField = "Openstack-Auth-Receipt"

    private func answer(_ receipt: AuthReceipt) -> Response {
        var json = JSONWriter(capacity: 1024)
        json.object { $0.receipt(receipt) }
        var response = Response.json(json.bytes, status: .unauthorized)
        response.fields.set(Self.receiptField, receipt.text)
        return response
    }

    private static let unknownToken: Set<String> = ["token_invalid", "token_expired", "token_revoked"]

    /// `GET` (and `HEAD`): 200 with what the token in `X-Subject-Token` says.
    private func validate(_ call: APICall) throws -> Response {
        let token = try identity.token(subject(of: call), as: call.context)
        return try answer(token, status: .ok, to: call.request)
    }

    /// `DELETE`: 204; the token in `X-Subject-Token` is good for nothing any more.
    private func revoke(_ call: APICall) throws -> Response {
        try identity.revoke(token: subject(of: call), as: call.context)
        return .nothing()
    }

    private func subject(of call: APICall) throws -> String {
        guard let text = call.request.fields["X-Subject-Token"] else {
            throw APIError(.notFound, "Could not find token.")
        }
        return text
    }

    private func answer(_ token: Token, status: Status, to request: Request) throws -> Response {
        let wantsCatalog = token.scope != .unscoped && !request.query.pairs.contains { $0.0 == "nocatalog" }
        let catalog = wantsCatalog ? try identity.catalog(for: token) : nil
        var json = JSONWriter(capacity: 4096)
        json.object { $0.object("token") { $0.token(token, catalog, base: request.baseURL) } }
        var response = Response.json(json.bytes, status: status)
        response.fields.set("X-Subject-Token", token.text)
        return response
    }

    // MARK: What the holder of a token can do

    private func catalog(_ call: APICall) throws -> Response {
        let token = try identity.validate(call.request.fields["X-Auth-Token"] ?? "")
        guard token.scope != .unscoped else {
            throw APIError(.forbidden, "A token that is good for nothing has no catalogue.")
        }
        let catalog = try identity.catalog(for: token)
        return call.answer(capacity: 4096) { json in
            json.list("catalog", catalog.entries) { $0.catalogEntry($1, call.base) }
            json.selfLink(call, "auth/catalog")
        }
    }

    private func projects(_ call: APICall) throws -> Response {
        call.collection("projects", try identity.projects(for: call.context.userID)) { $0.project($1, call) }
    }

    private func domains(_ call: APICall) throws -> Response {
        call.collection("domains", try identity.domains(for: call.context.userID)) { $0.domain($1, call) }
    }

    private func system(_ call: APICall) throws -> Response {
        let isHeld = try identity.holdsSystemRole(call.context.userID)
        return call.answer { json in
            json.list("system", isHeld ? [true] : []) { json, all in json.object { $0.member("all", all) } }
            json.selfLink(call, "auth/system")
        }
    }
}
