import Testing

@testable import Networking

@Suite struct CIDRTests {
    private func cidr(_ text: String) throws -> CIDR { try CIDR(parsing: text) }

    @Test func `host bits are dropped`() throws {
        #expect(try cidr("192.168.56.77/24").description == "192.168.56.0/24")
        #expect(try cidr("2001:db8::5/64").description == "2001:db8::/64")
    }

    @Test(arguments: [
        ("10.0.0.0", CIDR.Fault.prefixMissing(recommended: "10.0.0.0/32")), ("10.0.0.0/33", .prefixWrong(highest: 32)),
        ("10.0.0.0/08", .prefixWrong(highest: 32)), ("10.0.0.0/", .prefixWrong(highest: 32)),
        ("2001:db8::/129", .prefixWrong(highest: 128)), ("/8", .address(.empty)), ("", .empty),
        ("10.0.0.0/2 4", .address(.whiteSpace(recommended: nil))), ("10.0.0.0/-1", .prefixWrong(highest: 32)),
        ("010.0.0.0/8", .address(.leadingZeros(recommended: "10.0.0.0"))), ("ten/8", .address(.notAnAddress)),
    ])
    func `what is no network address is refused with the reason`(_ typed: String, _ fault: CIDR.Fault) {
        #expect(throws: fault) { try CIDR(parsing: typed) }
    }

    @Test(arguments: [
        ("192.168.56.0/24", "192.168.56.1-192.168.56.254"), ("10.0.0.0/30", "10.0.0.1-10.0.0.2"),
        ("10.0.0.4/31", "10.0.0.4-10.0.0.5"), ("10.0.0.4/32", "10.0.0.4-10.0.0.4"),
        ("2001:db8::/126", "2001:db8::1-2001:db8::3"), ("2001:db8::/127", "2001:db8::1-2001:db8::1"),
        ("2001:db8::7/128", "2001:db8::7-2001:db8::7"), ("10.0.0.0/8", "10.0.0.1-10.255.255.254"),
    ])
    func `the usable range leaves out what has a meaning of its own`(_ typed: String, _ usable: String) throws {
        #expect(try cidr(typed).usable.description == usable)
    }

    @Test func `the default gateway is the first host, or the network address of IPv6`() throws {
        #expect(try cidr("192.168.56.0/24").defaultGateway == ip("192.168.56.1"))
        #expect(try cidr("2001:db8::/64").defaultGateway == ip("2001:db8::"))
        #expect(try cidr("10.0.0.4/32").defaultGateway == nil)
    }

    @Test func `default pools are the usable range around the gateway`() throws {
        let network = try cidr("192.168.56.0/24")
        #expect(network.defaultPools(gateway: ip("192.168.56.1")) == [range("192.168.56.2", "192.168.56.254")])
        #expect(network.defaultPools(gateway: ip("192.168.56.254")) == [range("192.168.56.1", "192.168.56.253")])
        #expect(
            network.defaultPools(gateway: ip("192.168.56.100")) == [
                range("192.168.56.1", "192.168.56.99"), range("192.168.56.101", "192.168.56.254"),
            ])
        #expect(network.defaultPools(gateway: ip("10.0.0.1")) == [network.usable])
        #expect(network.defaultPools(gateway: nil) == [network.usable])
    }

    @Test func `ranges know their size, their overlaps and what is left of them`() throws {
        #expect(range("10.0.0.1", "10.0.0.1").count == 1)
        #expect(try cidr("2001:db8::/64").range.count == 1 << 64)
        #expect(try cidr("::/0").range.count == .max)
        #expect(range("10.0.0.1", "10.0.0.5").overlaps(range("10.0.0.5", "10.0.0.9")))
        #expect(!range("10.0.0.1", "10.0.0.4").overlaps(range("10.0.0.5", "10.0.0.9")))
        #expect(range("10.0.0.1", "10.0.0.1").removing(ip("10.0.0.1")).isEmpty)
        #expect(AddressRange(first: ip("10.0.0.2"), last: ip("10.0.0.1")) == nil)
        #expect(AddressRange(first: ip("10.0.0.2"), last: ip("::1")) == nil)
    }

    @Test func `a guest's own IPv6 address is made of the prefix and its MAC`() throws {
        // RFC 4291, appendix A, with neutron's prefix.
        let mac = try #require(MACAddress("fa:16:3e:ab:cd:ef"))
        let address = AddressChoice.selfConfigured(try cidr("2001:db8::/64"), mac)
        #expect(address == ip("2001:db8::f816:3eff:feab:cdef"))
    }
}
