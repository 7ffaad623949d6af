import HTTP

extension SettingKey {
    /// TLS as browsers are told of it, and proxies before this program. The names are Django's, but for
    /// TRUSTED_PROXIES, which Django leaves to whoever deploys it.
    static let security: [SettingKey] = [
        SettingKey(
            "SECURE_HSTS_SECONDS", \.transportSecurity.hstsSeconds, .whole(0...126_144_000, unit: "seconds"),
            "How long a browser that came over TLS will come in no other way; 0 does not ask for it."),
        SettingKey(
            "SECURE_HSTS_INCLUDE_SUBDOMAINS", \.transportSecurity.hstsIncludesSubdomains, .flag,
            "Whether that holds for all sub-domains as well."),
        SettingKey(
            "SECURE_HSTS_PRELOAD", \.transportSecurity.hstsPreload, .flag,
            "Whether browsers may ship with that knowledge; there is no quick way back."),
        SettingKey(
            "SECURE_SSL_REDIRECT", \.transportSecurity.redirects, .flag,
            "Whether requests without TLS are sent to the same page with it; /healthz and /metrics are not."),
        SettingKey(
            "SECURE_SSL_HOST", \.transportSecurity.redirectHost,
            .optional(
                .text("a host name, with a port if it is not 443") { host in
                    let name = SocketName(host)?.host ?? host
                    return HostPattern.isValid(name.contains(":") ? "[\(name)]" : name) && name.first != "."
                        && name != "*"
                }, absent: "null"),
            "Where they are sent; left out, to the host they asked for, at the first port of LISTEN with TLS."),
        SettingKey(
            "TRUSTED_PROXIES", \.transportSecurity.trustedProxies,
            .list(
                of: .text("an address or a block such as \"10.0.0.0/8\"") { AddressBlock($0) != nil },
                called: "a list of addresses"),
            "Reverse proxies whose word about the client is taken: X-Forwarded-For, and what the next two name."),
        SettingKey(
            "SECURE_PROXY_SSL_HEADER", \.transportSecurity.secureProxyHeader, .secureProxyHeader,
            "Header and value by which a trusted proxy says that the client uses TLS."),
        SettingKey(
            "USE_X_FORWARDED_HOST", \.transportSecurity.usesForwardedHost, .flag,
            "Whether a trusted proxy's X-Forwarded-Host takes the place of Host."),
    ]
}

extension SettingType where Value == [String] {
    /// `["X-Forwarded-Proto", "https"]`, also with the header's name as Python's servers hand it on; `null` for none.
    fileprivate static let secureProxyHeader: SettingType = {
        let expected = "a header's name and its value, such as [\"X-Forwarded-Proto\", \"https\"], or null"
        return SettingType(
            expected: expected,
            read: { json throws(SettingRefusal) in
                if case .null = json.value { return [] }
                guard case .array(let items) = json.value, items.count == 2,
                    case .string(let name) = items[0].value, case .string(let value) = items[1].value,
                    !name.isEmpty, !value.isEmpty,
                    name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") })
                else { throw SettingRefusal(found: json, expected: expected) }
                let isPythonic = name.hasPrefix("HTTP_")
                return [isPythonic ? String(name.dropFirst(5)).replacing("_", with: "-") : name, value]
            },
            write: { $0.isEmpty ? "null" : "[" + $0.map(LocatedJSON.quoted).joined(separator: ", ") + "]" })
    }()
}
