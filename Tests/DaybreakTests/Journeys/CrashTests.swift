import Compute
import Foundation
import Images
import Networking
import ServiceCore
import TestSupport
import Testing

/// `kill -9` at random moments while the program works on a hundred launches, deletes, resizes, snapshots and the rest,
/// on libvirt's test driver: real disks, guests that cost nothing and are lost with the program.
@Suite(
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: "/usr/bin/qemu-img"), "needs qemu-img for the disks"),
    .serialized, .timeLimit(.minutes(5)))
struct `A program that is killed again and again` {
    private static let settings = [
        "LIBVIRT_URI": "\"test:///default\"",
        "CACHES": #"{"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}"#,
    ]

    @Test func `loses nothing and leaves nothing over`() async throws {
        let given = ProcessInfo.processInfo.environment["DAYBREAK_CRASH_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 0...UInt64.max)
        print("the seed of the crashes: DAYBREAK_CRASH_SEED=\(seed)")
        var chance = SplitMix64(state: seed)
        let folder = FileManager.default.temporaryDirectory.appending(path: "db-crash-\(getpid())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.write(Self.settings, to: folder)
        let desk = try RequestDesk(state: folder.appending(path: "var"))
        let image = try desk.prepare()
        var orders = Orders(desk: desk, image: image)

        while orders.count < 100 {
            let before = try desk.finishedJobs()
            try orders.placeSome(&chance)
            let program = try await DaybreakProcess(in: folder)
            let waiting = try desk.unfinishedJobs()
            let target = before + Int.random(in: 0...max(1, waiting), using: &chance)
            let deadline = ContinuousClock.now + .seconds(5)
            while try desk.finishedJobs() < target, ContinuousClock.now < deadline { usleep(2000) }
            usleep(UInt32.random(in: 0...20_000, using: &chance))
            try await program.kill()
        }

        let last = try await DaybreakProcess(in: folder)
        defer { last.process.signal(SIGKILL) }
        try await settle(desk)
        let found = try desk.contradictions()
        #expect(found == [], "seed \(seed), after \(orders.placed)")
        let interrupted = try desk.interruptedJobs()
        print("asked for \(orders.placed.sorted { $0.key < $1.key }); \(interrupted) jobs were begun more than once")

        for instance in try desk.instances() {
            try desk.compute.perform(.delete, on: instance.id, as: desk.context)
        }
        for image in try desk.images.images(page: PageRequest(limit: 500), as: desk.context).items {
            try desk.images.delete(image.id, as: desk.context)
        }
        try await last.kill()
        let cleaner = try await DaybreakProcess(in: folder)
        defer { cleaner.process.signal(SIGKILL) }
        try await settle(desk)
        let left = try desk.contradictions()
        #expect(left == [], "seed \(seed), after everything was deleted")
        #expect(try desk.instances().isEmpty)
        #expect(try desk.compute.quota(projectID: "p-crash", as: desk.context).used.cores == 0)
    }

    /// Waits until nothing is being done, and the rows have been held against the host since.
    private func settle(_ desk: RequestDesk) async throws {
        _ = try await waitUntil("all work is done", seconds: 90) {
            try desk.unfinishedJobs() == 0 ? true : nil
        }
        // What the comparison with the host has set going is work as well.
        try await Task.sleep(for: .seconds(1))
        _ = try await waitUntil("all work is done", seconds: 30) {
            try desk.unfinishedJobs() == 0 ? true : nil
        }
    }

    private static func write(_ settings: [String: String], to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let members = settings.merging(["LISTEN": "[\"127.0.0.1:0\"]", "STATE_PATH": "\"var\""]) { $1 }
        let text = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
        try "{\(text.joined(separator: ",\n "))}\n".write(
            to: folder.appending(path: "local_settings.json"), atomically: true, encoding: .utf8)
    }
}

/// What is asked for at random, of whatever is there.
private struct Orders {
    let desk: RequestDesk
    let image: Image
    var placed: [String: Int] = [:]
    private var number = 0
    var count: Int { placed.values.reduce(0, +) }

    init(desk: RequestDesk, image: Image) {
        self.desk = desk
        self.image = image
    }

    /// A few launches, and one request for each instance that takes one.
    mutating func placeSome(_ chance: inout SplitMix64) throws {
        let present = try desk.instances()
        for _ in present.count..<max(14, present.count) { try launch() }
        for instance in present {
            let possible = desk.compute.availableActions(for: instance, as: desk.context).filter(\.allowed).map(
                \.action
            )
            .filter { !Self.ignored.contains($0) }
            guard let action = possible.randomElement(using: &chance) else { continue }
            // Deleting is always possible: that should not be all that happens.
            if action == .delete, Int.random(in: 0..<3, using: &chance) > 0 { continue }
            try ask(action, of: instance)
            placed[action.rawValue, default: 0] += 1
        }
    }

    private static let ignored: Set<InstanceAction> = [
        .lock, .unlock, .rename, .updateMetadata, .viewLog, .console, .forceDelete, .editSecurityGroups,
    ]

    private mutating func launch() throws {
        number += 1
        var request = LaunchRequest(name: "guest-\(number)", flavorID: "42", imageID: image.id.text)
        request.networkIDs = [try network.id.text]
        _ = try desk.compute.launch(request, as: desk.context)
        placed["launch", default: 0] += 1
    }

    private var network: Network {
        get throws {
            if let network = try desk.networking.networks(as: desk.context).first { return network }
            try desk.networking.seed(ownerProjectID: "p-crash")
            return try desk.networking.networks(as: desk.context)[0]
        }
    }

    private func ask(_ action: InstanceAction, of instance: Instance) throws {
        let (compute, id, context) = (desk.compute, instance.id, desk.context)
        switch action {
        case .resize:
            // From a disk of one gibibyte to one of twenty, which cannot shrink again.
            guard let flavor = ["42": "1", "1": "2", "2": "3"][instance.flavor.id] else { return }
            try compute.resize(id, to: flavor, as: context)
        case .rebuild: try compute.rebuild(id, RebuildRequest(imageID: image.id.text), as: context)
        case .rescue: try compute.rescue(id, as: context)
        case .createImage: try compute.createImage(of: id, name: "\(instance.name)-copy", as: context)
        case .attachInterface:
            try compute.attachInterface(to: id, InterfaceRequest(networkID: network.id.text), as: context)
        case .detachInterface:
            let ports = try desk.networking.ports(as: context, filter: PortFilter(deviceID: id.text))
            guard ports.count > 1, let port = ports.last else { return }
            try compute.detachInterface(portID: port.id.text, from: id, as: context)
        default: try compute.perform(action, on: id, as: context)
        }
    }
}

/// Sebastiano Vigna's generator: small, and the same numbers for the same seed.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
