public import Networking
public import ServiceCore

/// Something that does not reach something else, as its owner puts it.
public struct ReachabilityQuestion: Hashable, Sendable {
    /// The other end.
    public enum Target: Hashable, Sendable {
        /// The guest itself, from outside of its cloud.
        case fromOutside
        /// 169.254.169.254.
        case metadata
        /// Another instance that the caller may see.
        case instance(ID<Instance>)
        /// An address anywhere.
        case address(IPAddress)
    }

    /// What is sent.
    public enum Traffic: Hashable, Sendable {
        case ping
        /// To a port, 1 to 65535.
        case tcp(Int)
        case udp(Int)

        /// IANA's number, the one of ICMPv6 among IPv6 addresses.
        func protocolNumber(isIPv6: Bool) -> Int {
            switch self {
            case .ping: isIPv6 ? 58 : 1
            case .tcp: 6
            case .udp: 17
            }
        }
    }

    /// The other end.
    public var target: Target
    /// What is sent.
    public var traffic: Traffic

    /// A question.
    public init(_ target: Target, _ traffic: Traffic = .ping) {
        self.target = target
        self.traffic = traffic
    }
}

/// Why something is not reached, and what helps.
public struct ReachabilityCause: Hashable, Sendable {
    /// What is wrong.
    public enum Fault: String, Hashable, Sendable, CaseIterable {
        /// The guest does not run.
        case guestOff
        /// The port, its network or its device is down.
        case portDown
        /// The guest's device is not in its network's bridge.
        case notInBridge
        /// Nobody answers the guest's DHCP requests.
        case dhcpServerDead
        /// The guest has not taken the address that is kept for it.
        case noLease
        /// The guest uses an address that is not its port's.
        case spoofedAddress
        /// The host filters otherwise than the security groups say.
        case rulesNotApplied
        /// No rule of a security group allows it.
        case noRule
        /// Nothing leads there.
        case noRoute
        /// The metadata service does not listen on the network, or does not serve it.
        case metadataRefused
    }

    /// What is wrong.
    public let fault: Fault
    /// In words.
    public let reason: Message
    /// What helps.
    public let cure: Message
    /// Whether it is the other end's.
    public let isAtTarget: Bool
}
