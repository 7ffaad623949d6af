import ComputeHost

/// Everything of a specification that becomes part of names, paths, orders and configuration is checked once, here.
extension NetworkSpec {
    /// - Throws: `.failed` for anything that is not what it should be.
    func check() throws(HostError) {
        try Self.checkID(networkID)
        guard (68...65_535).contains(mtu) else { throw .failed("\(mtu) is not an MTU", remedy: nil) }
        for subnet in subnets { try subnet.check() }
        for port in ports + [dhcpPort].compactMap({ $0 }) {
            try UserNetwork.checkPortID(port.portID)
            try UserNetwork.checkMACAddress(port.macAddress)
            for fixed in port.fixedIPs { try Self.checkAddress(fixed.address) }
        }
    }

    static func checkID(_ text: String) throws(HostError) {
        guard InstanceID.isValid(text) else { throw .failed("\"\(text)\" is not a UUID", remedy: nil) }
    }

    fileprivate static func checkBlock(_ text: String) throws(HostError) {
        guard IPBlock(cidr: text) != nil else { throw .failed("\"\(text)\" is not a block of addresses", remedy: nil) }
    }

    fileprivate static func checkAddress(_ text: String) throws(HostError) {
        guard IPBlock(address: text) != nil else { throw .failed("\"\(text)\" is not an address", remedy: nil) }
    }
}

extension SubnetSpec {
    /// - Throws: `.failed` for anything that is not what it should be.
    func check() throws(HostError) {
        try NetworkSpec.checkID(subnetID)
        try NetworkSpec.checkBlock(cidr)
        for address in dnsNameservers + [gateway].compactMap({ $0 }) { try NetworkSpec.checkAddress(address) }
        for route in hostRoutes {
            try NetworkSpec.checkBlock(route.destination)
            try NetworkSpec.checkAddress(route.nextHop)
        }
    }
}
