import Foundation
import ServiceCore

/// An address that an image may be fetched from: `http` or `https`, on the port of its scheme, without a password.
///
/// Names that lead to this machine or a private network are found out when they are looked up; what is written as such
/// an address is refused at once. `ImageConfiguration.trustedSources` are excepted from both.
struct DownloadSource {
    let isSecure: Bool
    let host: String
    let port: UInt16
    /// Path and query, as they are sent.
    let target: String
    /// Whether the operator has said that it may be anywhere.
    let isTrusted: Bool
    private let trusted: Set<String>

    /// - Throws: `ServiceError`: invalid with a violation on uri.
    init(_ text: String, _ configuration: ImageConfiguration) throws {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let parts = URLComponents(string: text),
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme), let name = parts.host,
            !name.isEmpty, parts.user == nil, parts.password == nil
        else { throw Self.refusal(text) }
        isSecure = scheme == "https"
        host = name.trimmingCharacters(in: ["[", "]"]).lowercased()
        trusted = configuration.trustedSources
        isTrusted = trusted.contains(host)
        let standard = isSecure ? 443 : 80
        guard let port = UInt16(exactly: parts.port ?? standard), port > 0, isTrusted || Int(port) == standard else {
            throw Self.refusal(text)
        }
        self.port = port
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        target = path + (parts.percentEncodedQuery.map { "?\($0)" } ?? "")
        if !isTrusted, let address = SourceAddress(literal: host), !address.isPublic { throw Self.refusal(text) }
        if !isTrusted, host == "localhost" || host.hasSuffix(".localhost") { throw Self.refusal(text) }
    }

    /// Where a redirection leads.
    /// - Throws: `ServiceError`: invalid when it leads where nothing may be fetched from.
    func redirected(to location: String) throws -> DownloadSource {
        var configuration = ImageConfiguration()
        configuration.trustedSources = trusted
        let absolute = location.hasPrefix("/") && !location.hasPrefix("//") ? base + location : location
        return try DownloadSource(absolute, configuration)
    }

    /// What goes into the field Host (RFC 9112 section 3.2).
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    private var base: String { (isSecure ? "https://" : "http://") + authority }

    static func refusal(_ uri: String) -> ServiceError {
        .invalid([
            Violation(
                field: "uri", code: "source_refused",
                message: Message("The address does not pass filtering: {uri}", ["uri": String(uri.prefix(1024))]),
                value: uri)
        ])
    }
}
