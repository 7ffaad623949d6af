/// Whose word about the client is taken: a reverse proxy's, which stands between the client and us and says in header
/// fields who asked it, for which host, and whether over TLS.
///
/// Anybody can send such fields. They count only on a connection from an address named here; without any, never.
public struct ForwardingRules: Hashable, Sendable {
    /// A field and the value it has when the client reached the proxy over TLS.
    public struct SecureField: Hashable, Sendable {
        /// "X-Forwarded-Proto".
        public var name: String
        /// "https".
        public var value: String

        /// A name and a value.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The proxies. Each must set the fields below itself, or take away what a client sent under these names.
    public var trustedProxies: [AddressBlock] = []
    /// What tells that the client uses TLS; nil when only our own connection counts.
    public var secureField: SecureField?
    /// Whether X-Forwarded-Host takes the place of Host.
    public var usesForwardedHost = false

    /// Nobody is trusted.
    public init() {}

    /// Whether the peer of a connection may speak for others.
    func trusts(_ peer: SocketAddress) -> Bool {
        !trustedProxies.isEmpty && trusts(IPAddress(peer.halves))
    }

    private func trusts(_ address: IPAddress) -> Bool {
        trustedProxies.contains { $0.contains(address) }
    }

    /// What a trusted proxy says about a request.
    /// - Throws: ``RequestError`` 400 when the host it names is none.
    func client(behind peer: String, _ fields: Fields) throws(RequestError) -> ForwardedClient {
        ForwardedClient(
            address: address(behind: peer, fields), isSecure: isSecure(fields), host: try host(fields))
    }

    /// Each proxy appends the address it was asked from to X-Forwarded-For, so the list is true from its right end to
    /// the first address that is no proxy of ours: that is the client. What stands further left it has written itself.
    private func address(behind peer: String, _ fields: Fields) -> String {
        var client = peer
        for list in fields.values(for: "X-Forwarded-For").reversed() {
            for entry in list.utf8.split(separator: UInt8(ascii: ",")).reversed() {
                guard let address = ForwardingRules.address(Substring(entry).trimmingBlanks()) else { return client }
                client = address.text
                guard trusts(address) else { return client }
            }
        }
        return client
    }

    /// An address as proxies write it: alone or with a port, in brackets or not.
    private static func address(_ text: Substring) -> IPAddress? {
        if let address = IPAddress(text) { return address }
        guard let (host, _) = Authority.split(String(text)) else { return nil }
        let isBracketed = host.utf8.first == UInt8(ascii: "[")
        return IPAddress(isBracketed ? host.dropFirst().dropLast() : host[...])
    }

    /// nil when no proxy says anything about it. A client's own word beside the proxy's is not enough.
    private func isSecure(_ fields: Fields) -> Bool? {
        guard let secureField, fields.contains(secureField.name) else { return nil }
        let words = fields.values(for: secureField.name).flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
        return !words.isEmpty && words.allSatisfy { Substring($0).trimmingBlanks() == secureField.value }
    }

    private func host(_ fields: Fields) throws(RequestError) -> String? {
        guard usesForwardedHost, let host = fields["X-Forwarded-Host"] else { return nil }
        let isValid = Array(host.utf8).withUnsafeBufferPointer { Authority.isValid($0) }
        guard isValid, fields.count(of: "X-Forwarded-Host") == 1 else {
            throw .malformed("the X-Forwarded-Host field is malformed")
        }
        return host
    }
}

/// The client as a trusted proxy describes it. A reference, so that a request without one pays for a nil.
final class ForwardedClient: Sendable {
    let address: String
    /// nil when the proxy does not say.
    let isSecure: Bool?
    /// nil when Host says it.
    let host: String?

    init(address: String, isSecure: Bool?, host: String?) {
        self.address = address
        self.isSecure = isSecure
        self.host = host
    }
}
