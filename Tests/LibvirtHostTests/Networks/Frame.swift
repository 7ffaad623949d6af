import Glibc

@testable import LibvirtHost

/// An Ethernet frame, byte for byte.
struct Frame: Equatable, CustomStringConvertible {
    var bytes: [UInt8]
    var description: String { bytes.prefix(64).map { String($0, radix: 16) }.joined(separator: " ") }

    init(from source: String, to destination: String, type: UInt16, _ payload: [UInt8]) {
        bytes = mac(destination) + mac(source) + two(type) + payload
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The same with an 802.1Q tag in front of what it carries.
    func tagged(_ vlan: UInt16) -> Frame {
        Frame(bytes: bytes[..<12] + two(0x8100) + two(vlan) + bytes[12...])
    }
}

/// What a packet carries.
enum Load {
    case tcp(from: UInt16, to: UInt16, flags: UInt8 = 2)
    case udp(from: UInt16, to: UInt16)
    case icmp(type: UInt8, code: UInt8 = 0, identifier: UInt16 = 7)
    /// An ICMPv6 message with a body after its checksum.
    case message(type: UInt8, [UInt8])
    case other(UInt8)
}

/// An IPv4 or IPv6 packet in a frame, with right checksums: what has wrong ones belongs to no conversation.
struct Packet {
    var sourceMAC: String
    var destinationMAC: String
    var source: String
    var destination: String
    var load: Load

    var frame: Frame {
        let isIPv6 = source.contains(":")
        let (number, content) = body(isIPv6)
        if isIPv6 {
            let head: [UInt8] = [0x60, 0, 0, 0] + two(UInt16(content.count)) + [number, 255]
            return Frame(
                from: sourceMAC, to: destinationMAC, type: 0x86dd,
                head + address(source) + address(destination) + content)
        }
        var head: [UInt8] = [0x45, 0] + two(UInt16(20 + content.count)) + [0, 1, 0, 0, 64, number, 0, 0]
        head += address(source) + address(destination)
        head.replaceSubrange(10..<12, with: two(checksum(head)))
        return Frame(from: sourceMAC, to: destinationMAC, type: 0x0800, head + content)
    }

    /// The protocol's number and its bytes.
    private func body(_ isIPv6: Bool) -> (UInt8, [UInt8]) {
        switch load {
        case .tcp(let from, let to, let flags):
            let sequence: [UInt8] = [0, 0, 0, 1, 0, 0, 0, flags & 0x10 == 0 ? 0 : 2]
            let content: [UInt8] = two(from) + two(to) + sequence + [0x50, flags, 0x20, 0, 0, 0, 0, 0]
            return (6, checked(content, at: 16, 6))
        case .udp(let from, let to):
            let data = Array("daybreak".utf8)
            return (17, checked(two(from) + two(to) + two(UInt16(8 + data.count)) + [0, 0] + data, at: 6, 17))
        case .icmp(let type, let code, let identifier):
            let content: [UInt8] = [type, code, 0, 0] + two(identifier) + [0, 1] + Array("daybreak".utf8)
            return isIPv6 ? (58, checked(content, at: 2, 58)) : (1, filled(content, at: 2, checksum(content)))
        case .message(let type, let rest):
            return (58, checked([type, 0, 0, 0] + rest, at: 2, 58))
        case .other(let number):
            return (number, Array("daybreak, a protocol without ports".utf8))
        }
    }

    private func checked(_ content: [UInt8], at place: Int, _ number: UInt8) -> [UInt8] {
        let pseudo = address(source) + address(destination) + [0, number] + two(UInt16(content.count))
        return filled(content, at: place, checksum(pseudo + content))
    }

    private func filled(_ content: [UInt8], at place: Int, _ sum: UInt16) -> [UInt8] {
        var content = content
        content.replaceSubrange(place..<place + 2, with: two(sum))
        return content
    }

    /// RFC 1071.
    private func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 + (index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0)
        }
        while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
        return ~UInt16(sum)
    }
}

/// ARP for IPv4 over Ethernet (RFC 826).
struct AddressResolution {
    var sourceMAC: String
    var senderMAC: String
    var sender: String
    var target: String
    var isReply = false

    var frame: Frame {
        let head: [UInt8] = [0, 1, 8, 0, 6, 4, 0, isReply ? 2 : 1]
        return Frame(
            from: sourceMAC, to: "ff:ff:ff:ff:ff:ff", type: 0x0806,
            head + mac(senderMAC) + address(sender) + [0, 0, 0, 0, 0, 0] + address(target))
    }
}

func two(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xff)] }
func mac(_ text: String) -> [UInt8] { MACAddress(text)?.bytes ?? [] }
func address(_ text: String) -> [UInt8] { IPBlock(text)?.bytes ?? [] }
