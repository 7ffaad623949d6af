/// A status code (RFC 9110 section 15).
public struct Status: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// Three digits, 100...999.
    public let code: Int

    /// A status of any code; codes outside 100...999 are clamped into it, since nothing else can be sent.
    public init(code: Int) {
        self.code = min(max(code, 100), 999)
    }

    /// Lets `404` stand for a status.
    public init(integerLiteral value: Int) {
        self.init(code: value)
    }

    public static let `continue`: Status = 100
    public static let ok: Status = 200
    public static let created: Status = 201
    public static let accepted: Status = 202
    public static let noContent: Status = 204
    public static let partialContent: Status = 206
    public static let multipleChoices: Status = 300
    public static let movedPermanently: Status = 301
    public static let found: Status = 302
    public static let seeOther: Status = 303
    public static let notModified: Status = 304
    public static let temporaryRedirect: Status = 307
    public static let permanentRedirect: Status = 308
    public static let badRequest: Status = 400
    public static let unauthorized: Status = 401
    public static let forbidden: Status = 403
    public static let notFound: Status = 404
    public static let methodNotAllowed: Status = 405
    public static let notAcceptable: Status = 406
    public static let requestTimeout: Status = 408
    public static let conflict: Status = 409
    public static let gone: Status = 410
    public static let lengthRequired: Status = 411
    public static let preconditionFailed: Status = 412
    public static let contentTooLarge: Status = 413
    public static let uriTooLong: Status = 414
    public static let unsupportedMediaType: Status = 415
    public static let rangeNotSatisfiable: Status = 416
    public static let expectationFailed: Status = 417
    public static let unprocessableContent: Status = 422
    public static let preconditionRequired: Status = 428
    public static let tooManyRequests: Status = 429
    public static let requestHeaderFieldsTooLarge: Status = 431
    public static let internalServerError: Status = 500
    public static let notImplemented: Status = 501
    public static let badGateway: Status = 502
    public static let serviceUnavailable: Status = 503
    public static let gatewayTimeout: Status = 504
    public static let httpVersionNotSupported: Status = 505
    public static let insufficientStorage: Status = 507

    /// The reason phrase of the IANA registry; empty for an unregistered code.
    public var reason: String {
        Status.reasons[code] ?? ""
    }

    /// Whether a response of this status never has content (RFC 9110 section 6.4.1).
    var forbidsContent: Bool {
        code < 200 || code == 204 || code == 304
    }

    private static let reasons: [Int: String] = [
        100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted",
        203: "Non-Authoritative Information", 204: "No Content", 205: "Reset Content", 206: "Partial Content",
        300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
        307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
        402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict",
        410: "Gone", 411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large",
        414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable", 417: "Expectation Failed",
        421: "Misdirected Request", 422: "Unprocessable Content", 426: "Upgrade Required",
        428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout", 505: "HTTP Version Not Supported", 507: "Insufficient Storage",
    ]
}
