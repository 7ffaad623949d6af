import Testing

@testable import Networking

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("192.168.56.1", "192.168.56.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("2001:DB8::A", "2001:db8::a"), ("fe80:0:0:1:0:0:0:1", "fe80:0:0:1::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::ffff:1.2.3.4", "::ffff:1.2.3.4"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("0001:0:0:0:0:0:0:0", "1::"),
    ])
    func `an address is read and written in its canonical form`(_ typed: String, _ canonical: String) throws {
        #expect(try IPAddress(parsing: typed).description == canonical)
    }

    @Test(arguments: [
        "1.2.3", "1.2.3.4.5", "256.1.1.1", "1..2.3", ".1.2.3", "1.2.3.", "a.b.c.d", "1.2.3.0x4", "-1.2.3.4", "١.2.3.4",
        "12345678901.1.1.1", "1::2::3", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", ":1", "1:",
        "12345::", "g::", "+1::", "fe80::1%eth0", "::1.2.3", "1.2.3.4::", "::01.2.3.4", "[::1]", "10.0.0.1/24",
        "１.2.3.4",
    ])
    func `what is no address is refused`(_ typed: String) {
        #expect(throws: IPAddress.Fault.notAnAddress) { try IPAddress(parsing: typed) }
    }

    @Test func `leading zeros are refused with the normal form`() {
        #expect(throws: IPAddress.Fault.leadingZeros(recommended: "10.1.0.8")) { try IPAddress(parsing: "010.1.0.08") }
    }

    @Test(arguments: [
        (" 1.2.3.4", "1.2.3.4"), ("1.2.3.4\t", "1.2.3.4"), ("1.2. 3.4", "1.2.3.4"), ("::1\r\n", "::1"),
    ])
    func `white space is refused with the address without it`(_ typed: String, _ recommended: String) {
        #expect(throws: IPAddress.Fault.whiteSpace(recommended: recommended)) { try IPAddress(parsing: typed) }
    }

    @Test func `white space in nonsense recommends nothing, and nothing is missing`() {
        #expect(throws: IPAddress.Fault.whiteSpace(recommended: nil)) { try IPAddress(parsing: "a, b") }
        #expect(throws: IPAddress.Fault.empty) { try IPAddress(parsing: "") }
        #expect(throws: IPAddress.Fault.empty) { try IPAddress(parsing: "  ") }
    }

    @Test func `every address reads back what it writes, and keys sort as addresses`() throws {
        var generator = SystemRandomNumberGenerator()
        var six: [IPAddress] = []
        for _ in 0..<2000 {
            // Masks make zero groups likely.
            let mask =
                UInt128.random(in: 0 ... .max, using: &generator) & UInt128.random(in: 0 ... .max, using: &generator)
            let address = IPAddress(
                version: .v6, bits: .random(in: 0 ... .max, using: &generator) & mask & (mask << 16))
            let four = IPAddress(version: .v4, bits: .random(in: 0...0xffff_ffff, using: &generator))
            #expect(try IPAddress(parsing: address.description) == address)
            #expect(try IPAddress(parsing: four.description) == four)
            #expect(IPAddress(key: address.key) == address)
            #expect(IPAddress(key: four.key) == four)
            six.append(address)
        }
        #expect(six.sorted().map(\.key) == six.map(\.key).sorted())
    }

    @Test func `the ends of the address space have no neighbours beyond`() {
        #expect(ip("255.255.255.255").successor == nil)
        #expect(ip("0.0.0.0").predecessor == nil)
        #expect(ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").successor == nil)
        #expect(ip("10.0.0.255").successor == ip("10.0.1.0"))
    }

    @Test func `MAC addresses are read in both notations and written in one`() {
        #expect(MACAddress("FA-16-3E-00-0a-Ff")?.description == "fa:16:3e:00:0a:ff")
        for text in ["fa:16:3e:00:0a", "fa:16:3e:00:0a:fg", "fa:16-3e:00:0a:ff", "fa163e000aff", "+a:16:3e:00:0a:ff"] {
            #expect(MACAddress(text) == nil, "\(text)")
        }
        #expect(MACAddress("01:00:5e:00:00:01")?.isUnicast == false)
        var generator = SystemRandomNumberGenerator()
        #expect(MACAddress.random(using: &generator).description.hasPrefix("fa:16:3e:"))
    }
}
