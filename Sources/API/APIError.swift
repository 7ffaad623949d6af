import Foundation
import HTTP
import ServiceCore

/// A refusal in keystone's envelope: `{"error": {"code", "title", "message"}}`.
struct APIError: Error {
    let status: Status
    let message: String
    let incident: String?

    init(_ status: Status, _ message: String) {
        self.status = status
        self.message = message
        self.incident = nil
    }

    /// What a service or an endpoint threw. Wrong credentials get one answer whatever was wrong with them.
    init(_ error: any Error) {
        switch error {
        case let known as APIError: self = known
        case let refusal as ServiceError:
            status = Self.status(of: refusal.kind)
            incident = refusal.incident
            let faults = refusal.violations.map { "\($0.field): \($0.message.english)" }
            message =
                refusal.kind == .unauthenticated
                ? Self.unauthenticated : ([refusal.message.english] + faults).joined(separator: " ")
        default:
            let refusal = ServiceError.internalError(cause: error)
            status = .internalServerError
            message = refusal.message.english
            incident = refusal.incident
        }
    }

    static let unauthenticated = "The request you have made requires authentication."

    /// - Parameter base: where the client came from; a 401 names where to authenticate (RFC 9110 section 11.6.1).
    func response(base: String) -> Response {
        let envelope = Envelope(error: .init(code: status.code, title: status.reason, message: message))
        var response = Response.json((try? JSONContent.encode(envelope)) ?? [], status: status)
        if status == .unauthorized { response.fields.set("WWW-Authenticate", "Keystone uri=\"\(base)/identity\"") }
        return response
    }

    private struct Envelope: Encodable {
        struct Content: Encodable {
            let code: Int
            let title: String
            let message: String
        }
        let error: Content
    }

    private static func status(of kind: ServiceError.Kind) -> Status {
        switch kind {
        case .unauthenticated: .unauthorized
        case .forbidden, .overQuota: .forbidden
        case .notFound: .notFound
        case .invalid: .badRequest
        case .conflict: .conflict
        case .tooManyRequests: .tooManyRequests
        case .unavailable: .serviceUnavailable
        case .unsupported: .notImplemented
        case .internalError: .internalServerError
        }
    }
}
