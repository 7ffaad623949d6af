import Networking

/// Comparisons of addresses that are text in a host's specifications.
enum AddressText {
    /// Whether an address is in a block in CIDR notation; a block may be a single address.
    static func isInside(_ address: String, _ block: String) -> Bool {
        guard let address = try? IPAddress(parsing: address) else { return false }
        if let single = try? IPAddress(parsing: block) { return single == address }
        guard let block = CIDR(block) else { return false }
        return block.version == address.version && block.range.contains(address)
    }

    static func isIPv6(_ address: String) -> Bool { address.contains(":") }
}
