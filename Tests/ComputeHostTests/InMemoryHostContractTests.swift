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
}
