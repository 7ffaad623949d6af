/// Where a memcached answers: one entry of `CACHES.default.LOCATION`, with a socket's path made absolute.
struct CacheLocation: Sendable, Equatable {
    /// `host:port`, or `unix:` and an absolute path.
    let text: String

    init(_ location: String, in directory: StateDirectory) {
        if location.hasPrefix("unix:") {
            text = "unix:" + directory.resolve(String(location.dropFirst(5)))
        } else {
            text = location.hasPrefix("/") ? "unix:" + location : location
        }
    }

    /// The path of the socket; `nil` for a network address.
    var socketPath: String? { text.hasPrefix("unix:") ? String(text.dropFirst(5)) : nil }

    /// On this machine, so that it can be started when it does not answer.
    var isLocal: Bool { socketPath != nil || SocketName(text)?.isLoopback == true }
}
