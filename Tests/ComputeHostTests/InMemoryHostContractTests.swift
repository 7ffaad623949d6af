import ComputeHost
import TestSupport
import Testing

struct InMemoryHostContractTests {
    @Test(arguments: HypervisorContract.all)
    func `the in-memory host keeps the hypervisor contract`(_ expectation: HypervisorContract) throws {
        let host = InMemoryHost()
        _ = try host.fetchBase(ImageSpec(id: "image", format: .raw))
        let subject = HypervisorUnderTest(host) { instanceID in
            try host.createDisk(DiskSpec(instanceID: instanceID, imageID: "image", sizeGiB: 1))
        }
        try expectation.check(subject)
    }

    @Test(arguments: DiskContract.all)
    func `the in-memory host keeps the contract of disks`(_ expectation: DiskContract) throws {
        try expectation.check(InMemoryHost())
    }

    @Test func `a running guest's disk can be copied, and nothing else be done to it`() throws {
        let host = InMemoryHost()
        let subject = HypervisorUnderTest(host) { instanceID in
            _ = try host.fetchBase(ImageSpec(id: "image", format: .raw))
            try host.createDisk(DiskSpec(instanceID: instanceID, imageID: "image", sizeGiB: 1))
        }
        let spec = try subject.makeSpec()
        try host.define(spec)
        _ = try host.start(spec.instanceID)
        #expect(throws: HostError.self) { try host.growDisk(of: spec.instanceID, toGiB: 2) }
        #expect(throws: HostError.self) { try host.keepDisk(of: spec.instanceID) }
        let image = ImageSpec(id: "snapshot", format: .qcow2)
        #expect(try host.snapshotDisk(of: spec.instanceID, to: image).virtualSize == 1 << 30)
    }
}
