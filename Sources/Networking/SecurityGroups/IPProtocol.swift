/// The names neutron knows for IP protocols, and IANA's numbers of them.
public enum IPProtocol {
    /// The number of a name or of a number from 0 to 255; nil for anything else.
    public static func number(of text: String) -> Int? {
        if let number = numbers[text] { return number }
        guard let number = Int(text), (0...255).contains(number) else { return nil }
        return number
    }

    /// All names, sorted.
    public static var names: [String] { numbers.keys.sorted() }

    static let icmp = 1
    static let icmpv6 = 58
    /// Those with ports: TCP, UDP, DCCP, SCTP, UDP-Lite.
    static let withPorts: Set<Int> = [6, 17, 33, 132, 136]
    /// Those of IPv6 alone.
    static let ofIPv6: Set<Int> = [41, 43, 44, 58, 59, 60]

    /// Neutron's IP_PROTOCOL_MAP.
    private static let numbers = [
        "ah": 51, "dccp": 33, "egp": 8, "esp": 50, "gre": 47, "hopopt": 0, "icmp": 1, "icmpv6": 58, "igmp": 2,
        "ip": 0, "ipip": 4, "ipv6-encap": 41, "ipv6-frag": 44, "ipv6-icmp": 58, "ipv6-nonxt": 59, "ipv6-opts": 60,
        "ipv6-route": 43, "ospf": 89, "pgm": 113, "rsvp": 46, "sctp": 132, "tcp": 6, "udp": 17, "udplite": 136,
        "vrrp": 112,
    ]
}
