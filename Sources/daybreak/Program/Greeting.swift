/// The lines printed when everything runs.
struct Greeting {
    let lines: [String]

    /// - Parameter addresses: those the server listens on, with the ports it got.
    init(file: SettingsFile, addresses: [String], notes: [String], hosts: ComputeHosts) {
        let settings = file.settings
        var lines = zip(settings.listen, addresses).map { entry, address in
            let scheme = entry.isSecure ? "https" : "http"
            let place = "\(scheme)://\(Self.reachable(address, settings.openStackHost))"
            guard let service = entry.service else { return "Daybreak is at \(place)/dashboard" }
            return "    OpenStack's \(service) service is also at \(place)"
        }
        lines.append("    log in to domain \(settings.keystoneDefaultDomain) as admin; the first password is admin")
        lines += hosts.lines.map { "    " + $0 }
        let advice = settings.advice { file.lines[$0] != nil }
        lines += (notes + advice).map { "    note: \($0)" }
        self.lines = lines
    }

    /// An address one can go to: a server that listens on every address is at none called 0.0.0.0.
    private static func reachable(_ address: String, _ host: String) -> String {
        guard let name = SocketName(address), ["0.0.0.0", "::"].contains(name.host) else { return address }
        return "\(host):\(name.port)"
    }
}
