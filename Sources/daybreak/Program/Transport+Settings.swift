import API
import HTTP

extension ListenAddress {
    /// An entry of LISTEN; its files' paths start at the folder of the settings file.
    init(_ entry: ListenEntry, in file: SettingsFile) {
        self.init(
            entry.address,
            certificate: entry.files.map {
                CertificateFiles(certificate: file.resolve($0.certificate), key: file.resolve($0.key))
            },
            prefix: entry.service.flatMap { OpenStackAPI.prefixes[$0] })
    }
}

extension ForwardingRules {
    /// Those of the settings, whose addresses were checked when they were read.
    init(_ settings: TransportSecurity) {
        self.init()
        trustedProxies = settings.trustedProxies.compactMap { AddressBlock($0) }
        if settings.secureProxyHeader.count == 2 {
            secureField = SecureField(name: settings.secureProxyHeader[0], value: settings.secureProxyHeader[1])
        }
        usesForwardedHost = settings.usesForwardedHost
    }
}

/// Sends requests without TLS to where there is TLS (SECURE_SSL_REDIRECT).
struct SecureRedirect: Sendable {
    private let host: String?
    /// Of the first address with TLS; nil when a proxy has it, at the usual port.
    private let port: Int?
    /// Asked by machines, which follow no redirects and often have no name to ask for.
    private static let exempt: Set<String> = ["/healthz", "/metrics"]

    /// nil when nobody is to be redirected, or nowhere is TLS: each answer would be the same redirect again.
    init?(_ settings: Settings) {
        let security = settings.transportSecurity
        let secure = settings.listen.first { $0.isSecure }
        guard security.redirects,
            secure != nil || !security.trustedProxies.isEmpty && !security.secureProxyHeader.isEmpty
        else { return nil }
        host = security.redirectHost
        port = secure.flatMap { SocketName($0.address)?.port }
    }

    /// The redirect for a request that needs one. 308, so that a form that was sent is sent again.
    func answer(to request: Request) -> Response? {
        guard !request.isSecure, !SecureRedirect.exempt.contains(request.path) else { return nil }
        // In the absolute form the target begins with scheme and host.
        let target = request.rawTarget.hasPrefix("/") ? request.rawTarget : request.path
        let authority = host ?? SecureRedirect.authority(request.host, port: port)
        guard !authority.isEmpty else {
            return .text("This site is served over TLS only; ask for it with https://\n", status: .badRequest)
        }
        return .redirect(to: "https://\(authority)\(target)", .permanentRedirect)
    }

    /// The host asked for, at another port.
    private static func authority(_ host: String, port: Int?) -> String {
        var name = host[...]
        if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") { name = host[..<colon] }
        guard let port, port != 443, !name.isEmpty else { return String(name) }
        return "\(name):\(port)"
    }
}
