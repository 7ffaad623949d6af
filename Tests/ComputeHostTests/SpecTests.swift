import ComputeHost
import Testing

struct SpecTests {
    @Test func `a base file is named by the SHA-1 of its image's id, as in nova`() {
        #expect(
            BaseFile.name(forImage: "5c242396-3c7b-4bc6-bec1-3df8eb57d53d")
                == "7312bbe40cc8bc765d86d2dbd58d0a57a83ee215")
    }

    @Test func `domains are named after the instance's number`() {
        #expect(DomainName.text(for: 3) == "instance-00000003")
        #expect(DomainName.text(for: 0x1_2345_6789) == "instance-123456789")
        #expect(DomainName.number(in: "instance-0000002a") == 42)
    }

    @Test(arguments: [
        "test", "instance-", "instance-2a", "instance-0000002A", "instance-+000002a", "xinstance-0000002a",
    ])
    func `other names are not ours`(_ name: String) {
        #expect(DomainName.number(in: name) == nil)
    }

    @Test func `taps and bridges are named as neutron names them`() {
        let interface = InterfaceSpec(
            portID: "6a790b22-2900-4000-8000-000000000001", networkID: "33b9ef50-354b-4000-8000-000000000001",
            macAddress: "fa:16:3e:00:00:01", fixedIPs: [])
        #expect(interface.tapName == "tap6a790b22-29")
        #expect(interface.bridgeName == "brq33b9ef50-35")
    }

    @Test(arguments: [
        "", "..", "5c242396-3c7b-4bc6-bec1-3df8eb57d53", "5C242396-3c7b-4bc6-bec1-3df8eb57d53d",
        "5c242396/3c7b-4bc6-bec1-3df8eb57d53d", "5c242396-3c7b-4bc6-bec1-3df8eb57d53d\n",
    ])
    func `what is not a canonical UUID never becomes a directory`(_ text: String) {
        #expect(throws: HostError.self) { try InstanceID.check(text) }
    }

    @Test func `the tail of a console log is its last lines`() {
        let log = Array("one\ntwo\nthree\n".utf8)
        #expect(ConsoleTail.lastLines(2, of: log) == Array("two\nthree\n".utf8))
        #expect(ConsoleTail.lastLines(1, of: Array("one\nlogin: ".utf8)) == Array("login: ".utf8))
        #expect(ConsoleTail.lastLines(9, of: log) == log)
        #expect(ConsoleTail.lastLines(0, of: log) == [])
        #expect(ConsoleTail.lastLines(3, of: []) == [])
    }
}
