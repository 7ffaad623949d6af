import ServiceCore
import Testing

@testable import Compute

@Suite struct `Flavors as administrators make them` {
    private let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    private func make(_ change: (inout NewFlavor) -> Void = { _ in }) throws -> Flavor {
        var new = NewFlavor(name: "big", id: "big", vcpus: 2, memoryMiB: 128, diskGiB: 1)
        change(&new)
        return try cloud.compute.createFlavor(new, as: TestCloud.admin)
    }

    @Test func `every fault is named at once`() throws {
        let error = serviceError {
            _ = try make {
                ($0.name, $0.id, $0.vcpus, $0.memoryMiB, $0.diskGiB) = (" ", "a/b", 0, 0, -1)
                ($0.swapMiB, $0.ephemeralGiB, $0.rxtxFactor) = (-1, -1, 0)
            }
        }
        #expect(
            error?.violations.map(\.field) == [
                "name", "id", "vcpus", "ram", "disk", "swap", "ephemeral", "rxtx_factor",
            ])
    }

    @Test func `names and ids are taken once`() throws {
        _ = try make()
        #expect(serviceError { _ = try make { $0.id = "other" } }?.code == "flavor_exists")
        #expect(serviceError { _ = try make { $0.name = "other" } }?.code == "flavor_exists")
        #expect(try make { ($0.name, $0.id) = ("third", "auto") }.id.count == 36)
    }

    @Test func `only administrators change them`() throws {
        let flavor = try make()
        let context = TestCloud.member
        let changes: [() throws -> Void] = [
            {
                _ = try cloud.compute.createFlavor(
                    NewFlavor(name: "x", vcpus: 1, memoryMiB: 1, diskGiB: 1), as: context)
            },
            { _ = try cloud.compute.describeFlavor(flavor.id, "x", as: context) },
            { try cloud.compute.deleteFlavor(flavor.id, as: context) },
            { _ = try cloud.compute.flavorAccess(flavor.id, as: context) },
            { _ = try cloud.compute.setFlavorAccess(flavor.id, project: "p-lab", true, as: context) },
        ]
        for change in changes { #expect(serviceError(change)?.kind == .forbidden) }
    }

    @Test func `one that is not public is there for who was given it, also at a launch`() throws {
        let flavor = try make { $0.isPublic = false }
        var request = try cloud.request(flavor: flavor.id)
        request.flavorID = flavor.id
        #expect(
            serviceError { _ = try cloud.compute.launch(request, as: TestCloud.member) }?.violations.first?.field
                == "flavor_id")
        #expect(
            try cloud.compute.setFlavorAccess(flavor.id, project: "p-lab", true, as: TestCloud.admin) == ["p-lab"])
        #expect(try cloud.compute.launch(request, as: TestCloud.member).count == 1)
        #expect(serviceError { _ = try cloud.compute.flavor(flavor.id, as: TestCloud.stranger) }?.kind == .notFound)
        try cloud.compute.deleteFlavor(flavor.id, as: TestCloud.admin)
        #expect(try cloud.compute.instances(as: TestCloud.member).items.first?.flavor.name == "big")
    }
}
