import ServiceCore
import Testing

@testable import Networking

/// Every rule of allocation pools, checked without a database.
@Suite struct SubnetPoolRulesTests {
    private let rules = AllocationPoolRules(
        cidr: CIDR("192.168.56.0/24"), gateway: ip("192.168.56.2"), limit: 256)

    private func check(_ text: String, _ rules: AllocationPoolRules? = nil) -> (
        ranges: [AddressRange], faults: [Violation]
    ) {
        var faults = Faults()
        let ranges = (rules ?? self.rules).check(PoolInput.lines(of: text), &faults)
        return (ranges, faults.violations)
    }

    private func codes(_ text: String) -> [String] { check(text).faults.map { "\($0.field) \($0.code)" } }

    @Test func `good pools keep their order`() {
        let text = "192.168.56.100,192.168.56.200\r\n\r\n  192.168.56.50,192.168.56.99  \n"
        let (ranges, faults) = check(text)
        #expect(faults == [])
        #expect(ranges == [range("192.168.56.100", "192.168.56.200"), range("192.168.56.50", "192.168.56.99")])
    }

    @Test(arguments: [
        ("192.168.56.50", "allocation_pools[0] pool_needs_two_addresses"),
        ("192.168.56.50,192.168.56.60,192.168.56.70", "allocation_pools[0] pool_needs_two_addresses"),
        ("192.168.56.50,", "allocation_pools[0].end address_missing"),
        ("192.168.56.5x,192.168.56.60", "allocation_pools[0].start not_an_address"),
        ("192.168.56.50, 192.168.56.60", "allocation_pools[0].end white_space"),
        ("192.168.056.50,192.168.56.60", "allocation_pools[0].start leading_zeros"),
        ("192.168.56.60,192.168.56.50", "allocation_pools[0] reversed_pool"),
        ("2001:db8::1,192.168.56.60", "allocation_pools[0].start wrong_ip_version"),
        ("192.168.56.200,192.168.57.10", "allocation_pools[0].end pool_out_of_range"),
        ("192.168.55.200,192.168.56.1", "allocation_pools[0].start pool_out_of_range"),
        ("192.168.56.200,192.168.56.255", "allocation_pools[0].end pool_out_of_range"),
        ("192.168.56.1,192.168.56.9", "allocation_pools[0] gateway_in_pool"),
    ])
    func `a bad pool is refused and its place is named`(_ text: String, _ expected: String) {
        #expect(codes(text) == [expected])
    }

    @Test func `the network address is not usable, nor the broadcast address`() {
        #expect(
            codes("192.168.56.0,192.168.56.255") == [
                "allocation_pools[0].start pool_out_of_range", "allocation_pools[0].end pool_out_of_range",
                "allocation_pools[0] gateway_in_pool",
            ])
    }

    @Test func `pools that touch the same address overlap, neighbours do not`() throws {
        let touching = check("192.168.56.10,192.168.56.20\n192.168.56.20,192.168.56.30").faults
        #expect(touching.map(\.code) == ["overlapping_pools"])
        let fault = try #require(touching.first)
        #expect(fault.field == "allocation_pools[1]")
        #expect(
            fault.message.english
                == "Line 2: The allocation pool 192.168.56.20-192.168.56.30 overlaps 192.168.56.10-192.168.56.20 in line 1."
        )
        #expect(check("192.168.56.10,192.168.56.20\n192.168.56.21,192.168.56.30").faults == [])
    }

    @Test func `a pool inside another one overlaps, and so does the same one twice`() {
        #expect(
            codes("192.168.56.10,192.168.56.90\n192.168.56.20,192.168.56.30") == [
                "allocation_pools[1] overlapping_pools"
            ])
        #expect(
            codes("192.168.56.10,192.168.56.20\n192.168.56.10,192.168.56.20") == [
                "allocation_pools[1] overlapping_pools"
            ])
    }

    @Test func `all faults are found at once, each with its line and what was typed`() {
        let text = """
            192.168.56.90,192.168.56.80

            nonsense
            192.168.56.100,192.168.56.120
            192.168.56.110,192.168.56.300
            192.168.56.115,192.168.57.1
            192.168.56.1,192.168.56.5
            """
        let faults = check(text).faults
        #expect(
            faults.map(\.code) == [
                "reversed_pool", "pool_needs_two_addresses", "not_an_address", "pool_out_of_range", "overlapping_pools",
                "gateway_in_pool",
            ])
        #expect(
            faults.map(\.field) == [
                "allocation_pools[0]", "allocation_pools[1]", "allocation_pools[3].end", "allocation_pools[4].end",
                "allocation_pools[4]", "allocation_pools[5]",
            ])
        #expect(faults.map { $0.message.arguments["line"] } == ["1", "3", "5", "6", "6", "7"])
        #expect(faults[1].value == "nonsense")
        #expect(
            faults[1].message.english == "Line 3: 'nonsense' must be two addresses, start and end, joined by a comma.")
        #expect(faults[2].value == "192.168.56.300")
    }

    @Test func `without a network address the rest is still checked`() {
        let unknown = AllocationPoolRules(cidr: nil, gateway: nil, limit: 256)
        let faults = check("10.0.0.9,10.0.0.1\n10.0.0.1,::1\n10.0.0.1,10.0.0.x", unknown).faults
        #expect(faults.map(\.code) == ["reversed_pool", "mixed_ip_versions", "not_an_address"])
    }

    @Test func `a book in the box is refused without being read`() {
        let text = String(repeating: "192.168.56.9,192.168.56.9\n", count: 257)
        let faults = check(text).faults
        #expect(faults.map(\.code) == ["too_many_pools"])
        #expect(faults[0].message.english == "There are 257 pools; at most 256 are allowed.")
    }

    @Test func `a message quotes only the beginning of a long text`() throws {
        let fault = try #require(check(String(repeating: "x", count: 5000)).faults.first)
        #expect(fault.message.english.count < 200)
        #expect(fault.value.count == 5000)
    }

    @Test func `IPv6 pools follow the same rules`() {
        let six = AllocationPoolRules(cidr: CIDR("2001:db8::/64"), gateway: ip("2001:db8::1"), limit: 256)
        #expect(check("2001:db8::2,2001:db8::ffff:ffff:ffff:ffff", six).faults == [])
        #expect(check("2001:db8::,2001:db8::9", six).faults.map(\.code) == ["pool_out_of_range", "gateway_in_pool"])
        #expect(check("10.0.0.1,10.0.0.2", six).faults.map(\.code) == ["wrong_ip_version", "wrong_ip_version"])
    }
}
