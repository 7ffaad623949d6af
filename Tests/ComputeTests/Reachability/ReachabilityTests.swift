import ComputeHost
import Networking
import ServiceCore
import Testing

@testable import Compute

@Suite struct `Why it cannot be reached` {
    /// A guest on a network with a router that leads out, and a group that lets SSH in.
    private static func end(_ number: Int, network: String = "net") -> ReachabilityFacts.End {
        var port = PortSpec(
            portID: "6a790b22-29aa-4bbb-8ccc-00000000000\(number)", networkID: network, instanceID: "i\(number)",
            macAddress: "fa:16:3e:1a:06:0\(number)",
            fixedIPs: [FixedAddress(subnetID: "s", address: "10.0.0.\(number)", prefixLength: 24, gateway: "10.0.0.1")])
        port.securityGroupIDs = ["g"]
        var spec = NetworkSpec(
            networkID: network,
            subnets: [SubnetSpec(subnetID: "s", cidr: "10.0.0.0/24", gateway: "10.0.0.1", enableDHCP: true)],
            ports: [port])
        spec.dhcpPort = PortSpec(
            portID: "d", networkID: network, instanceID: "", macAddress: "fa:16:3e:00:00:01", fixedIPs: [])
        spec.securityGroups = [
            SecurityGroupSpec(
                groupID: "g",
                rules: [
                    SecurityGroupRuleSpec(ruleID: "1", direction: .egress),
                    SecurityGroupRuleSpec(
                        ruleID: "2", direction: .ingress, ipProtocol: 6, portRangeMin: 22, portRangeMax: 22),
                ], members: ["10.0.0.2", "10.0.0.3"])
        ]
        var end = ReachabilityFacts.End(port: port, network: spec)
        end.route = .init(
            hasRouter: true, hasExternalGateway: true, joined: [network], hasFloatingIP: true)
        end.checks = NetworkCheck.Subject.allCases.map {
            NetworkCheck($0, name: "x", expected: "right", found: "right", isRight: true)
        }
        return end
    }

    private var here = Self.end(2)

    private func faults(
        _ target: ReachabilityQuestion.Target, _ traffic: ReachabilityQuestion.Traffic = .tcp(22),
        at end: ReachabilityFacts.End, to there: ReachabilityFacts.End? = nil
    ) -> [ReachabilityCause.Fault] {
        ReachabilityFacts(here: end, there: there).causes(of: .init(target, traffic)).map(\.fault)
    }

    private func broken(
        _ subject: NetworkCheck.Subject, found: String? = nil, _ end: ReachabilityFacts.End? = nil
    ) -> ReachabilityFacts.End {
        var end = end ?? here
        end.checks.removeAll { $0.subject == subject }
        end.checks.append(NetworkCheck(subject, name: "x", expected: "right", found: found, isRight: false))
        return end
    }

    @Test func `nothing is in the way where nothing is wrong`() {
        #expect(faults(.fromOutside, at: here).isEmpty)
        #expect(faults(.metadata, at: here).isEmpty)
        #expect(faults(.instance(.random()), at: here, to: Self.end(3)).isEmpty)
        #expect(faults(.address(IPAddress("8.8.8.8")!), .udp(53), at: here).isEmpty)
    }

    @Test func `no lease`() {
        #expect(faults(.fromOutside, at: broken(.lease)) == [.noLease])
        var silent = here
        silent.network.subnets[0].enableDHCP = false
        #expect(faults(.fromOutside, at: broken(.lease, found: nil, silent)).isEmpty)
    }

    @Test(arguments: [
        (ReachabilityQuestion.Traffic.tcp(22), true), (.tcp(23), false), (.udp(22), false), (.ping, false),
    ])
    func `no rule allows it`(traffic: ReachabilityQuestion.Traffic, isAllowed: Bool) {
        #expect(faults(.fromOutside, traffic, at: here) == (isAllowed ? [] : [.noRule]))
        #expect(faults(.instance(.random()), traffic, at: here, to: Self.end(3)) == (isAllowed ? [] : [.noRule]))
        var open = here
        open.port.portSecurityEnabled = false
        #expect(faults(.fromOutside, traffic, at: open).isEmpty)
    }

