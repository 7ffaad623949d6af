import ComputeHost
import Testing

@testable import LibvirtHost

struct UserNetworkTests {
    private func interface(_ address: String, _ prefix: Int, gateway: String? = nil, mac: String = "fa:16:3e:00:00:01")
        -> InterfaceSpec
    {
        InterfaceSpec(
            portID: "6a790b22-2900-4000-8000-000000000001", networkID: "n", macAddress: mac,
            fixedIPs: [FixedAddress(subnetID: "s", address: address, prefixLength: prefix, gateway: gateway)])
    }

    private func arguments(for interfaces: [InterfaceSpec]) throws -> [String] {
        var spec = DomainXMLTests.spec
        spec.interfaces = interfaces
        return try UserNetwork.arguments(for: DefinedDomain(spec))
    }

    @Test func `the guest gets its port's address, and no way to the host`() throws {
        let arguments = try self.arguments(for: [interface("192.168.56.108", 24, gateway: "192.168.56.1")])
        #expect(
            arguments == [
                "-netdev",
                "user,id=net-6a790b22-29,restrict=on,ipv6=off,net=192.168.56.0/24,host=192.168.56.1,dns=192.168.56.254,"
                    + "dhcpstart=192.168.56.108",
                "-device",
                "virtio-net-pci,netdev=net-6a790b22-29,id=nic-6a790b22-29,mac=fa:16:3e:00:00:01,bus=pci.0,addr=0x10",
            ])
    }

    @Test func `the emulator's addresses never meet the guest's`() throws {
        let arguments = try self.arguments(for: [interface("10.0.0.6", 29, gateway: "10.0.0.6")])
        #expect(arguments[1].hasSuffix("net=10.0.0.0/29,host=10.0.0.5,dns=10.0.0.4,dhcpstart=10.0.0.6"))
    }

    @Test func `a gateway outside the network is not used`() throws {
        let arguments = try self.arguments(for: [interface("10.0.0.2", 24, gateway: "10.9.9.9")])
        #expect(arguments[1].contains("host=10.0.0.254,dns=10.0.0.253"))
    }

    @Test(arguments: [("10.0.0.1", 30), ("10.0.0.1", 32), ("fd00::5", 64)])
    func `networks too small for the emulator, and IPv6, keep its own addresses`(_ address: (String, Int)) throws {
        let arguments = try self.arguments(for: [interface(address.0, address.1)])
        #expect(arguments[1] == "user,id=net-6a790b22-29,restrict=on,ipv6=off")
    }

    @Test(arguments: ["10.0.0.5,hostfwd=tcp::22-:22", "10.0.0", "10.0.0.256", "10.0.0.+5", "", "10.0.0.5 "])
    func `an address cannot bring options of its own`(_ address: String) {
        #expect(throws: HostError.self) { try arguments(for: [interface(address, 24)]) }
    }

    @Test(arguments: ["fa:16:3e:00:00:01,x=y", "fa:16:3e:00:00", "fa:16:3e:00:00:0g", "fa:16:3e:00:00:+1", ""])
    func `nor can a MAC address`(_ mac: String) {
        #expect(throws: HostError.self) { try arguments(for: [interface("10.0.0.5", 24, mac: mac)]) }
    }
}
