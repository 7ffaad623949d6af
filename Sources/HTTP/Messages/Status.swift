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

    /// 100, RFC 9110 section 15.2.1.
    public static let `continue`: Status = 100
    /// 101, RFC 9110 section 15.2.2.
    public static let switchingProtocols: Status = 101
    /// 200, RFC 9110 section 15.3.1.
    public static let ok: Status = 200
    /// 201, RFC 9110 section 15.3.2.
    public static let created: Status = 201
    /// 202, RFC 9110 section 15.3.3.
    public static let accepted: Status = 202
    /// 204, RFC 9110 section 15.3.5.
    public static let noContent: Status = 204
    /// 206, RFC 9110 section 15.3.7.
    public static let partialContent: Status = 206
    /// 300, RFC 9110 section 15.4.1.
    public static let multipleChoices: Status = 300
    /// 301, RFC 9110 section 15.4.2.
    public static let movedPermanently: Status = 301
    /// 302, RFC 9110 section 15.4.3.
    public static let found: Status = 302
    /// 303, RFC 9110 section 15.4.4.
    public static let seeOther: Status = 303
    /// 304, RFC 9110 section 15.4.5.
    public static let notModified: Status = 304
    /// 307, RFC 9110 section 15.4.8.
    public static let temporaryRedirect: Status = 307
    /// 308, RFC 9110 section 15.4.9.
    public static let permanentRedirect: Status = 308
    /// 400, RFC 9110 section 15.5.1.
    public static let badRequest: Status = 400
    /// 401, RFC 9110 section 15.5.2.
    public static let unauthorized: Status = 401
    /// 403, RFC 9110 section 15.5.4.
    public static let forbidden: Status = 403
    /// 404, RFC 9110 section 15.5.5.
    public static let notFound: Status = 404
    /// 405, RFC 9110 section 15.5.6.
    public static let methodNotAllowed: Status = 405
    /// 406, RFC 9110 section 15.5.7.
    public static let notAcceptable: Status = 406
    /// 408, RFC 9110 section 15.5.9.
    public static let requestTimeout: Status = 408
    /// 409, RFC 9110 section 15.5.10.
    public static let conflict: Status = 409
    /// 410, RFC 9110 section 15.5.11.
    public static let gone: Status = 410
    /// 411, RFC 9110 section 15.5.12.
    public static let lengthRequired: Status = 411
    /// 412, RFC 9110 section 15.5.13.
    public static let preconditionFailed: Status = 412
    /// 413, RFC 9110 section 15.5.14.
    public static let contentTooLarge: Status = 413
    /// 414, RFC 9110 section 15.5.15.
    public static let uriTooLong: Status = 414
    /// 415, RFC 9110 section 15.5.16.
    public static let unsupportedMediaType: Status = 415
    /// 416, RFC 9110 section 15.5.17.
    public static let rangeNotSatisfiable: Status = 416
    /// 417, RFC 9110 section 15.5.18.
    public static let expectationFailed: Status = 417
    /// 422, RFC 9110 section 15.5.21.
    public static let unprocessableContent: Status = 422
    /// 426, RFC 9110 section 15.5.22.
    public static let upgradeRequired: Status = 426
    /// 428, RFC 6585 section 3.
    public static let preconditionRequired: Status = 428
    /// 429, RFC 6585 section 4.
    public static let tooManyRequests: Status = 429
    /// 431, RFC 6585 section 5.
    public static let requestHeaderFieldsTooLarge: Status = 431
    /// 500, RFC 9110 section 15.6.1.
    public static let internalServerError: Status = 500
    /// 501, RFC 9110 section 15.6.2.
    public static let notImplemented: Status = 501
    /// 502, RFC 9110 section 15.6.3.
    public static let badGateway: Status = 502
    /// 503, RFC 9110 section 15.6.4.
    public static let serviceUnavailable: Status = 503
    /// 504, RFC 9110 section 15.6.5.
    public static let gatewayTimeout: Status = 504
    /// 505, RFC 9110 section 15.6.6.
    public static let httpVersionNotSupported: Status = 505
    /// 507, RFC 4918 section 11.5.
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