    @Test func `rules count for whom they name`() {
        func asking(_ remote: SecurityGroupRuleSpec.Remote, from address: Int = 2) -> [ReachabilityCause.Fault] {
            var there = Self.end(3)
            there.network.securityGroups[0].rules = [
                SecurityGroupRuleSpec(ruleID: "1", direction: .ingress, remote: remote)
            ]
            return faults(.instance(.random()), .ping, at: Self.end(address), to: there)
        }
        #expect(asking(.anybody).isEmpty && asking(.group("g")).isEmpty && asking(.prefix("10.0.0.0/30")).isEmpty)
        #expect(asking(.prefix("10.0.0.2")).isEmpty)
        #expect(asking(.prefix("10.0.1.0/24")) == [.noRule] && asking(.group("other")) == [.noRule])
        #expect(asking(.group("g"), from: 9) == [.noRule])
        var here = here
        here.network.securityGroups[0].rules = [
            SecurityGroupRuleSpec(ruleID: "1", direction: .ingress, remote: .prefix("10.0.0.0/8"))
        ]
        // From outside means from everywhere.
        #expect(faults(.fromOutside, at: here) == [.noRule])
        here.network.securityGroups[0].rules[0].remote = .prefix("0.0.0.0/0")
        #expect(faults(.fromOutside, at: here).isEmpty)
        // Of two versions of IP.
        here.network.securityGroups[0].rules[0].etherType = .ipv6
        #expect(faults(.fromOutside, at: here) == [.noRule])
    }

    @Test func `what goes out needs a rule too`() {
        var shut = here
        shut.network.securityGroups[0].rules.removeFirst()
        let cause = ReachabilityFacts(here: shut).causes(of: .init(.address(IPAddress("10.0.0.9")!), .ping))
        #expect(cause.map(\.fault) == [.noRule] && cause[0].reason.arguments["remote"] == "10.0.0.9")
        shut.port.securityGroupIDs = []
        #expect(faults(.address(IPAddress("10.0.0.9")!), .ping, at: shut) == [.noRule])
    }

    @Test func `port down`() {
        var port = here
        port.port.adminStateUp = false
        #expect(faults(.metadata, at: port) == [.portDown])
        var network = here
        network.network.adminStateUp = false
        #expect(faults(.metadata, at: network) == [.portDown])
        #expect(faults(.metadata, at: broken(.tap, found: "down, in \(here.network.bridgeName)")) == [.portDown])
        #expect(faults(.metadata, at: broken(.tap)) == [.portDown])
        #expect(faults(.metadata, at: broken(.bridge)) == [.portDown])
        // Said once.
        #expect(faults(.metadata, at: broken(.tap, found: nil, port)) == [.portDown])
    }

    @Test func `no route`() {
        var ungated = here
        ungated.network.subnets[0].gateway = nil
        #expect(faults(.address(IPAddress("8.8.8.8")!), at: ungated) == [.noRoute])
        #expect(faults(.address(IPAddress("10.0.0.9")!), at: ungated).isEmpty)
        var alone = here
        alone.route = .init()
        #expect(faults(.address(IPAddress("8.8.8.8")!), at: alone) == [.noRoute])
        alone.route.hasRouter = true
        #expect(faults(.fromOutside, at: alone) == [.noRoute])
        alone.route.hasExternalGateway = true
        #expect(faults(.fromOutside, at: alone) == [.noRoute])
        #expect(faults(.address(IPAddress("8.8.8.8")!), at: alone).isEmpty)
        alone.route = .init()
        alone.network.segment = .flat(physicalNetwork: "physnet1")
        #expect(faults(.fromOutside, at: alone).isEmpty)
        #expect(faults(.fromOutside, at: broken(.gateway)) == [.noRoute])
        #expect(faults(.instance(.random()), at: here, to: Self.end(3, network: "other")) == [.noRoute])
        var joined = here
        joined.route.joined.insert("other")
        #expect(faults(.instance(.random()), at: joined, to: Self.end(3, network: "other")).isEmpty)
    }

    @Test func `metadata refused`() {
        #expect(faults(.metadata, at: broken(.metadata)) == [.metadataRefused])
        #expect(faults(.fromOutside, at: broken(.metadata)).isEmpty)
        var unserved = here
        unserved.network.dhcpPort = nil
        #expect(faults(.metadata, at: unserved) == [.metadataRefused])
        // Its answers need no rule of a group.
        unserved = here
        unserved.network.securityGroups[0].rules = []
        #expect(faults(.metadata, at: unserved).isEmpty)
    }

    @Test func `tap not in its bridge`() {
        #expect(faults(.metadata, at: broken(.tap, found: "up, in no bridge")) == [.notInBridge])
        #expect(faults(.metadata, at: broken(.tap, found: "up, in virbr0")) == [.notInBridge])
    }

