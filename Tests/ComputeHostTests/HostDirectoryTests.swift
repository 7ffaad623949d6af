import ComputeHost
import Testing

struct HostDirectoryTests {
    private func services(_ host: InMemoryHost, networks: any NetworkBackend) -> HostServices {
        HostServices(hypervisor: host, disks: host, networks: networks, images: host.services.images)
    }

    @Test func `hosts that share their networks have one backend, under the first one's name`() {
        let hosts = [InMemoryHost(), InMemoryHost(), InMemoryHost()]
        let directory = HostDirectory([
            ("a", services(hosts[0], networks: hosts[0])), ("b", services(hosts[1], networks: hosts[0])),
            ("c", services(hosts[2], networks: hosts[2])),
        ])
        #expect(directory.networkBackends.map(\.host) == ["a", "c"])
        #expect(directory.networkBackends.last?.networks === hosts[2])
        #expect(directory.networkNode == "a")
        #expect(HostDirectory([]).networkNode == nil && HostDirectory([]).networkBackends.isEmpty)
    }

    @Test func `the network node is the first host with bridges`() {
        let host = InMemoryHost()
        let directory = HostDirectory([
            ("a", services(host, networks: host)), ("b", services(host, networks: Bridges())),
            ("c", services(host, networks: Bridges())),
        ])
        #expect(directory.networkNode == "b")
    }
}

/// Can have bridges, and has none.
private final class Bridges: NetworkBackend {
    let abilities = NetworkAbilities(bridges: true)
    func attachment(for port: PortSpec) throws(HostError) -> InterfaceMode { .bridge }
    func apply(_ network: NetworkSpec) throws(HostError) {}
    func remove(networkID: String) throws(HostError) {}
    func apply(_ router: RouterSpec) throws(HostError) {}
    func remove(routerID: String) throws(HostError) {}
    func removeUnused(keepingNetworks: Set<String>, routers: Set<String>) throws(HostError) {}
    func openMetadataListener(networkID: String) throws(HostError) -> Int32? { nil }
    func inspect(_ network: NetworkSpec, port: PortSpec?) throws(HostError) -> [NetworkCheck] { [] }
}
