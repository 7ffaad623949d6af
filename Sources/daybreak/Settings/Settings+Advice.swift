extension Settings {
    /// Combinations that work but are probably not what was meant; shown at every start and by `daybreak doctor`.
    func advice(isWritten: (String) -> Bool) -> [String] {
        var advice: [String] = []
        if !cache.backend.isMemcached, isWritten("CACHES.default.LOCATION"), !cache.locations.isEmpty {
            advice.append(
                "CACHES: LocMemCache keeps sessions in this process and takes no notice of LOCATION "
                    + "\(cache.locations.joined(separator: ", ")). For sessions in memcached set BACKEND to "
                    + "\"\(CacheBackend.pyMemcache.rawValue)\"; otherwise remove LOCATION.")
        }
        if allowedHosts.contains("*") {
            advice.append(
                "ALLOWED_HOSTS: \"*\" answers to any host name, which lets a foreign page reach this dashboard under a "
                    + "name of its own. List the names people use.")
        }
        let entries = listen.filter { SocketName($0.address)?.isLoopback == false }
        let open = entries.map(\.address)
        let plain = entries.filter { !$0.isSecure }.map(\.address)
        if !plain.isEmpty {
            advice.append(
                "LISTEN: \(plain.joined(separator: ", ")) can be reached from other machines, without TLS. "
                    + "Change the password of admin before you let anybody in.")
        }
        if !open.isEmpty, Set(allowedHosts) == Set(Settings().allowedHosts) {
            advice.append(
                "ALLOWED_HOSTS: only this machine's own names are allowed, so other machines that reach "
                    + "\(open.joined(separator: ", ")) get 400. Add the name or address they use.")
        }
        let addresses = Dictionary(grouping: computeHosts.filter { $0.uri.contains("://") }, by: \.uri)
        for (uri, hosts) in addresses.sorted(by: { $0.key < $1.key }) where hosts.count > 1 {
            advice.append(
                "COMPUTE_HOSTS: \(hosts.map(\.name).joined(separator: " and ")) are the same libvirt, \(uri), so what it "
                    + "has is promised twice. Give each host a libvirt of its own.")
        }
        if !computeHosts.isEmpty, isWritten("LIBVIRT_URI"), libvirtURI != Settings().libvirtURI {
            advice.append("LIBVIRT_URI: COMPUTE_HOSTS names the hosts, and this is not used.")
        }
        if apiVersions.volume == 2 {
            advice.append("OPENSTACK_API_VERSIONS: volume 2 was replaced by 3; 3 is served.")
        }
        return advice + transportSecurity.advice(listen)
    }
}
