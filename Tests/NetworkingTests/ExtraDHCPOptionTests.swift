import ComputeHost
import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct ExtraDHCPOptionTests {
    private let cloud: TestCloud
    private let networking: NetworkingService
    private let network: Network

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
        network = try cloud.network(dhcp: true, as: TestCloud.alice).network
    }

    private func port(_ options: [ExtraDHCPOptionInput]) throws -> Port {
        var new = NewPort(networkID: network.id)
        new.extraDHCPOptions = options
        return try networking.createPort(new, as: TestCloud.alice)
    }

    private func update(_ port: Port, _ options: [ExtraDHCPOptionInput]) throws -> [String] {
        var update = PortUpdate()
        update.extraDHCPOptions = options
        _ = try networking.updatePort(port.id, update, as: TestCloud.alice)
        return try networking.port(port.id, as: TestCloud.alice).extraDHCPOptions.map {
            "\($0.name)=\($0.value)/\($0.version.rawValue)"
        }
    }

    @Test func `an update sets what has a value, takes away what has none, and leaves the rest`() throws {
        let port = try port([
            .init(name: "bootfile-name", value: "a"), .init(name: "67", value: nil), .init(name: "router", value: ""),
        ])
        #expect(port.extraDHCPOptions.map(\.name) == ["bootfile-name", "router"])
        #expect(try update(port, []) == ["bootfile-name=a/4", "router=/4"])
        #expect(
            try update(port, [
                .init(name: "bootfile-name", value: "b"), .init(name: "bootfile-name", value: "c", version: "6"),
                .init(name: "router", value: nil), .init(name: "nothing", value: nil),
            ]) == ["bootfile-name=b/4", "bootfile-name=c/6"])
        try networking.deletePort(port.id, as: TestCloud.alice)
        #expect(try cloud.number("SELECT count(*) FROM extradhcpopts") == 0)
    }

    @Test(
        arguments: [
            ("", "x", nil, "opt_name"), ("  ", "x", nil, "opt_name"), (String(repeating: "n", count: 65), "x", nil, "opt_name"),
            ("67", "", nil, "opt_value"), ("67", " ", nil, "opt_value"),
            ("67", String(repeating: "v", count: 256), nil, "opt_value"),
            ("67", "x\ntag:subnet-1,option:router,10.0.0.9", nil, "opt_value"), ("6\n7", "x", nil, "opt_name"),
            ("67", "x", "5", "ip_version"), ("67", "x", "four", "ip_version"),
        ] as [(String, String, String?, String)])
    func `an option that is none is refused by its field`(name: String, value: String, version: String?, field: String) {
        let error = refusal { try port([.init(name: name, value: value, version: version)]) }
        #expect(error?.violations.map(\.field) == ["extra_dhcp_opts[0].\(field)"])
    }

    @Test func `an option is named once, and a port has 64 at most`() {
        let twice = refusal { try port([.init(name: "a", value: "1"), .init(name: "a", value: "2", version: "4")]) }
        #expect(twice?.violations.map(\.code) == ["duplicate_dhcp_option"])
        let many = refusal { try port((0...64).map { .init(name: "o\($0)", value: "x") }) }
        #expect(many?.violations.map(\.code) == ["too_many_dhcp_options"])
    }

    @Test func `the host of a guest is told`() throws {
        let port = try port([.init(name: "bootfile-name", value: "pxelinux.0")])
        let host = try #require(networking.hosts.hosts.first)
        let binding = InstanceBinding(instanceID: "vm", projectID: "blue", host: host, cards: [.port(port.id)])
        _ = try networking.bindPorts(binding, as: TestCloud.alice)
        try cloud.jobs.drain()
        let spec = try #require(cloud.backend[network.id]?.ports.first)
        #expect(spec.dhcpOptions == [DHCPOptionSpec(name: "bootfile-name", value: "pxelinux.0")])
    }

    @Test func `a binding profile is an administrator's to set, and has 4095 bytes at most`() throws {
        var new = NewPort(networkID: network.id)
        new.bindingProfile = #"{"a":1}"#
        #expect(refusal { try networking.createPort(new, as: TestCloud.alice) }?.kind == .forbidden)
        let made = try networking.createPort(new, as: TestCloud.admin)
        #expect(try networking.port(made.id, as: TestCloud.admin).bindingProfile == new.bindingProfile)
        var update = PortUpdate()
        update.bindingProfile = "{}"
        #expect(try networking.updatePort(made.id, update, as: TestCloud.admin).bindingProfile == "{}")
        _ = try networking.updatePort(try port([]).id, update, as: TestCloud.alice)
        update.bindingProfile = #"{"a":"\#(String(repeating: "x", count: 4096))"}"#
        #expect(refusal { try networking.updatePort(made.id, update, as: TestCloud.admin) }?.kind == .invalid)
    }
}
