/// Everything about a ``Server`` that can be chosen. Every value has a default fit for a dashboard.
public struct ServerConfiguration: Sendable {
    /// Where to listen.
    public var addresses: [ListenAddress]
    /// Event-loop threads; 0 means one per processor.
    public var loops = 0
    /// Worker threads for ``Handler/worker(_:)``.
    public var workers = 16
    /// How much one message and one connection may ask for.
    public var limits = Limits()
    /// How long to wait for what.
    public var timeouts = Timeouts()
    /// The Server field; empty leaves it out.
    public var serverName = "daybreak"
    /// What every response carries, refusals of unreadable requests included, unless it brings a field of that name
    /// itself.
    public var defaultFields = Fields.secure
    /// The Strict-Transport-Security field of responses over TLS (RFC 6797); nil sends none.
    public var strictTransportSecurity: String?
    /// Which proxies may say who the client is.
    public var forwarding = ForwardingRules()
    /// Hosts this server answers for: "example.org", ".example.org" with all below it, "*" any. A request for another
    /// host is refused with 400. Ports do not matter.
    public var allowedHosts = ["*"]
    /// Where uploads are written until the handler takes them.
    public var temporaryDirectory = "/tmp"
    /// Told of every finished request: access log, metrics.
    public var observers: [any ObserverSource] = []

    /// A configuration with defaults for everything but the addresses.
    public init(addresses: [ListenAddress]) {
        self.addresses = addresses
    }

    /// What responses over TLS carry.
    var secureFields: Fields {
        var fields = defaultFields
        if let strictTransportSecurity { fields.set("Strict-Transport-Security", strictTransportSecurity) }
        return fields
    }

    /// The same for plain HTTP.
    public init(addresses: [String]) {
        self.init(addresses: addresses.map { ListenAddress($0) })
    }
}

/// One address a server listens on.
public struct ListenAddress: Hashable, Sendable, ExpressibleByStringLiteral {
    /// "127.0.0.1:8000", "[::1]:8000", port 0 for any free one. Numeric addresses only.
    public var address: String
    /// What makes it speak TLS; nil for plain HTTP.
    public var certificate: CertificateFiles?
    /// A path, `/compute`, below which clients of this address find a route without saying so, besides all the others.
    public var prefix: String?

    /// An address, with or without TLS.
    public init(_ address: String, certificate: CertificateFiles? = nil, prefix: String? = nil) {
        self.address = address
        self.certificate = certificate
        self.prefix = prefix
    }

    /// An address for plain HTTP.
    public init(stringLiteral address: String) {
        self.init(address)
    }
}

/// Where a certificate and its private key are, in PEM form: the server's own certificate first, then those between
/// it and the root; the key without a passphrase.
public struct CertificateFiles: Hashable, Sendable {
    /// Path of the certificates.
    public var certificate: String
    /// Path of the key.
    public var key: String

    /// Two paths; they may be the same.
    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// How long a connection may keep the server waiting.
public struct Timeouts: Hashable, Sendable {
    /// From a request's first byte to the end of its header section.
    public var head: Duration = .seconds(10)
    /// For content to arrive: this long at once, and as much again as ``minimumRate`` bytes a second buy.
    public var body: Duration = .seconds(30)
    /// Between two requests.
    public var idle: Duration = .seconds(75)
    /// For a client to take a response that waits for it: this long at once, and as much again as ``minimumRate`` bytes
    /// a second buy.
    public var write: Duration = .seconds(30)
    /// Bytes a second that a client must send or take in the long run; 0 lets a single byte buy the whole time anew.
    public var minimumRate = 240
    /// For requests that are on their way when the server stops. They are answered; who sends none is closed then.
    public var lastCall: Duration = .milliseconds(500)
    /// From a WebSocket client that says nothing: then it is pinged, and after the same time again given up.
    public var silence: Duration = .seconds(30)
    /// For the rest of a refused request, so that the client reads the refusal before the connection is reset.
    public var linger: Duration = .seconds(2)

    /// The defaults.
    public init() {}
}
