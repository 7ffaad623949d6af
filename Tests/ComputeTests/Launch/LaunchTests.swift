import ComputeHost
import Database
import Foundation
import Images
import Networking
import ServiceCore
import Synchronization
import Testing

@testable import Compute

struct LaunchTests {
    let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    @Test func `a launch becomes an active instance with an address and seven recorded phases`() throws {
        let launched = try cloud.compute.launch(try cloud.request(), as: TestCloud.member)[0]
        #expect(launched.status == .build)
        #expect(launched.taskState == .scheduling)
        #expect(launched.domainName == "instance-00000001")
        cloud.clock.advance(seconds: 3)
        try cloud.jobs.drain()

        let instance = try cloud.compute.instance(launched.id, as: TestCloud.member)
        #expect(instance.state == InstanceState(.active))
        #expect(instance.powerState == .running)
        #expect(instance.host == "node1")
        #expect(instance.domainType == "simulated")
        #expect(instance.launchedAt == launched.createdAt.adding(seconds: 3))
        #expect(instance.fault == nil)
        #expect(instance.addresses.count == 1)
        let address = try #require(instance.addresses.first)
        #expect("\(address.address)".hasPrefix("192.168.56."))
        #expect("\(address.macAddress)".hasPrefix("fa:16:3e:"))
        #expect(try cloud.host.status(of: launched.id.text)?.power == .running)

        let steps = try cloud.compute.timeline(of: launched.id, as: TestCloud.admin)
        #expect(steps.map(\.phase) == LaunchPhase.allCases)
        #expect(
            steps.allSatisfy { $0.outcome == .success && $0.endedAt != nil && $0.attempts == 1 && $0.detail != nil })
        #expect(steps[0].detail?.english == "ada in project lab")
        #expect(steps[2].detail?.english == "node1")
        let decision = try #require(try cloud.decision(on: launched))
        #expect(decision.chosen == "node1")
        #expect(decision.verdicts.map(\.isAccepted) == [true])
        let log = try cloud.compute.actionLog(of: launched.id, as: TestCloud.member)
        #expect(log.map(\.action) == ["create"])
        #expect(log.map(\.outcome) == [.success])
        #expect(log.map(\.requestID) == [TestCloud.member.requestID])
    }

    @Test func `the guest's console log can be read`() throws {
        let instance = try cloud.launch("my web")
        let log = try cloud.compute.consoleLog(of: instance.id, tail: nil, as: TestCloud.member)
        #expect(String(decoding: log, as: UTF8.self).contains("my-web login:"))
    }

    @Test func `several instances get numbered names, one reservation and numbers of their own`() throws {
        var request = try cloud.request("web")
        request.count = 3
        let instances = try cloud.compute.launch(request, as: TestCloud.member)
        #expect(instances.map(\.name) == ["web-1", "web-2", "web-3"])
        #expect(instances.map(\.number) == [1, 2, 3])
        #expect(instances.map(\.launchIndex) == [0, 1, 2])
        #expect(Set(instances.map(\.reservationID)).count == 1)
        try cloud.jobs.drain()
        let all = try cloud.compute.instances(as: TestCloud.member).items
        #expect(all.map(\.status) == [.active, .active, .active])
        #expect(Set(all.flatMap(\.addresses).map { "\($0.address)" }).count == 3)
    }

    @Test func `a key, a script and a drive reach the guest`() throws {
        let key = try cloud.compute.createKeypair(named: "laptop", as: TestCloud.member)
        var request = try cloud.request()
        request.keypairName = "laptop"
        request.userData = Array("#!/bin/sh\necho hello\n".utf8)
        let instance = try cloud.compute.launch(request, as: TestCloud.member)[0]
        try cloud.jobs.drain()
        let spec = try cloud.database.read { try RequestSpecStore().find(instance.id, in: $0) }
        #expect(spec?.publicKey == key.keypair.publicKey)
        #expect(spec?.userData == request.userData)
        #expect(spec?.domain?.configDrive == true)
        #expect(spec?.domain?.interfaces.count == 1)
        #expect(spec?.domain?.interfaces.first?.mode == .user)
    }

    @Test func `all faults are told at once, each with its field and value`() throws {
        var request = LaunchRequest(name: "  ", flavorID: "nope", imageID: "also-nope")
        request.count = 0
        request.keypairName = "lost"
        request.description = String(repeating: "x", count: 256)
        request.userData = [UInt8](repeating: 120, count: 48 * 1024 + 1)
        request.availabilityZone = "mars"
        let error = try #require(serviceError { _ = try cloud.compute.launch(request, as: TestCloud.member) })
        #expect(error.kind == .invalid)
        #expect(
            Set(error.violations.map { "\($0.field) \($0.code)" }) == [
                "name required", "description too_long", "count out_of_range", "user_data too_long",
                "flavor_id not_found", "image_id not_found", "key_name not_found", "availability_zone not_found",
                "networks required",
            ])
        #expect(error.violations.first { $0.field == "key_name" }?.value == "lost")
        #expect(try cloud.compute.instances(as: TestCloud.member).items.isEmpty)
    }

    @Test(arguments: ["a\nb", "a\u{7}b"])
    func `a name with control characters is refused`(name: String) throws {
        let error = serviceError { _ = try cloud.compute.launch(try cloud.request(name), as: TestCloud.member) }
        #expect(error?.violations.map(\.code) == ["control_character"])
    }

    @Test func `a flavor that is too small is refused with both numbers`() throws {
        _ = try cloud.compute.createFlavor(
            NewFlavor(name: "m1.nano", id: "0", vcpus: 1, memoryMiB: 64, diskGiB: 1), as: .system("test"))
        let error = try #require(
            serviceError { _ = try cloud.compute.launch(try cloud.request(flavor: "0"), as: TestCloud.member) })
        #expect(error.violations.map(\.field) == ["flavor_id"])
        #expect(error.message.english.contains("64 MB") && error.message.english.contains("80 MB"))
        let nano = try cloud.compute.flavor("0", as: TestCloud.member)
        let image = try cloud.guestImage
        #expect(nano.shortcomings(for: image).count == 1)
    }

    @Test func `an image without data cannot be launched`() throws {
        let empty = try cloud.images.create(NewImage(name: "empty", diskFormat: "raw"), as: TestCloud.member)
        var request = try cloud.request()
        request.imageID = empty.id.text
        let error = serviceError { _ = try cloud.compute.launch(request, as: TestCloud.member) }
        #expect(error?.violations.map(\.code) == ["not_launchable"])
    }

    @Test func `another project's image, network and key are as good as absent`() throws {
        let mine = try cloud.images.create(NewImage(name: "mine", diskFormat: "raw"), as: TestCloud.member)
        let net = try cloud.networking.createNetwork(
            NewNetwork(name: "mine"), subnet: NewSubnet(name: "mine", cidr: "10.0.0.0/24"), as: TestCloud.member)
        _ = try cloud.compute.createKeypair(named: "mine", as: TestCloud.member)
        var request = LaunchRequest(name: "x", flavorID: "1", imageID: mine.id.text)
        request.networkIDs = [net.id.text]
        request.keypairName = "mine"
        let error = try #require(serviceError { _ = try cloud.compute.launch(request, as: TestCloud.stranger) })
        #expect(Set(error.violations.map(\.field)) == ["image_id", "networks", "key_name"])
        #expect(error.violations.allSatisfy { $0.code == "not_found" })
    }

    @Test func `a network without a subnet is refused`() throws {
        let bare = try cloud.networking.createNetwork(NewNetwork(name: "bare"), as: TestCloud.member)
        var request = try cloud.request()
        request.networkIDs = [bare.id.text]
        let error = serviceError { _ = try cloud.compute.launch(request, as: TestCloud.member) }
        #expect(error?.violations.map(\.field) == ["networks"])
    }

    @Test func `a reader may look and not launch`() throws {
        #expect(
            serviceError { _ = try cloud.compute.launch(try cloud.request(), as: TestCloud.reader) }?.kind == .forbidden
        )
        #expect(try cloud.compute.instances(as: TestCloud.reader).items.isEmpty)
    }

    @Test func `a quota that would be passed is named, and nothing is written`() throws {
        try cloud.compute.setQuota(
            ComputeResources(instances: 2, cores: 2, memoryMiB: 1100), projectID: "p-lab", as: TestCloud.admin)
        var request = try cloud.request()
        request.count = 3
        let error = try #require(serviceError { _ = try cloud.compute.launch(request, as: TestCloud.member) })
        #expect(error.kind == .overQuota)
        #expect(error.violations.count == 3)
        #expect(error.message.english == "Quota exceeded for instances: requested 3, but already used 0 of 2.")
        let quota = try cloud.compute.quota(projectID: "p-lab", as: TestCloud.member)
        #expect(quota.used == ComputeResources(instances: 0, cores: 0, memoryMiB: 0))
        #expect(
            serviceError { _ = try cloud.compute.quota(projectID: "p-lab", as: TestCloud.stranger) }?.kind == .forbidden)
    }

    @Test func `sixteen launches at once never pass a quota of ten`() throws {
        let outcomes = Mutex<[String]>([])
        TestCloud.concurrently(16) { [cloud] index in
            let error = serviceError {
                _ = try cloud.compute.launch(try cloud.request("w\(index)"), as: TestCloud.member)
            }
            outcomes.withLock { $0.append(error?.kind.rawValue ?? "launched") }
        }
        let counts = Dictionary(grouping: outcomes.withLock { $0 }, by: \.self).mapValues(\.count)
        #expect(counts == ["launched": 10, "overQuota": 6])
    }

    @Test func `sixty-four launches at once get sixty-four addresses`() throws {
        let cloud = try TestCloud(
            host: nil, limits: ComputeResources(instances: -1, cores: -1, memoryMiB: -1))
        TestCloud.concurrently(8) { index in
            for turn in 0..<8 {
                _ = serviceError {
                    _ = try cloud.compute.launch(
                        try cloud.request("w\(index * 8 + turn)", flavor: "42"), as: TestCloud.member)
                }
            }
            _ = serviceError { try cloud.jobs.drain() }
        }
        try cloud.jobs.drain()
        let instances = try cloud.compute.instances(as: TestCloud.member).items
        #expect(instances.count == 64)
        #expect(instances.allSatisfy { $0.status == .active })
        #expect(Set(instances.map(\.number)).count == 64)
        #expect(Set(instances.flatMap(\.addresses).map { "\($0.address)" }).count == 64)
        #expect(Set(instances.flatMap(\.addresses).map { "\($0.macAddress)" }).count == 64)
    }
}
