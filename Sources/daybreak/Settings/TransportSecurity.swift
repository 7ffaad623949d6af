/// What browsers are told of TLS, and who may speak for a client.
struct TransportSecurity: Sendable, Equatable {
    var hstsSeconds = 0
    var hstsIncludesSubdomains = false
    var hstsPreload = false
    var redirects = false
    /// `host` or `host:port`.
    var redirectHost: String?
    /// Addresses and blocks of them.
    var trustedProxies: [String] = []
    /// Name and value; empty for none.
    var secureProxyHeader: [String] = []
    var usesForwardedHost = false

    /// The Strict-Transport-Security field (RFC 6797 section 6.1); nil when none is to be sent.
    var hsts: String? {
        guard hstsSeconds > 0 else { return nil }
        return "max-age=\(hstsSeconds)" + (hstsIncludesSubdomains ? "; includeSubDomains" : "")
            + (hstsPreload ? "; preload" : "")
    }

    /// What of these settings contradicts itself or the addresses that are listened on.
    func advice(_ listen: [ListenEntry]) -> [String] {
        var advice: [String] = []
        if trustedProxies.isEmpty, !secureProxyHeader.isEmpty || usesForwardedHost {
            advice.append(
                "\(secureProxyHeader.isEmpty ? "USE_X_FORWARDED_HOST" : "SECURE_PROXY_SSL_HEADER"): has no effect while "
                    + "TRUSTED_PROXIES is empty, since anybody could send such a header. Name the proxy's address there."
            )
        }
        let hasTLS = listen.contains { $0.isSecure } || !trustedProxies.isEmpty && !secureProxyHeader.isEmpty
        if !hasTLS, redirects || hstsSeconds > 0 {
            advice.append(
                "\(redirects ? "SECURE_SSL_REDIRECT" : "SECURE_HSTS_SECONDS"): no request can come over TLS. Give an entry "
                    + "of LISTEN a certificate, or name the proxy that speaks TLS (TRUSTED_PROXIES, "
                    + "SECURE_PROXY_SSL_HEADER)." + (redirects ? " Nobody is redirected until then." : ""))
        }
        return advice
    }
}
