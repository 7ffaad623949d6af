import ComputeHost
import Images
import Networking
import ServiceCore
import Testing

@testable import Compute

@Suite struct `What guests are told` {
    private let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    @Test func `comes from the instance's rows, its ports and its owner's pairs`() throws {
        let key = try cloud.compute.createKeypair(named: "laptop", as: TestCloud.member)
        var request = try cloud.request("my web")
        request.keypairName = "laptop"
        request.userData = [1, 0, 2]
        let id = try cloud.compute.launch(request, as: TestCloud.member)[0].id
        try cloud.jobs.drain()
        try cloud.compute.setMetadata(["role": "front"], of: id, as: TestCloud.member)
        let instance = try cloud.instance(id)
        let guest = try #require(try cloud.compute.guestMetadata(id))
        #expect(guest.instanceID == id.text && guest.hostname == "my-web" && guest.name == "my web")
        #expect(guest.publicKey == .init(name: "laptop", text: key.keypair.publicKey))
        #expect(guest.userData == [1, 0, 2] && guest.metadata == ["role": "front"])
        #expect(guest.flavorName == instance.flavor.name && guest.reservationID == instance.reservationID)
        #expect(guest.interfaces.map(\.mode) == [.bridge])
        #expect(guest.interfaces.flatMap(\.fixedIPs).map(\.address) == instance.addresses.map { "\($0.address)" })
        #expect(guest.subnets.map(\.subnetID) == guest.interfaces.flatMap(\.fixedIPs).map(\.subnetID))
        // The drive of a guest without a bridge says the same.
        let drive = try #require(cloud.host.configDrive(of: id.text))
        let name = "openstack/latest/user_data"
        #expect(drive.files[name] == [1, 0, 2] && drive.hostname == "my-web")
    }

    @Test func `has the files that the owner gave, and after a rebuild those of the rebuild`() throws {
        var request = try cloud.request("files")
        request.files = [
            InjectedFile(path: "/etc/motd", contents: Array("hello".utf8)), InjectedFile(path: "/b", contents: [0, 255]),
        ]
        let id = try cloud.compute.launch(request, as: TestCloud.member)[0].id
        try cloud.jobs.drain()
        #expect(try cloud.compute.guestMetadata(id)?.files == request.files)
        let drive = try #require(cloud.host.configDrive(of: id.text))
        #expect(drive.files["openstack/content/0000"] == Array("hello".utf8))
        #expect(drive.files["openstack/content/0001"] == [0, 255])
        let document = String(decoding: drive.files["openstack/latest/meta_data.json"] ?? [], as: UTF8.self)
        #expect(document.contains(#""files":[{"content_path":"/content/0000","path":"/etc/motd"},"#))
        var rebuild = RebuildRequest(imageID: try cloud.guestImage.id.text)
        rebuild.files = [InjectedFile(path: "/c", contents: [7])]
        try cloud.compute.rebuild(id, rebuild, as: TestCloud.member)
        try cloud.jobs.drain()
        let fresh = try #require(cloud.host.configDrive(of: id.text))
        #expect(fresh.files["openstack/content/0000"] == [7] && fresh.files["openstack/content/0001"] == nil)
        try cloud.compute.rebuild(id, RebuildRequest(imageID: rebuild.imageID), as: TestCloud.member)
        #expect(try cloud.compute.guestMetadata(id)?.files == [])
    }

    @Test func `is found by network and address`() throws {
        let instance = try cloud.launch()
        let address = try #require(instance.addresses.first)
        let networking = cloud.networking
        let port = try networking.port(onNetwork: address.networkID, address: "\(address.address)")
        #expect(port?.deviceID == instance.id.text && port?.nicIndex == 0)
        #expect(try networking.port(onNetwork: .random(), address: "\(address.address)") == nil)
        for text in ["192.0.2.1", "", "x", "' OR 1=1 --", "fe80::1"] {
            #expect(try networking.port(onNetwork: address.networkID, address: text) == nil)
        }
        #expect(try networking.networksWithDHCP() == [address.networkID])
    }

    @Test func `ends with the instance`() throws {
        let instance = try cloud.launch()
        try cloud.compute.perform(.delete, on: instance.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.compute.guestMetadata(instance.id) == nil)
        #expect(try cloud.compute.guestMetadata(.random()) == nil)
    }
}
