import HTTP

extension Dialect {
    /// A refusal in the service's envelope.
    func refusal(_ error: APIError, _ request: Request, version: Microversion? = nil) -> Response {
        var response = error.status == .unauthorized ? unauthenticated(error, request) : envelope(error, request)
        for (name, value) in error.fields { response.fields.set(name, value) }
        complete(&response, request, version: version)
        return response
    }

    /// The same from every service, because keystone's middleware says it for the others; it names where to
    /// authenticate (RFC 9110 section 11.6.1).
    private func unauthenticated(_ error: APIError, _ request: Request) -> Response {
        var response = json(error) { json in Self.keystone(error, &json) }
        response.fields.set("WWW-Authenticate", "Keystone uri=\"\(request.baseURL)/identity\"")
        return response
    }

    private func envelope(_ error: APIError, _ request: Request) -> Response {
        switch self {
        case .identity: json(error) { Self.keystone(error, &$0) }
        case .compute: json(error) { Self.nova(error, &$0) }
        case .image: glance(error, request)
        case .network: json(error) { Self.neutron(error, &$0) }
        case .placement: json(error) { Self.placement(error, request, &$0) }
        }
    }

    private func json(_ error: APIError, _ body: (inout JSONWriter) -> Void) -> Response {
        .document(error.status, body)
    }

    private static func keystone(_ error: APIError, _ json: inout JSONWriter) {
        json.object("error") {
            $0.member("code", error.status.code)
            $0.member("message", error.message)
            $0.member("title", error.title)
        }
    }

    private static func nova(_ error: APIError, _ json: inout JSONWriter) {
        json.entry(faultName(error.status.code)) {
            $0.object {
                $0.member("code", error.status.code)
                $0.member("message", error.message)
            }
        }
    }

    private static func faultName(_ code: Int) -> String {
        switch code {
        case 400: "badRequest"
        case 403: "forbidden"
        case 404: "itemNotFound"
        case 405: "badMethod"
        case 409: "conflictingRequest"
        case 413, 429: "overLimit"
        case 415: "badMediaType"
        case 501: "notImplemented"
        case 503: "serviceUnavailable"
        default: "computeFault"
        }
    }

    private static func neutron(_ error: APIError, _ json: inout JSONWriter) {
        json.object("NeutronError") {
            $0.member("type", error.type ?? defaultType(error.status.code))
            $0.member("message", error.message)
            $0.member("detail", "")
        }
    }

    private static func defaultType(_ code: Int) -> String {
        switch code {
        case 400: "HTTPBadRequest"
        case 403: "PolicyNotAuthorized"
        case 404: "HTTPNotFound"
        case 405: "HTTPMethodNotAllowed"
        case 409: "HTTPConflict"
        case 501: "HTTPNotImplemented"
        case 503: "ServiceUnavailable"
        default: "HTTPInternalServerError"
        }
    }

    private static func placement(_ error: APIError, _ request: Request, _ json: inout JSONWriter) {
        json.list("errors", [error]) { json, error in
            json.object {
                $0.member("status", error.status.code)
                $0.member("title", error.title)
                $0.member("detail", error.message)
                $0.member("code", error.type ?? "placement.undefined_code")
                $0.member("request_id", request.id.description)
                guard error.status == .notAcceptable, let versions = Dialect.placement.versions else { return }
                $0.member("min_version", versions.lowerBound.description)
                $0.member("max_version", versions.upperBound.description)
            }
        }
    }

    /// glance answers as its library WebOb does: JSON to who asks for it, a page to others.
    private func glance(_ error: APIError, _ request: Request) -> Response {
        if request.fields["Accept"]?.contains("application/json") == true {
            return json(error) {
                $0.member("message", error.message + "<br /><br />\n\n\n")
                $0.member("code", "\(error.status.code) \(error.title)")
                $0.member("title", error.title)
            }
        }
        let title = "\(error.status.code) \(error.title)"
        let page = """
            <html>
             <head>
              <title>\(title)</title>
             </head>
             <body>
              <h1>\(title)</h1>
              \(error.message.escapedForHTML)<br /><br />



             </body>
            </html>
            """
        return .html(Array(page.utf8), status: error.status)
    }
}

extension String {
    fileprivate var escapedForHTML: String {
        reduce(into: "") { text, character in
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
    }
}
