public import Database

/// The other side of a rule, as it was typed: neutron keeps the host bits of "10.2.3.124/24" and tells the block beside it.
public struct RemotePrefix: Hashable, Sendable, CustomStringConvertible {
    /// Any address of the block.
    public let address: IPAddress
    /// The length of the prefix in bits.
    public let prefix: Int

    /// What it stands for; neutron's `normalized_cidr`.
    public var cidr: CIDR { CIDR(holding: address, prefix: prefix) }

    /// Reads "address/prefix"; nil when it is none.
    init?(_ text: String) {
        guard let cidr = CIDR(text), let address = text.split(separator: "/").first.flatMap({ IPAddress(String($0)) })
        else { return nil }
        self.init(address: address, prefix: cidr.prefix)
    }

    init(address: IPAddress, prefix: Int) {
        self.address = address
        self.prefix = prefix
    }

    /// Neutron's `remote_ip_prefix`.
    public var description: String { "\(address)/\(prefix)" }
}

extension RemotePrefix: DatabaseValue {
    public var databaseValue: SQLValue { .text(description) }

    public init?(databaseValue: SQLValue) {
        guard case .text(let text) = databaseValue else { return nil }
        self.init(text)
    }
}
