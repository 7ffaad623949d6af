import Glibc
import ServiceCore

/// Fetches a file with HTTP (RFC 9110, RFC 9112), piece by piece. It is the client of a server nobody knows: the name is
/// looked up once and the connection made to an address that was judged, everything has a limit, and redirections are
/// judged like the first address.
struct WebDownload {
    private static let mostRedirections = 3

    private let deadline: ContinuousClock.Instant

    /// - Parameter timeout: seconds that all of it may take.
    init(timeout: Int64) {
        deadline = .now.advanced(by: .seconds(timeout))
    }

    /// - Throws: `ServiceError`: invalid with a violation on uri when the source refuses or is no good; unavailable when
    ///   trying again may help; what `take` throws.
    func fetch(_ source: DownloadSource, _ take: ([UInt8]) throws -> Void) throws {
        var source = source
        for _ in 0...Self.mostRedirections {
            let connection = try connect(to: source)
            try connection.send(Self.request(for: source))
            var reader = WebResponseReader(connection, deadline: deadline)
            let head = try reader.head()
            switch head.status {
            case 200: return try reader.content(head, take)
            case 301, 302, 303, 307, 308:
                guard let location = head.fields["location"] else { throw DownloadFailure.answered(head.status) }
                source = try source.redirected(to: location)
            case 500...599: throw DownloadFailure.temporary("it answers with \(head.status)")
            default: throw DownloadFailure.answered(head.status)
            }
        }
        throw DownloadFailure.refused("it redirects too often")
    }

    private func connect(to source: DownloadSource) throws -> WebConnection {
        let addresses = SourceAddress.addresses(of: source.host, port: source.port)
        guard !addresses.isEmpty else { throw DownloadFailure.refused("there is no address for \(source.host)") }
        let allowed = source.isTrusted ? addresses : addresses.filter(\.isPublic)
        guard !allowed.isEmpty else {
            throw DownloadFailure.refused("\(source.host) is on this machine or a private network")
        }
        for address in allowed {
            if let connection = WebConnection(to: address) {
                if source.isSecure { try connection.secure(as: source.host) }
                return connection
            }
        }
        throw DownloadFailure.temporary("\(source.host) cannot be reached")
    }

    private static func request(for source: DownloadSource) -> [UInt8] {
        Array(
            """
            GET \(source.target) HTTP/1.1\r
            Host: \(source.authority)\r
            User-Agent: Daybreak\r
            Accept: */*\r
            Accept-Encoding: identity\r
            Connection: close\r
            \r

            """.utf8)
    }
}

/// Why a file could not be fetched.
enum DownloadFailure {
    /// Asking again would not help.
    static func refused(_ reason: String) -> ServiceError {
        .invalid([
            Violation(
                field: "uri", code: "download_failed",
                message: Message("The image could not be fetched: {reason}", ["reason": reason]))
        ])
    }

    static func answered(_ status: Int) -> ServiceError { refused("the server answers with \(status)") }

    /// Asking again may help.
    static func temporary(_ reason: String) -> ServiceError {
        .unavailable(Message("The image could not be fetched: {reason}", ["reason": reason]))
    }
}
