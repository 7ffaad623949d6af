import ServiceCore
import Testing

@testable import Compute

@Suite struct `Limits by nova's names` {
    private let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    @Test func `a project's own go before those of all`() throws {
        try cloud.compute.setLimits([.cores: 7, .keyPairs: 1], projectID: nil, as: TestCloud.admin)
        try cloud.compute.setLimits([.cores: 3], projectID: "p-lab", as: TestCloud.admin)
        let limits = try cloud.compute.limits(projectID: "p-lab", as: TestCloud.member)
        #expect(limits[.cores] == 3 && limits[.keyPairs] == 1 && limits[.instances] == 10)
        #expect(try cloud.compute.limits(projectID: "p-other", as: TestCloud.stranger)[.cores] == 7)
        try cloud.compute.resetLimits(projectID: "p-lab", as: TestCloud.admin)
        #expect(try cloud.compute.quota(projectID: "p-lab", as: TestCloud.member).limits.cores == 7)
    }

    @Test func `are not set below what is used, unless that is wanted`() throws {
        _ = try cloud.launch()
        let error = serviceError {
            try cloud.compute.setLimits([.instances: 0], projectID: "p-lab", as: TestCloud.admin)
        }
        #expect(error?.violations.map(\.code) == ["below_use"])
        try cloud.compute.setLimits([.instances: 0], projectID: "p-lab", force: true, as: TestCloud.admin)
    }

    @Test func `are an administrator's to set and the project's to see`() {
        let changes: [() throws -> Void] = [
            { try cloud.compute.setLimits([.cores: 1], projectID: "p-lab", as: TestCloud.member) },
            { try cloud.compute.setLimits([.cores: 1], projectID: nil, as: TestCloud.member) },
            { try cloud.compute.resetLimits(projectID: "p-lab", as: TestCloud.member) },
            { _ = try cloud.compute.limits(projectID: "p-lab", as: TestCloud.stranger) },
        ]
        for change in changes { #expect(serviceError(change)?.kind == .forbidden) }
    }
}
