import ComputeHost

/// Everything of a specification that becomes part of names, paths, orders and configuration is checked once, here.
extension NetworkSpec {
    /// - Throws: `.failed` for anything that is not what it should be.
    func check() throws(HostError) {
        try Self.checkID(networkID)
        guard (68...65_535).contains(mtu) else { throw .failed("\(mtu) is not an MTU", remedy: nil) }
        for subnet in subnets {
            try Self.checkID(subnet.subnetID)
            try Self.checkBlock(subnet.cidr)
            for address in subnet.dnsNameservers + [subnet.gateway].compactMap({ $0 }) {
                try Self.checkAddress(address)
            }
            for route in subnet.hostRoutes {
                try Self.checkBlock(route.destination)
                try Self.checkAddress(route.nextHop)
            }
        }
        for port in ports + [dhcpPort].compactMap({ $0 }) {
            try UserNetwork.checkPortID(port.portID)
            try UserNetwork.checkMACAddress(port.macAddress)
            for fixed in port.fixedIPs { try Self.checkAddress(fixed.address) }
        }
    }

    static func checkID(_ text: String) throws(HostError) {
        guard InstanceID.isValid(text) else { throw .failed("\"\(text)\" is not a UUID", remedy: nil) }
    }

    private static func checkBlock(_ text: String) throws(HostError) {
        guard IPBlock(cidr: text) != nil else { throw .failed("\"\(text)\" is not a block of addresses", remedy: nil) }
    }

    private static func checkAddress(_ text: String) throws(HostError) {
        guard IPBlock(address: text) != nil else { throw .failed("\"\(text)\" is not an address", remedy: nil) }
    }
}
