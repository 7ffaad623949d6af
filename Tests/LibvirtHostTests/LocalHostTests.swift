import ComputeHost
import TestSupport
import Testing

@testable import LibvirtHost

struct LocalHostTests {
    private let absent = "qemu+unix:///system?socket=/nonexistent/libvirt-sock"
    private let id = "5c242396-3c7b-4bc6-bec1-3df8eb57d53d"

    @Test func `without libvirt and without instances the host is simulated and says why`() throws {
        let state = try TemporaryDirectory()
        let host = try LocalHost.open(LibvirtConfiguration(uri: absent, statePath: state.path))
        #expect(host.services.hypervisor.identity.isSimulated)
        #expect(host.choice.mode == .simulated)
        #expect(host.choice.reason.contains("/nonexistent/libvirt-sock"))
        #expect(try host.services.hypervisor.domains().isEmpty)
    }

    @Test func `one of several hosts is not simulated but waited for`() throws {
        let state = try TemporaryDirectory()
        var configuration = LibvirtConfiguration(uri: absent, statePath: state.path, hostname: "linux-node2")
        configuration.simulatesFailing = false
        let host = try LocalHost.open(configuration)
        #expect(!host.services.hypervisor.identity.isSimulated)
        #expect(host.services.hypervisor.identity.hostname == "linux-node2")
        #expect(throws: HostError.self) { try host.services.hypervisor.capacity() }
    }

    @Test func `instances that are out of reach are not simulated`() throws {
        let state = try TemporaryDirectory()
        try FileSystem.createDirectory(state.path + "/instances/" + id)
        let host = try LocalHost.open(LibvirtConfiguration(uri: absent, statePath: state.path))
        defer { host.close() }
        #expect(!host.services.hypervisor.identity.isSimulated)
        let error = #expect(throws: HostError.self) { try host.services.hypervisor.domains() }
        #expect(error?.isTransient == true)
        #expect(try host.services.disks.instances() == [id])
    }

    @Test func `a state path that cannot be written is an error`() {
        #expect(throws: HostError.self) { try LocalHost.open(LibvirtConfiguration(statePath: "/proc/nowhere")) }
    }

    @Test func `the host is written into compute_nodes, and its owner stays the same`() throws {
        let state = try TemporaryDirectory()
        let configuration = LibvirtConfiguration(uri: "test:///default", statePath: state.path, hostname: "linux-node1")
        try LocalHost.open(configuration).close()
        let owner = FileSystem.readText(configuration.files.ownerFile)
        try LocalHost.open(configuration).close()
        #expect(FileSystem.readText(configuration.files.ownerFile) == owner)
        #expect(FileSystem.readText(configuration.files.computeNodes)?.hasPrefix("{\"linux-node1\":") == true)
    }

    @Test func `another installation's domains on the same libvirt are not ours`() throws {
        let spec = DomainXMLTests.spec
        let first = try TemporaryDirectory()
        let second = try TemporaryDirectory()
        let ours = try LocalHost.open(LibvirtConfiguration(uri: "test:///default", statePath: first.path))
        defer { ours.close() }
        try ours.services.hypervisor.define(spec)
        let hypervisor = try #require(ours.services.hypervisor as? LibvirtHypervisor)
        let document = try DomainXML(
            domainType: "test", owner: RandomUUID.make(), files: InstanceFiles(root: second.path)
        ).document(for: DefinedDomain(spec))
        try hypervisor.define(document)
        hypervisor.forget(spec.instanceID)
        #expect(try hypervisor.domains().isEmpty)
        #expect(throws: HostError.self) { try hypervisor.undefine(spec.instanceID) }
        #expect(throws: HostError.self) { try hypervisor.define(spec) }
    }
}
