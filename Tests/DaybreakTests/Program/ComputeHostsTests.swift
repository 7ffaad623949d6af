import Compute
import ComputeHost
import Foundation
import Images
import LibvirtHost
import Networking
import ServiceCore
import TestSupport
import Testing

@testable import daybreak

@Suite struct `The compute hosts of the settings` {
    private func settings(_ text: String) throws -> Settings {
        try SettingsFile(path: "/nowhere/s.json", bytes: Array(text.utf8)).settings
    }

    @Test func `without a list there is one host, in the state directory itself`() throws {
        let hosts = ComputeHosts.configurations(try settings("{}"), StateDirectory(path: "/state"))
        #expect(hosts.map(\.statePath) == ["/state"] && hosts[0].hostname == nil && hosts[0].simulatesFailing)
    }

    @Test func `each host of a list has its name, its libvirt and its folder, and all share the images`() throws {
        let text = """
            {"COMPUTE_HOSTS": [{"name": "linux-node1", "uri": "private"},
                {"name": "linux-node2", "uri": "qemu:///system", "path": "/srv/node2"},
                {"name": "linux-node3", "uri": "simulated", "path": "three"}]}
            """
        let hosts = ComputeHosts.configurations(try settings(text), StateDirectory(path: "/state"))
        #expect(hosts.map(\.hostname) == ["linux-node1", "linux-node2", "linux-node3"])
        #expect(hosts.map(\.uri) == ["private", "qemu:///system", "simulated"])
        #expect(hosts.map(\.statePath) == ["/state/hosts/linux-node1", "/srv/node2", "/state/three"])
        #expect(Set(hosts.map(\.imagesDirectory)) == ["/state/images"])
        #expect(!hosts.contains { $0.simulatesFailing })
    }

    @Test func `two hosts that are one libvirt are warned of`() throws {
        let same = #"{"name": "b", "uri": "qemu:///system"}"#
        let text = #"{"LIBVIRT_URI": "simulated", "COMPUTE_HOSTS": [{"name": "a", "uri": "qemu:///system"}, \#(same)]}"#
        let advice = try settings(text).advice { _ in true }
        #expect(advice.contains { $0.contains("a and b are the same libvirt, qemu:///system") })
        #expect(advice.contains { $0.hasPrefix("LIBVIRT_URI: COMPUTE_HOSTS names the hosts") })
    }

    @Test func `the doctor says what was chosen for each`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "doctor-\(UUID().uuidString.prefix(8))")
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = #"{"COMPUTE_HOSTS": [{"name": "n1", "uri": "simulated"}, {"name": "n2", "uri": "test:///default"}]}"#
        let file = try SettingsFile(path: folder.path + "/s.json", bytes: Array(text.utf8))
        let found = Doctor(file: file).findings().filter { $0.subject == "hypervisor" }.map(\.found)
        #expect(found.count == 2)
        #expect(found.first?.hasPrefix("n1: simulated by") == true && found.last?.hasPrefix("n2: test by") == true)
    }
}

/// Two hosts in one program, each with a libvirtd of its own. Real guests, emulated where the machine cannot do better.
@Suite(
    .enabled(if: RealGuests.missing == nil, "needs libvirt, qemu and the guest image's packages"),
    .enabled(if: getuid() == 0, "only root can give each host a libvirtd of its own"),
    .serialized, .timeLimit(.minutes(15)))
struct `Two hosts in one program` {
    private static let names = ["linux-node1", "linux-node2"]

    @Test func `the two instances of the tutorial land on different nodes and leave nothing behind`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "db-\(UUID().uuidString.prefix(8))")
        let directory = StateDirectory(path: folder.path)
        try directory.prepare()
        defer {
            DaybreakProcess.endDaemons(of: folder)
            try? FileManager.default.removeItem(at: folder)
        }
        var settings = Settings()
        settings.hostNetworks.setting = .user
        settings.computeHosts = Self.names.map { ComputeHostEntry(name: $0, uri: "private") }
        let cloud = try Cloud(settings: settings, directory: directory, secretKey: Array(repeating: 7, count: 32))
        try cloud.start()
        defer { cloud.stop() }
        let admin = RequestContext(
            userID: "u", userName: "admin", projectID: cloud.firstProjectID, projectName: "admin", roles: ["admin"])

        let copy = folder.appending(path: "guest.qcow2")
        try FileManager.default.copyItem(at: try await GuestCache.shared.image(), to: copy)
        let image = try #require(
            try cloud.images.registerGuest(
                file: copy.path, format: .qcow2, ownerProjectID: cloud.firstProjectID))
        var request = LaunchRequest(name: "vm", flavorID: "42", imageID: image.id.text)
        request.count = 2
        request.networkIDs = try cloud.networking.networks(as: admin).map(\.id.text)
        let ids = try cloud.compute.launch(request, as: admin).map(\.id)
        let instances = try await waitUntil("both instances run", seconds: 240) {
            let instances = try ids.map { try cloud.compute.instance($0, as: admin) }
            if let fault = instances.lazy.compactMap(\.fault).first {
                throw NeverHappened(description: "\(fault.message.english)")
            }
            return instances.allSatisfy { $0.status == .active } ? instances : nil
        }

        func host(of instance: Instance) -> String? { cloud.compute.internals(of: instance, as: admin)?.host }
        #expect(Set(instances.compactMap(host)) == Set(Self.names))
        for instance in instances {
            let host = try #require(host(of: instance))
            let node = folder.appending(path: "hosts/" + host)
            #expect(try await Aftermath(state: node).domains() == [instance.domainName])
            #expect(try Aftermath(state: node).instanceFolders() == [instance.id.text])
        }
        let services = try cloud.compute.services(as: admin).filter { $0.binary == "nova-compute" }
        #expect(services.map(\.host) == Self.names && services.allSatisfy(\.isUp))
        #expect(try cloud.compute.hypervisors(as: admin).map(\.promised.vcpus) == [1, 1])

        for id in ids { try cloud.compute.perform(.delete, on: id, as: admin) }
        _ = try await waitUntil("both instances are gone", seconds: 120) {
            try cloud.compute.instances(as: admin).items.isEmpty ? true : nil
        }
        for name in Self.names {
            let node = Aftermath(state: folder.appending(path: "hosts/" + name))
            #expect(try await node.domains() == [])
            #expect(try node.instanceFolders() == [])
        }
    }
}
