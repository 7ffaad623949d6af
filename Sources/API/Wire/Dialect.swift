import HTTP
import ServiceCore

/// How one OpenStack service speaks: where it answers, its microversions, and how it words its refusals.
enum Dialect: String, Sendable, CaseIterable {
    case identity
    case compute
    case image
    case network
    case placement

    /// The prefix of its paths, as DevStack gives it.
    var prefix: String {
        self == .network ? "/networking" : "/" + rawValue
    }

    /// The microversions it takes; nil for a service without them.
    var versions: ClosedRange<Microversion>? {
        switch self {
        case .compute: Microversion(2, 1)...Microversion(2, 104)
        case .placement: Microversion(1, 0)...Microversion(1, 39)
        case .identity, .image, .network: nil
        }
    }

    /// Whether every reading of something refuses names in the query that mean nothing there.
    func refusesUnknownQueries(_ version: Microversion) -> Bool {
        self == .compute && version >= Microversion(2, 102)
    }

    /// The service that a request is for, by its path or by the port it came to; nil when it is none's.
    init?(_ request: Request) {
        guard let dialect = Self(path: request.path) ?? request.prefix.flatMap(Self.init(path:)) else { return nil }
        self = dialect
    }

    private init?(path: String) {
        guard let dialect = Self.allCases.first(where: { path == $0.prefix || path.hasPrefix($0.prefix + "/") }) else {
            return nil
        }
        self = dialect
    }

    /// The microversion that a request asks for; the oldest when it does not say.
    /// - Throws: `APIError` 400 for what is no version, 406 for one that is not offered.
    func version(of request: Request) throws -> Microversion? {
        guard let offered = versions else { return nil }
        guard let wanted = wantedVersion(request) else { return offered.lowerBound }
        if wanted == "latest" { return offered.upperBound }
        guard let version = Microversion(wanted) else {
            throw APIError(
                .badRequest, "API Version String \(wanted) is of invalid format. Must be of format MajorNum.MinorNum.")
        }
        guard offered.contains(version) else {
            throw APIError(
                .notAcceptable,
                "Version \(version) is not supported by the API. "
                    + "Minimum is \(offered.lowerBound) and maximum is \(offered.upperBound).")
        }
        return version
    }

    private func wantedVersion(_ request: Request) -> String? {
        for value in request.fields.values(for: "OpenStack-API-Version") {
            for element in value.split(separator: ",") {
                let words = element.split(separator: " ")
                if words.count == 2, words[0] == rawValue { return String(words[1]) }
            }
        }
        return self == .compute ? request.fields["X-OpenStack-Nova-API-Version"] : nil
    }

    /// What every answer carries.
    func complete(_ response: inout Response, _ request: Request, version: Microversion?) {
        response.fields.set("Cache-Control", "no-store")
        response.fields.set("X-Openstack-Request-Id", request.id.description)
        var vary = "X-Auth-Token"
        if let version {
            response.fields.set("OpenStack-API-Version", "\(rawValue) \(version)")
            vary = "OpenStack-API-Version"
            if self == .compute {
                response.fields.set("X-Compute-Request-Id", request.id.description)
                response.fields.set("X-OpenStack-Nova-API-Version", version.description)
                vary += ", X-OpenStack-Nova-API-Version"
            }
        }
        response.fields.set("Vary", vary)
    }

    /// The status of a service's refusal.
    func status(of kind: ServiceError.Kind) -> Status {
        switch kind {
        case .unauthenticated: .unauthorized
        case .forbidden: .forbidden
        case .overQuota: self == .network ? .conflict : self == .image ? .contentTooLarge : .forbidden
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
