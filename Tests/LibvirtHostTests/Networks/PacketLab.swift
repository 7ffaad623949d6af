import ComputeHost
import Foundation
import Synchronization
import TestSupport

@testable import LibvirtHost

/// A host and its guests made of network namespaces: a bridge a network, and cables to guests that are named as taps.
/// Nothing of it touches the machine's own network.
final class PacketLab {
    /// Why there can be none here, and what would make one; nil when there can.
    static let missing: String? = {
        guard geteuid() == 0 else { return "needs root, to make network namespaces" }
        let absent = ["ip", "nft", "nsenter", "unshare"].filter { CommandRunner.find($0) == nil }
        if !absent.isEmpty {
            return "needs \(absent.joined(separator: ", ")): apt-get install nftables iproute2 util-linux"
        }
        let namespace = try? CommandRunner().run(Command("unshare", ["--net", "--mount", "true"]))
        return namespace?.succeeded == true ? nil : "needs network namespaces, which this container refuses root"
    }()

    private static let counter = Mutex(0)
    let host: NetworkNamespace
    private var made: [NetworkNamespace] = []
    private var guests: [String: LabGuest] = [:]

    init() throws {
        let number = Self.counter.withLock { count in
            count += 1
            return count
        }
        host = NetworkNamespace("packets-\(getpid())-\(number)")
        try make(host)
    }

    /// Removes all of it.
    func close() {
        for guest in guests.values { guest.close() }
        for namespace in made.reversed() { try? namespace.delete() }
    }

    deinit { close() }

    /// A namespace that goes with the lab, with IPv6 speaking only when spoken to.
    func make(_ namespace: NetworkNamespace) throws {
        try namespace.create()
        made.append(namespace)
        try namespace.inside { () throws(HostError) in
            for name in ["all", "default"] {
                try Sysctl.set("net/ipv6/conf/\(name)/disable_ipv6", to: 1)
            }
        }
    }

    /// Makes a network's bridge, with something beyond it that is no guest.
    func add(_ network: NetworkSpec) throws {
        try host.change([
            "link add name \(network.bridgeName) type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
            "link set dev \(network.bridgeName) up",
        ])
        guests["up-\(network.bridgeName)"] = try plug(
            "up-" + network.networkID.prefix(8), into: network, mac: LabGuest.outsideMAC)
    }

    /// Plugs a guest in.
    func add(_ port: PortSpec, to network: NetworkSpec) throws -> LabGuest {
        let guest = try plug(port.tapName, into: network, mac: port.macAddress)
        guests[port.portID] = guest
        return guest
    }

    private func plug(_ tap: String, into network: NetworkSpec, mac: String) throws -> LabGuest {
        let namespace = NetworkNamespace("\(host.name ?? "")-\(made.count)")
        try make(namespace)
        try host.change([
            "link add name \(tap) type veth peer name eth0 address \(mac) netns \(namespace.name ?? "")",
            "link set dev \(tap) master \(network.bridgeName) up",
        ])
        try namespace.change(["link set dev eth0 up"])
        return try LabGuest(namespace: namespace, mac: mac)
    }

    /// What is beyond the network's bridge: its DHCP server, its router, other hosts.
    func outside(of network: NetworkSpec) throws -> LabGuest {
        guard let outside = guests["up-\(network.bridgeName)"] else {
            throw NeverHappened(description: "no such network")
        }
        return outside
    }

    /// Whether a frame that one sends comes out at the other, unchanged.
    ///
    /// - Parameters:
    ///   - expected: what the test holds for right. An arrival is waited for; of what is not to arrive nothing may be
    ///     seen before a frame that was sent after it and that no filter holds back.
    ///   - arriving: how it looks when it arrives, when that is not how it was sent: packet sockets see no tags.
    func passes(
        _ frame: Frame, from sender: LabGuest, to receiver: LabGuest, on network: NetworkSpec, arriving: Frame? = nil,
        expected: Bool
    ) throws -> Bool {
        receiver.forget()
        try sender.send(frame)
        let frame = arriving ?? frame
        if expected { return receiver.sees(frame, within: 2) }
        if receiver.mac == LabGuest.outsideMAC { return receiver.sees(frame, within: 0.03) }
        let last = AddressResolution(
            sourceMAC: LabGuest.outsideMAC, senderMAC: LabGuest.outsideMAC, sender: "192.0.2.1",
            target: "192.0.2.\(UInt8.random(in: 2...254))")
        try outside(of: network).send(last.frame)
        return receiver.sees(frame, within: 0.2, before: last.frame)
    }
}

/// One end of a cable, held by a packet socket (packet(7)).
final class LabGuest {
    static let outsideMAC = "02:00:00:00:00:01"
    let namespace: NetworkNamespace
    let mac: String
    private var socket: Int32

    init(namespace: NetworkNamespace, mac: String) throws {
        self.namespace = namespace
        self.mac = mac
        socket = try namespace.inside { () throws(HostError) in
            // AF_PACKET, SOCK_RAW, ETH_P_ALL; Swift's Glibc has no name for the first and the last.
            let made = Glibc.socket(
                17, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), Int32(UInt16(3).bigEndian))
            guard made >= 0 else { throw FileSystem.failure("make", "a packet socket") }
            // struct sockaddr_ll: family, protocol, interface, and nothing that matters to bind(2).
            var place = [UInt8](repeating: 0, count: 20)
            place.replaceSubrange(0..<4, with: [17, 0, 0, 3])
            let index = Int32(if_nametoindex("eth0"))
            place.replaceSubrange(4..<8, with: withUnsafeBytes(of: index) { Array($0) })
            let bound = place.withUnsafeBytes {
                bind(made, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), 20)
            }
            guard bound == 0 else { throw FileSystem.failure("bind", "a packet socket") }
            return made
        }
    }

    func close() {
        if socket >= 0 { Glibc.close(socket) }
        socket = -1
    }

    deinit { close() }

    func send(_ frame: Frame) throws {
        let count = frame.bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, 0) }
        if count != frame.bytes.count { throw FileSystem.failure("send", "a frame") }
    }

    /// Throws away what has come so far.
    func forget() { while receive(wait: 0) != nil {} }

    /// Whether a frame comes within so many seconds, and before another one.
    func sees(_ frame: Frame, within seconds: Double, before last: Frame? = nil) -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            guard let seen = receive(wait: 10) else { continue }
            if seen == frame { return true }
            if let last, seen == last { return false }
        }
        return false
    }

    /// The next frame that came in, not one that went out.
    private func receive(wait milliseconds: Int32) -> Frame? {
        var watched = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        while poll(&watched, 1, milliseconds) == 1 {
            var buffer = [UInt8](repeating: 0, count: 2_048)
            var place = [UInt8](repeating: 0, count: 20)
            var length = socklen_t(place.count)
            let count = place.withUnsafeMutableBytes { place in
                recvfrom(
                    socket, &buffer, buffer.count, 0, place.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length
                )
            }
            guard count > 0 else { return nil }
            // sll_pkttype PACKET_OUTGOING
            if place[10] != 4 { return Frame(bytes: Array(buffer[..<count])) }
        }
        return nil
    }
}
