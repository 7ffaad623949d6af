import ComputeHost
import Glibc

@testable import LibvirtHost

/// A guest's DHCPv6 client (RFC 8415): it asks for one address, and takes it from the first that offers one.
final class DHCPv6Client {
    /// What a server said.
    struct Answer: Equatable {
        /// 2 is an offer (ADVERTISE), 7 the reply to a request.
        let type: UInt8
        let server: [UInt8]
        /// The address, when there is one.
        let address: String?
        let nameServers: [String]
    }

    private let descriptor: Int32
    private let interface: UInt32
    /// Who it is: its MAC address as a DUID (section 11.4).
    private let identity: [UInt8]

    init(in namespace: NetworkNamespace, mac address: String) throws {
        identity = [0, 3, 0, 1] + mac(address)
        (descriptor, interface) = try namespace.inside { () throws(HostError) in
            let made = socket(AF_INET6, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard made >= 0 else { throw FileSystem.failure("make", "a socket") }
            let bound = Self.withName("::", 546, interface: 0) { bind(made, $0, $1) }
            guard bound == 0 else { throw FileSystem.failure("bind", "a socket") }
            return (made, if_nametoindex("eth0"))
        }
    }

    deinit { close(descriptor) }

    /// The four messages: what a server gives in the end, and all that offered something before.
    func lease() -> (reply: Answer?, offers: [Answer]) {
        let wish = option(3, [0, 0, 0, 1] + [UInt8](repeating: 0, count: 8))
        // An interface that has just come up is not used for a second (duplicate address detection).
        for attempt in UInt8(1)...6 {
            send(type: 1, attempt, wish)
            let offers = answers(to: attempt, milliseconds: 1_500)
            guard let offer = offers.first(where: { $0.address != nil }) else { continue }
            send(type: 3, attempt + 100, option(2, offer.server) + wish)
            return (answers(to: attempt + 100, milliseconds: 1_500).first, offers)
        }
        return (nil, [])
    }

    private func send(type: UInt8, _ number: UInt8, _ options: [UInt8]) {
        let message = [type, 0, 0, number] + option(1, identity) + option(8, [0, 0]) + option(6, [0, 23]) + options
        _ = Self.withName("ff02::1:2", 547, interface: interface) {
            sendto(descriptor, message, message.count, 0, $0, $1)
        }
    }

    /// Everything that comes within the time.
    private func answers(to number: UInt8, milliseconds: Int) -> [Answer] {
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        var answers: [Answer] = []
        while ContinuousClock.now < end {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 50) == 1 else { continue }
            var buffer = [UInt8](repeating: 0, count: 2_048)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 4, buffer[1..<4].elementsEqual([0, 0, number]) else { continue }
            answers.append(Self.answer(Array(buffer[..<count])))
        }
        return answers
    }

    private static func answer(_ message: [UInt8]) -> Answer {
        let said = options(message[4...])
        let association = said[3] ?? []
        let address = association.count > 12 ? options(association[12...])[5] : nil
        let servers = said[23] ?? []
        return Answer(
            type: message[0], server: said[2] ?? [], address: address.map { text($0[..<16]) },
            nameServers: stride(from: 0, to: servers.count, by: 16).map { text(servers[$0..<$0 + 16]) })
    }

    /// The first option of each code.
    private static func options(_ bytes: ArraySlice<UInt8>) -> [Int: [UInt8]] {
        var (found, rest): ([Int: [UInt8]], ArraySlice<UInt8>) = ([:], bytes)
        while rest.count >= 4 {
            let head = Array(rest.prefix(4)).map(Int.init)
            rest = rest.dropFirst(4)
            let code = head[0] << 8 + head[1]
            let length = head[2] << 8 + head[3]
            if found[code] == nil { found[code] = Array(rest.prefix(length)) }
            rest = rest.dropFirst(length)
        }
        return found
    }

    private static func text(_ address: ArraySlice<UInt8>) -> String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        _ = Array(address).withUnsafeBytes { inet_ntop(AF_INET6, $0.baseAddress, &buffer, socklen_t(buffer.count)) }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private func option(_ code: UInt16, _ content: [UInt8]) -> [UInt8] {
        two(code) + two(UInt16(content.count)) + content
    }

    private static func withName<T>(
        _ address: String, _ port: UInt16, interface: UInt32, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
    ) -> T {
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = port.bigEndian
        name.sin6_scope_id = interface
        inet_pton(AF_INET6, address, &name.sin6_addr)
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }
}
