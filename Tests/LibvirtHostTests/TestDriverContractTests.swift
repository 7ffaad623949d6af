import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

struct TestDriverContractTests {
    @Test(arguments: HypervisorContract.all)
    func `libvirt's test driver keeps the hypervisor contract`(_ expectation: HypervisorContract) throws {
        let state = try TemporaryDirectory()
        let host = try LocalHost.open(LibvirtConfiguration(uri: "test:///default", statePath: state.path))
        defer { host.close() }
        #expect(host.choice.mode == .configured)
        try expectation.check(HypervisorUnderTest(host.services.hypervisor))
    }

    @Test func `domains of others are neither listed nor touched`() throws {
        let state = try TemporaryDirectory()
        let host = try LocalHost.open(LibvirtConfiguration(uri: "test:///default", statePath: state.path))
        defer { host.close() }
        // The driver has a running domain of its own, named "test", with a fixed UUID.
        let foreign = "6695eb01-f6a4-8304-79aa-97f2502e193f"
        #expect(try host.services.hypervisor.domains().isEmpty)
        #expect(throws: HostError.self) { try host.services.hypervisor.powerOff(foreign) }
        #expect(throws: HostError.self) { try host.services.hypervisor.undefine(foreign) }
    }
}
