import ComputeHost
import Foundation
import Testing

@testable import LibvirtHost

/// The text of a network's rules.
struct FilterRulesetTests {
    /// A network with a bit of everything.
    static let network: NetworkSpec = {
        var network = FilterFixture.network(
            guests: 4,
            rules: [
                .inward(6, 22, 22), .inward(1, 8), .inward(17, 5_000, 5_009, from: .prefix("192.168.0.0/16")),
                .inward(nil, from: .group(FilterFixture.group)), .inward(58, 128, 0, .ipv6),
                .inward(6, 443, 443, .ipv6, from: .group(FilterFixture.group)),
            ] + SecurityGroupRuleSpec.everythingOut)
        network.ports[1].allowedAddressPairs = [
            AddressPairSpec(ipAddress: "10.0.5.0/24", macAddress: "fa:16:3e:00:00:0a"),
            AddressPairSpec(ipAddress: "2001:db8:5::/48", macAddress: "fa:16:3e:00:00:02"),
        ]
        network.ports[2].portSecurityEnabled = false
        network.ports[3].adminStateUp = false
        network.securityGroups[0].members = ["10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8::2"]
        return network
    }()

    private func text(_ design: FilterDesign, _ network: NetworkSpec = Self.network) throws -> String {
        try FilterRuleset(network: network, design: design, zone: 7, strangers: ["tapffffffff-ff"]).text()
    }

    @Test(arguments: FilterDesign.allCases)
    func `the rules of a network are these`(design: FilterDesign) throws {
        let name = "filters-\(design.rawValue)"
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "nft", subdirectory: "Golden"))
        let golden = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        #expect(try text(design) == golden)
    }

    @Test func `the order of ports and groups makes no difference`() throws {
        var network = Self.network
        network.ports.reverse()
        network.generation += 1
        for index in network.ports.indices { network.ports[index].securityGroupIDs.reverse() }
        #expect(try text(.bridgeNetfilter, network) == text(.bridgeNetfilter))
    }

    @Test(arguments: [
        "", "10.0.0.1; }", "10.0.0.1 accept", "10.0.0.256", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::1%lo",
        "a.b",
        "10.0.0.1\n", "10.0.0.1 }\ntable ip x { }",
    ])
    func `what is no address never becomes part of a rule`(_ bad: String) {
        let changes: [(inout NetworkSpec) -> Void] = [
            { $0.ports[0].fixedIPs[0].address = bad },
            { $0.ports[0].macAddress = bad },
            { $0.ports[0].allowedAddressPairs = [AddressPairSpec(ipAddress: bad, macAddress: "fa:16:3e:00:00:01")] },
            { $0.ports[0].allowedAddressPairs = [AddressPairSpec(ipAddress: "10.0.0.1", macAddress: bad)] },
            { $0.securityGroups[0].members = [bad] },
            { $0.securityGroups[0].rules = [.inward(6, from: .prefix(bad))] },
            { $0.ports[0].portID = bad },
            { $0.networkID = bad },
            { $0.securityGroups[0].groupID = bad },
        ]
        for change in changes {
            var network = Self.network
            change(&network)
            #expect(throws: HostError.self) { try text(.bridgeNetfilter, network) }
            #expect(throws: HostError.self) { try text(.bridgeConntrack, network) }
        }
    }

    @Test func `blocks are written without what is behind their prefix`() {
        for (text, written) in [
            ("10.1.2.3/8", "10.0.0.0/8"), ("10.1.2.3/32", "10.1.2.3"), ("10.1.2.3/0", "0.0.0.0/0"),
            ("2001:DB8:0:0::9/47", "2001:db8::/47"), ("2001:db8:ffff::/47", "2001:db8:fffe::/47"),
        ] {
            #expect(IPBlock(text)?.text == written)
        }
        #expect(IPBlock("2001:db8:ffff::/47")?.prefixNumber == "0x100086dc7fff")
        #expect(IPBlock("fe80::/10")?.prefixNumber == "0x03fa")
        #expect(IPBlock("10.0.0.0/8")?.prefixNumber == "0x0a")
        #expect(MACAddress("fa:16:3e:00:00:1") == nil)
    }
}
