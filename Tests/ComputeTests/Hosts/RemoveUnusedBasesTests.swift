import ComputeHost
import ServiceCore
import Testing

@testable import Compute

struct RemoveUnusedBasesTests {
    private let cloud: TestCloud
    private let web: Instance

    init() throws {
        cloud = try TestCloud()
        web = try cloud.launch("web")
    }

    /// Runs what recurs: the next of these is forty minutes away.
    private func removeUnused() throws {
        cloud.clock.advance(seconds: 2_400)
        try cloud.jobs.drain()
    }

    /// What the host would still have to remove.
    private func unused() throws -> [String] { try cloud.host.removeUnusedBases(keeping: []) }

    @Test func `the base file of an instance stays, and goes with the last of them`() throws {
        let base = try #require(try cloud.host.diskInformation(of: web.id.text)?.backingFile)
        try removeUnused()
        #expect(try cloud.host.diskInformation(of: web.id.text)?.backingFile == base)
        try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        try removeUnused()
        #expect(try unused() == [])
    }

    @Test func `a host that does not answer is asked again the next time`() throws {
        try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        cloud.host.fail(.removeUnusedBases, with: .unavailable("libvirtd was stopped"))
        try removeUnused()
        #expect(try !unused().isEmpty)
    }
}
