import ComputeHost
import Glibc

/// What serves a network's guests: the namespace with its address, dnsmasq, and who answers for metadata.
extension NetworkInspection {
    /// Nothing for a network without DHCP.
    func services(_ network: NetworkSpec, port guest: PortSpec?) -> [NetworkCheck] {
        guard let port = network.dhcpPort, network.adminStateUp else { return [] }
        let namespace = NetworkNamespace(network.dhcpNamespace)
        let exists = namespace.exists
        var checks = [
            NetworkCheck(
                .namespace, name: network.dhcpNamespace, expected: "there", found: exists ? "there" : nil,
                isRight: exists,
                evidence: Evidence(NetworkNamespace(nil)).of("ip", ["netns", "list"]) {
                    $0.hasPrefix(network.dhcpNamespace)
                })
        ]
        guard exists else { return checks }
        checks += [interface(port, in: namespace), dnsmasq(network, port, in: namespace)]
        if let guest { checks += reservations(network, port, guest) + leases(network, guest) }
        checks.append(metadata(in: namespace))
        return checks
    }

    private func interface(_ port: PortSpec, in namespace: NetworkNamespace) -> NetworkCheck {
        let name = DHCPPlan.interface(port)
        let wanted = port.fixedIPs.map { "\($0.address)/\($0.prefixLength)" } + [DHCPPlan.metadataAddress + "/16"]
        let link = (try? namespace.links())?[name]
        func words(_ isUp: Bool, _ addresses: [String]) -> String {
            "\(isUp ? "up" : "down"), \(addresses.isEmpty ? "without addresses" : addresses.sorted().joined(separator: ", "))"
        }
        let expected = words(true, wanted)
        let found = link.map { words($0.isUp, $0.addresses) }
        return NetworkCheck(
            .dhcpInterface, name: name, expected: expected, found: found, isRight: found == expected,
            evidence: Evidence(namespace).of("ip", ["address", "show", "dev", name]))
    }

    private func dnsmasq(_ network: NetworkSpec, _ port: PortSpec, in namespace: NetworkNamespace) -> NetworkCheck {
        let served = network.subnets.filter(\.enableDHCP)
        let ports =
            (served.contains { !$0.isIPv6 } ? [67] : [])
            + (served.contains { $0.ipv6Mode == .stateful || $0.ipv6Mode == .stateless } ? [547] : [])
        func words(_ ports: [Int]) -> String {
            ports.isEmpty ? "running" : "running, listening on UDP \(ports.map(String.init).joined(separator: ", "))"
        }
        let listening = Sockets.udpPorts(in: namespace)
        let heard = ports.filter(listening.contains)
        let found = server.runningID.map { _ in
            heard.count == ports.count
                ? words(ports)
                : "running, not listening on UDP "
                    + ports.filter { !heard.contains($0) }.map(String.init).joined(separator: ", ")
        }
        let process = server.runningID.map {
            Evidence(NetworkNamespace(nil)).of("ps", ["-o", "pid,user,args", "-p", "\($0)"])
        }
        return NetworkCheck(
            .dhcpServer, name: "dnsmasq", expected: words(ports), found: found, isRight: found == words(ports),
            evidence: (process ?? []) + Evidence(namespace).of("ss", ["--listening", "--udp", "--numeric"]))
    }

    /// One for each address that the guest is to be given.
    private func reservations(_ network: NetworkSpec, _ port: PortSpec, _ guest: PortSpec) -> [NetworkCheck] {
        let plan = DnsmasqPlan(network, port: port, directory: server.directory, user: server.user)
        let file = FileSystem.readText(server.directory + "/host") ?? ""
        func lines(_ text: String, _ address: String) -> [String] {
            text.split(separator: "\n").map(String.init).filter {
                let end = $0.split(separator: ",").last.map(String.init)
                return end == address || end == "[\(address)]"
            }
        }
        return guest.fixedIPs.compactMap { fixed in
            guard let expected = lines(plan.files["host"] ?? "", fixed.address).first else { return nil }
            let found = lines(file, fixed.address)
            return NetworkCheck(
                .reservation, name: fixed.address, expected: expected, found: found.first, isRight: found == [expected],
                evidence: ["grep \(fixed.address) \(server.directory)/host"] + found)
        }
    }

    /// One for each address that the guest asks for: whether it has been given it.
    private func leases(_ network: NetworkSpec, _ guest: PortSpec) -> [NetworkCheck] {
        let lines = (FileSystem.readText(server.directory + "/leases") ?? "").split(separator: "\n").map(String.init)
        return guest.fixedIPs.compactMap { fixed in
            guard let subnet = network.subnets.first(where: { $0.subnetID == fixed.subnetID }), subnet.enableDHCP,
                subnet.givesAddresses
            else { return nil }
            let found = lines.first { $0.split(separator: " ").dropFirst(2).first.map(String.init) == fixed.address }
            let words = found?.split(separator: " ").map(String.init) ?? []
            // DHCPv6 knows guests by an identifier of their own.
            let owner = words.count > 1 ? words[1] : nil
            let isTheirs = found != nil && (subnet.isIPv6 || owner == guest.macAddress)
            return NetworkCheck(
                .lease, name: fixed.address, expected: "given to \(guest.macAddress)",
                found: found == nil ? nil : subnet.isIPv6 ? "given" : "given to \(owner ?? "")", isRight: isTheirs,
                evidence: ["grep \(fixed.address) \(server.directory)/leases"] + (found.map { [$0] } ?? []))
        }
    }

    private func metadata(in namespace: NetworkNamespace) -> NetworkCheck {
        let isThere = Sockets.listens(on: DHCPPlan.metadataAddress, port: 80, in: namespace)
        return NetworkCheck(
            .metadata, name: DHCPPlan.metadataAddress + ":80", expected: "listening",
            found: isThere ? "listening" : nil,
            isRight: isThere, evidence: Evidence(namespace).of("ss", ["--listening", "--tcp", "--numeric"]))
    }
}

/// The sockets of a namespace (proc(5), /proc/net).
enum Sockets {
    /// On which UDP ports somebody receives.
    static func udpPorts(in namespace: NetworkNamespace) -> Set<Int> {
        Set(["udp", "udp6"].flatMap { locals(of: $0, in: namespace) }.map(\.port))
    }

    /// Whether somebody accepts TCP connections at an IPv4 address.
    static func listens(on address: String, port: Int, in namespace: NetworkNamespace) -> Bool {
        let bytes = IPBlock(address)?.bytes ?? []
        // The kernel prints the number as this machine has it in memory.
        let digits = bytes.reversed().map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
        return locals(of: "tcp", in: namespace).contains {
            $0.port == port && $0.state == "0A" && ($0.address == digits || $0.address == "00000000")
        }
    }

    private static func locals(
        of kind: String, in namespace: NetworkNamespace
    ) -> [(address: String, port: Int, state: String)] {
        // That of the thread: the process is elsewhere.
        let text =
            (try? namespace.inside { () throws(HostError) in FileSystem.readProc("thread-self/net/\(kind)") }) ?? ""
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 3 else { return nil }
            let parts = words[1].split(separator: ":")
            guard parts.count == 2, let port = Int(parts[1], radix: 16) else { return nil }
            return (String(parts[0]), port, String(words[3]))
        }
    }
}
