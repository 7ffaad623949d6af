import ComputeHost
import ServiceCore

extension SubnetSpec {
    init(_ subnet: Subnet) {
        self.init(
            subnetID: subnet.id.text, cidr: subnet.cidr.description, gateway: subnet.gateway?.description,
            enableDHCP: subnet.enableDHCP, dnsNameservers: subnet.dnsNameservers.map(\.description))
        hostRoutes = subnet.hostRoutes.map {
            RouteSpec(destination: $0.destination.description, nextHop: $0.nextHop.description)
        }
        ipv6Mode = subnet.ipv6Mode?.address.flatMap(IPv6Mode.init)
        advertisesRouter = subnet.ipv6Mode?.routerAdvertisement != nil
    }
}

extension SegmentSpec {
    /// What the Linux bridges carry; GRE and GENEVE they do not, as in neutron, and such a network ends at its host.
    init(_ segment: ProviderSegment?) {
        let physicalNetwork = segment?.physicalNetwork ?? ""
        switch (segment?.type, segment?.segmentationID) {
        case (.flat, _): self = .flat(physicalNetwork: physicalNetwork)
        case (.vlan, let id?): self = .vlan(physicalNetwork: physicalNetwork, id: id)
        case (.vxlan, let id?): self = .vxlan(vni: id)
        default: self = .local
        }
    }
}

extension PortSpec {
    /// A port whose addresses lie in some of `subnets`.
    init(_ port: Port, _ subnets: [Subnet]) {
        let fixedIPs = port.fixedIPs.compactMap { fixedIP in
            subnets.first { $0.id == fixedIP.subnetID }.map { FixedAddress(fixedIP.address, $0) }
        }
        self.init(
            portID: port.id.text, networkID: port.networkID.text, instanceID: port.deviceID,
            macAddress: port.macAddress.description, fixedIPs: fixedIPs)
        adminStateUp = port.adminStateUp
        portSecurityEnabled = port.portSecurityEnabled
        securityGroupIDs = port.securityGroupIDs.map(\.text)
        dhcpOptions = port.extraDHCPOptions.map {
            DHCPOptionSpec(name: $0.name, value: $0.value, isIPv6: $0.version == .v6)
        }
        allowedAddressPairs = port.allowedAddressPairs.map {
            AddressPairSpec(ipAddress: $0.ipAddress, macAddress: $0.macAddress.description)
        }
    }
}

extension FixedAddress {
    fileprivate init(_ address: IPAddress, _ subnet: Subnet) {
        self.init(
            subnetID: subnet.id.text, address: address.description, prefixLength: subnet.cidr.prefix,
            gateway: subnet.gateway?.description, dnsNameservers: subnet.dnsNameservers.map(\.description))
    }
}
