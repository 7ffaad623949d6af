import ComputeHost
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
