import ComputeHost
import Foundation
import ServiceCore
import Synchronization
import Testing

@testable import Compute

/// The program is killed in the middle of a launch: the thread that works on it stops for ever at a chosen moment, and
/// a new program begins on the same database and the same host.
struct BuildCrashTests {
    /// Stops the thread that comes to a moment, and says so.
    final class Trap: Sendable {
        private let moment: (LaunchPhase, BuildInstance.Moment)
        private let reached = DispatchSemaphore(value: 0)
        private let release = DispatchSemaphore(value: 0)
        private let ended = DispatchSemaphore(value: 0)
        private let isSprung = Mutex(false)

        init(_ phase: LaunchPhase, _ moment: BuildInstance.Moment) { self.moment = (phase, moment) }

        func step(_ phase: LaunchPhase, _ moment: BuildInstance.Moment) {
            guard (phase, moment) == self.moment else { return }
            let isFirst = isSprung.withLock { sprung in
                defer { sprung = true }
                return !sprung
            }
            guard isFirst else { return }
            reached.signal()
            release.wait()
        }

        /// Does the cloud's work on a thread until that stops in the trap.
        func run(_ cloud: TestCloud) {
            let thread = Thread { [self] in
                _ = serviceError { try cloud.jobs.drain() }
                ended.signal()
            }
            thread.start()
            reached.wait()
        }

        /// Lets the dead thread go on, as a worker that was only thought dead would.
        func letGo() {
            release.signal()
            ended.wait()
        }
    }

    static let moments: [(LaunchPhase, BuildInstance.Moment)] = LaunchPhase.allCases.dropFirst(2).flatMap { phase in
        BuildInstance.Moment.allCases.map { (phase, $0) }
    }

    @Test(arguments: moments)
    func `a launch that was killed anywhere goes on to the end`(
        phase: LaunchPhase, moment: BuildInstance.Moment
    ) throws {
        let trap = Trap(phase, moment)
        let first = try TestCloud { trap.step($0, $1) }
        let launched = try first.compute.launch(try first.request(), as: TestCloud.member)[0]
        trap.run(first)
        #expect(try first.instance(launched.id).status == .build)

        let second = try TestCloud(after: first)
        try second.jobs.drain()
        try expectActive(launched.id, in: second)
        let steps = try second.compute.timeline(of: launched.id, as: TestCloud.member)
        #expect(steps.filter { $0.attempts == 2 }.map(\.phase) == [phase])

        trap.letGo()
        try expectActive(launched.id, in: second)
        try second.compute.perform(.delete, on: launched.id, as: TestCloud.member)
        try second.jobs.drain()
        #expect(try second.traces(of: launched.id).isEmpty)
    }

    @Test(arguments: moments)
    func `a launch that was killed and cannot go on ends in error with nothing left`(
        phase: LaunchPhase, moment: BuildInstance.Moment
    ) throws {
        let trap = Trap(phase, moment)
        let first = try TestCloud { trap.step($0, $1) }
        let launched = try first.compute.launch(try first.request(), as: TestCloud.member)[0]
        trap.run(first)
        first.host.fail(.start, with: .failed("no emulator", remedy: nil))

        let second = try TestCloud(after: first)
        try second.jobs.drain()
        let instance = try second.instance(launched.id)
        #expect(instance.status == .error)
        #expect(instance.fault?.phase == .spawn)
        #expect(try second.traces(of: launched.id).isEmpty)
        #expect(try second.host.domains().isEmpty)
    }

    @Test(arguments: moments)
    func `a launch that was killed and then deleted leaves nothing`(
        phase: LaunchPhase, moment: BuildInstance.Moment
    ) throws {
        let trap = Trap(phase, moment)
        let first = try TestCloud { trap.step($0, $1) }
        let launched = try first.compute.launch(try first.request(), as: TestCloud.member)[0]
        trap.run(first)

        let second = try TestCloud(after: first)
        try second.compute.perform(.delete, on: launched.id, as: TestCloud.member)
        try second.jobs.drain()
        #expect(serviceError { _ = try second.instance(launched.id) }?.kind == .notFound)
        #expect(try second.traces(of: launched.id).isEmpty)
        #expect(try second.compute.quota(projectID: "p-lab", as: TestCloud.member).used.instances == 0)
    }

    private func expectActive(_ id: ID<Instance>, in cloud: TestCloud) throws {
        let instance = try cloud.instance(id)
        #expect(instance.state == InstanceState(.active))
        #expect(instance.addresses.count == 1)
        #expect(try cloud.host.domains().map(\.instanceID) == [id.text])
        #expect(try cloud.host.instances() == [id.text])
        let steps = try cloud.compute.timeline(of: id, as: TestCloud.member)
        #expect(steps.map(\.outcome) == Array(repeating: .success, count: 7))
    }
}