    @Test(arguments: [NetworkCheck.Subject.dhcpServer, .dhcpInterface, .namespace, .reservation])
    func `DHCP server dead`(subject: NetworkCheck.Subject) {
        // Whether there is a lease says nothing then.
        #expect(faults(.fromOutside, at: broken(.lease, found: nil, broken(subject))) == [.dhcpServerDead])
    }

    @Test func `spoofed address`() {
        var spoofing = here
        spoofing.checks.removeAll { $0.subject == .antispoofing }
        spoofing.checks.append(
            NetworkCheck(
                .antispoofing, name: "x", expected: "right", found: "right", isRight: true,
                dropped: ["ip": 12, "mac": 0]))
        #expect(faults(.fromOutside, at: spoofing) == [.spoofedAddress])
    }

    @Test func `rules that the host has not got yet, and guests that are off`() {
        #expect(faults(.fromOutside, at: broken(.rules)) == [.rulesNotApplied])
        #expect(faults(.fromOutside, at: broken(.antispoofing)) == [.rulesNotApplied])
        var off = broken(.tap, found: nil, broken(.lease))
        off.isRunning = false
        #expect(faults(.fromOutside, at: off) == [.guestOff])
    }

    @Test func `what is wrong at the other end is told as the other end's`() {
        let there = broken(.lease, found: nil, Self.end(3))
        let causes = ReachabilityFacts(here: here, there: there).causes(of: .init(.instance(.random()), .tcp(22)))
        #expect(causes.map(\.fault) == [.noLease] && causes.map(\.isAtTarget) == [true])
    }
}

@Suite struct `A port held against its host` {
    private let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    @Test func `owners are told what is wrong, and only administrators by which names`() throws {
        let instance = try cloud.launch()
        let mine = try #require(try cloud.compute.networkDiagnosis(of: instance.id, as: TestCloud.member).first)
        #expect(mine.port.deviceID == instance.id.text && mine.problem == nil && mine.causes.isEmpty)
        #expect(mine.steps.contains { $0.subject == .bridge && $0.isRight })
        #expect(
            mine.steps.allSatisfy { $0.name.isEmpty && $0.found == nil && $0.evidence.isEmpty && $0.expected.isEmpty })
        let theirs = try #require(try cloud.compute.networkDiagnosis(of: instance.id, as: TestCloud.admin).first)
        #expect(theirs.steps.first { $0.subject == .bridge }?.name.hasPrefix("brq") == true)
        let stranger = serviceError {
            _ = try cloud.compute.networkDiagnosis(of: instance.id, as: TestCloud.stranger)
        }
        #expect(stranger?.kind == .notFound)
    }

    @Test func `a host that does not answer is said, and what is stored is looked at all the same`() throws {
        let instance = try cloud.launch()
        cloud.host.fail(.inspectNetwork, with: .unavailable("gone fishing"))
        let found = try #require(try cloud.compute.networkDiagnosis(of: instance.id, as: TestCloud.member).first)
        #expect(found.problem?.arguments["reason"] == "gone fishing" && found.steps.isEmpty)
    }

    @Test func `questions about others' instances and impossible ports are refused`() throws {
        let mine = try cloud.launch()
        let theirs = try cloud.launch("theirs", as: TestCloud.stranger)
        let port = try #require(try cloud.compute.networkDiagnosis(of: mine.id, as: TestCloud.member).first).port.id
        func ask(
            _ target: ReachabilityQuestion.Target, _ traffic: ReachabilityQuestion.Traffic = .ping,
            as context: RequestContext = TestCloud.member, port other: ID<Port>? = nil
        ) -> ServiceError? {
            serviceError {
                _ = try cloud.compute.reachability(
                    of: .init(target, traffic), port: other ?? port, of: mine.id, as: context)
            }
        }
        #expect(ask(.metadata) == nil)
        #expect(ask(.instance(theirs.id))?.kind == .notFound)
        #expect(ask(.instance(mine.id))?.violations.map(\.field) == ["target_instance"])
        #expect(ask(.metadata, as: TestCloud.stranger)?.kind == .notFound)
        #expect(ask(.metadata, port: .random())?.kind == .notFound)
        for number in [0, 65_536, -1] {
            #expect(ask(.metadata, .tcp(number))?.violations.map(\.field) == ["port_number"])
        }
    }
}
