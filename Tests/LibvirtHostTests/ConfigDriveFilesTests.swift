import ComputeHost
import Foundation
import Testing

@testable import LibvirtHost

struct ConfigDriveFilesTests {
    private static let drive = ConfigDriveSpec(
        instanceID: "00000000-0000-4000-8000-000000000003", number: 0x2a, name: "web \"1\"", hostname: "web-1",
        projectID: "p1", publicKeys: [.init(name: "key", text: "ssh-ed25519 AAAA someone")], userData: [0, 255],
        interfaces: DomainXMLTests.spec.interfaces)

    private func json(_ name: String) throws -> NSDictionary {
        let files = try ConfigDriveFiles.files(for: Self.drive)
        let bytes = try #require(files[name])
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? NSDictionary)
    }

    @Test func `meta_data says who the instance is and which keys may enter`() throws {
        let data = try json("openstack/latest/meta_data.json")
        #expect(data["uuid"] as? String == Self.drive.instanceID)
        #expect(data["hostname"] as? String == "web-1")
        #expect(data["name"] as? String == "web \"1\"")
        #expect(data["public_keys"] as? [String: String] == ["key": "ssh-ed25519 AAAA someone"])
    }

    @Test func `network_data gives each port its address`() throws {
        let data = try json("openstack/latest/network_data.json")
        let network = try #require((data["networks"] as? [NSDictionary])?.first)
        #expect(network["ip_address"] as? String == "192.168.56.108")
        #expect(network["netmask"] as? String == "255.255.255.0")
        #expect(network["link"] as? String == "tap6a790b22-29")
        let route = try #require((network["routes"] as? [NSDictionary])?.first)
        #expect(route["gateway"] as? String == "192.168.56.2")
        let link = try #require((data["links"] as? [NSDictionary])?.first)
        #expect(link["ethernet_mac_address"] as? String == "fa:16:3e:1a:06:90")
    }

    @Test func `the EC2 id carries the instance's number`() throws {
        let data = try json("ec2/latest/meta-data.json")
        #expect(data["instance-id"] as? String == "i-0000002a")
        #expect(data["local-ipv4"] as? String == "192.168.56.108")
    }

    @Test func `user data is handed on byte by byte, and left out when there is none`() throws {
        #expect(try ConfigDriveFiles.files(for: Self.drive)["openstack/latest/user_data"] == [0, 255])
        var without = Self.drive
        without.userData = nil
        #expect(try ConfigDriveFiles.files(for: without).count == 3)
    }
}
