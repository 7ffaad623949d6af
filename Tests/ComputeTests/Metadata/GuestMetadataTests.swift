import ComputeHost
import Foundation
import Testing

@testable import Compute

extension GuestMetadata {
    /// The seed's first instance, with a name that has to be escaped.
    static var example: GuestMetadata {
        var guest = GuestMetadata(
            instanceID: "00000000-0000-4000-8000-000000000003", number: 0x2a, name: "web \"1\" <é>",
            hostname: "web-1", projectID: "p1")
        guest.reservationID = "r-0a1b2c3d"
        guest.flavorName = "m1.nano"
        guest.imageID = "5c242396-3c7b-4bc6-bec1-3df8eb57d53d"
        guest.publicKey = .init(name: "my key", text: "ssh-ed25519 AAAA someone")
        guest.userData = [0, 255, 10]
        guest.metadata = ["role \"x\"": "front\\end"]
        guest.interfaces = [
            InterfaceSpec(
                portID: "6a790b22-29aa-4bbb-8ccc-000000000001", networkID: "33b9ef50-354b-457b-8ea2-8498ec64835b",
                macAddress: "fa:16:3e:1a:06:90",
                fixedIPs: [
                    FixedAddress(
                        subnetID: "s4", address: "192.168.56.108", prefixLength: 24, gateway: "192.168.56.2",
                        dnsNameservers: ["8.8.8.8"]),
                    FixedAddress(subnetID: "s6", address: "2001:db8::8", prefixLength: 64, gateway: "2001:db8::1"),
                ], mtu: 1450, mode: .bridge)
        ]
        guest.subnets = [
            SubnetSpec(subnetID: "s4", cidr: "192.168.56.0/24", gateway: "192.168.56.2", enableDHCP: false),
            SubnetSpec(subnetID: "s6", cidr: "2001:db8::/64", gateway: "2001:db8::1", enableDHCP: false),
        ]
        guest.subnets[0].hostRoutes = [RouteSpec(destination: "10.1.0.0/16", nextHop: "192.168.56.3")]
        return guest
    }
}

@Suite struct `Amazon's tree` {
    private let guest = GuestMetadata.example

    private func read(_ path: String, _ version: String = "latest", of guest: GuestMetadata? = nil) -> String? {
        (guest ?? self.guest).ec2(version: version)?.node(at: path.split(separator: "/").map(String.init))
            .map { String(decoding: $0.content, as: UTF8.self) }
    }

    @Test func `has the seed's entries in the seed's order`() {
        #expect(
            read("meta-data", "2009-04-04")?.split(separator: "\n") == [
                "ami-id", "ami-launch-index", "ami-manifest-path", "block-device-mapping/", "hostname",
                "instance-action", "instance-id", "instance-type", "local-hostname", "local-ipv4", "placement/",
                "public-hostname", "public-ipv4", "public-keys/", "reservation-id",
            ])
        #expect(read("") == "meta-data/\nuser-data")
    }

    @Test(arguments: [
        ("ami-id", "ami-5c242396"), ("ami-launch-index", "0"), ("ami-manifest-path", "FIXME"),
        ("block-device-mapping", "ami\nroot"), ("block-device-mapping/ami", "vda"),
        ("block-device-mapping/root", "/dev/vda"), ("hostname", "web-1"), ("instance-action", "none"),
        ("instance-id", "i-0000002a"), ("instance-type", "m1.nano"), ("local-hostname", "web-1"),
        ("local-ipv4", "192.168.56.108"), ("placement", "availability-zone"),
        ("placement/availability-zone", "nova"), ("public-hostname", "web-1"), ("public-ipv4", ""),
        ("public-keys", "0=my key"), ("public-keys/0", "openssh-key"),
        ("public-keys/0/openssh-key", "ssh-ed25519 AAAA someone"), ("reservation-id", "r-0a1b2c3d"),
    ])
    func `says this`(path: String, content: String) {
        #expect(read("meta-data/" + path) == content)
    }

    @Test(arguments: ["nothing", "hostname/x", "public-keys/1", "public-keys/0=my key", "placement/zone"])
    func `has nothing there`(path: String) {
        #expect(read("meta-data/" + path) == nil)
    }

    @Test func `grew with its versions`() {
        #expect(read("meta-data", "1.0")?.contains("local-hostname") == false)
        #expect(read("meta-data/local-hostname", "2007-01-19") == "web-1")
        #expect(read("meta-data/instance-type", "2007-03-01") == nil)
        #expect(read("meta-data/instance-action", "2008-02-01") == nil)
        #expect(read("meta-data/instance-action", "2008-09-01") == "none")
        #expect(guest.ec2(version: "2010-01-01") == nil && guest.ec2(version: "") == nil)
    }

    @Test func `leaves out the key and the script that there are not`() {
        var bare = guest
        bare.publicKey = nil
        bare.userData = nil
        #expect(read("", of: bare) == "meta-data/")
        #expect(read("meta-data", of: bare)?.contains("public-keys") == false)
        #expect(read("user-data", of: bare) == nil)
        #expect(guest.ec2(version: "latest")?.node(at: ["user-data"])?.content == [0, 255, 10])
    }

    @Test func `names the address that the outside knows`() {
        var reachable = guest
        reachable.floatingIPs = ["203.0.113.10"]
        #expect(read("meta-data/public-ipv4", of: reachable) == "203.0.113.10")
    }
}

@Suite struct `OpenStack's documents` {
    private let guest = GuestMetadata.example

    private func json(
        _ document: GuestMetadata.Document, _ version: String = "latest", of guest: GuestMetadata? = nil
    ) throws -> NSDictionary {
        let bytes = try #require(
            try (guest ?? self.guest).content(of: document, version: version, seed: [1, 2, 3]))
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? NSDictionary)
    }

    @Test func `meta_data says who the instance is and which keys may enter, odd names included`() throws {
        let data = try json(.metaData)
        #expect(data["uuid"] as? String == guest.instanceID)
        #expect(data["hostname"] as? String == "web-1")
        #expect(data["name"] as? String == "web \"1\" <é>")
        #expect(data["meta"] as? [String: String] == ["role \"x\"": "front\\end"])
        #expect(data["public_keys"] as? [String: String] == ["my key": "ssh-ed25519 AAAA someone"])
        #expect(
            data["keys"] as? [[String: String]] == [
                ["name": "my key", "type": "ssh", "data": "ssh-ed25519 AAAA someone"]
            ])
        #expect(data["availability_zone"] as? String == "nova" && data["launch_index"] as? Int == 0)
        #expect(data["project_id"] as? String == "p1" && data["random_seed"] as? String == "AQID")
        #expect((data["devices"] as? [Any])?.isEmpty == true && (data["dedicated_cpus"] as? [Any])?.isEmpty == true)
    }

    @Test func `meta_data grew with its versions`() throws {
        #expect(try json(.metaData, "2012-08-10")["random_seed"] == nil)
        #expect(try json(.metaData, "2013-04-04")["random_seed"] != nil)
        #expect(try json(.metaData, "2013-10-17")["project_id"] == nil)
        #expect(try json(.metaData, "2018-08-27")["dedicated_cpus"] == nil)
        var bare = guest
        (bare.publicKey, bare.metadata) = (nil, [:])
        let data = try json(.metaData, of: bare)
        #expect(data["keys"] == nil && data["public_keys"] == nil && data["meta"] == nil)
    }

    @Test func `each version has its files`() throws {
        #expect(guest.documents(version: "2012-08-10")?.map(\.rawValue) == ["meta_data.json", "user_data"])
        #expect(
            guest.documents(version: "latest")?.map(\.rawValue) == [
                "meta_data.json", "user_data", "vendor_data.json", "network_data.json", "vendor_data2.json",
            ])
        #expect(guest.documents(version: "2000-01-01") == nil)
        #expect(try guest.content(of: .networkData, version: "2013-10-17", seed: []) == nil)
        #expect(try json(.vendorData).count == 0)
        #expect((try json(.vendorData2)["static"] as? NSDictionary)?.count == 0)
        #expect(try guest.content(of: .userData, version: "latest", seed: []) == [0, 255, 10])
        var bare = guest
        bare.userData = nil
        #expect(try bare.content(of: .userData, version: "latest", seed: []) == nil)
        #expect(bare.documents(version: "latest")?.contains(.userData) == false)
    }

    @Test func `network_data gives addresses that no DHCP server gives`() throws {
        let data = try json(.networkData)
        let link = try #require((data["links"] as? [NSDictionary])?.first)
        #expect(link["id"] as? String == "tap6a790b22-29" && link["type"] as? String == "bridge")
        #expect(link["ethernet_mac_address"] as? String == "fa:16:3e:1a:06:90" && link["mtu"] as? Int == 1450)
        let networks = try #require(data["networks"] as? [NSDictionary])
        #expect(networks.map { $0["id"] as? String } == ["network0", "network1"])
        #expect(networks[0]["type"] as? String == "ipv4" && networks[0]["link"] as? String == "tap6a790b22-29")
        #expect(networks[0]["ip_address"] as? String == "192.168.56.108")
        #expect(networks[0]["netmask"] as? String == "255.255.255.0")
        let routes = try #require(networks[0]["routes"] as? [[String: String]])
        #expect(routes[0] == ["network": "0.0.0.0", "netmask": "0.0.0.0", "gateway": "192.168.56.2"])
        #expect(routes[1] == ["network": "10.1.0.0", "netmask": "255.255.0.0", "gateway": "192.168.56.3"])
        #expect(
            networks[1]["type"] as? String == "ipv6" && networks[1]["netmask"] as? String == "ffff:ffff:ffff:ffff::")
        #expect(data["services"] as? [[String: String]] == [["type": "dns", "address": "8.8.8.8"]])
    }

    @Test func `network_data leaves to the DHCP server what it says`() throws {
        var served = guest
        served.subnets[0].enableDHCP = true
        served.subnets[1].enableDHCP = true
        served.subnets[1].ipv6Mode = .slaac
        let data = try json(.networkData, of: served)
        let networks = try #require(data["networks"] as? [NSDictionary])
        #expect(networks[0]["type"] as? String == "ipv4_dhcp" && networks[0]["ip_address"] == nil)
        #expect(networks[1]["type"] as? String == "ipv6_slaac")
        #expect(networks[1]["ip_address"] as? String == "2001:db8::8")
        #expect((data["links"] as? [NSDictionary])?.first?["mtu"] is NSNull)
    }

    @Test(arguments: [
        (0, false, "0.0.0.0"), (20, false, "255.255.240.0"), (32, false, "255.255.255.255"), (0, true, "::"),
        (60, true, "ffff:ffff:ffff:fff0::"), (112, true, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:0"),
        (128, true, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ])
    func `netmasks are written as nova writes them`(prefix: Int, isIPv6: Bool, text: String) {
        #expect(Netmask.text(prefix, isIPv6: isIPv6) == text)
    }
}

@Suite struct `The config drive` {
    @Test func `says the same as the metadata service, in every version`() throws {
        let guest = GuestMetadata.example
        let drive = try guest.configDrive(seed: [1])
        #expect(drive.hasSafePaths && drive.instanceID == guest.instanceID && drive.hostname == "web-1")
        for version in GuestMetadata.openStackVersions + ["latest"] {
            for document in try #require(guest.documents(version: version)) {
                let file = drive.files["openstack/\(version)/\(document.rawValue)"]
                #expect(try file == guest.content(of: document, version: version, seed: [1]))
            }
        }
        #expect(drive.files["ec2/latest/user-data"] == [0, 255, 10])
        let metaData = try #require(drive.files["ec2/2009-04-04/meta-data.json"])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(metaData)) as? NSDictionary)
        #expect(json["instance-id"] as? String == "i-0000002a" && json["ami-launch-index"] as? Int == 0)
        #expect(json["placement"] as? [String: String] == ["availability-zone": "nova"])
        let keys = json["public-keys"] as? [String: [String: String]]
        #expect(keys == ["0": ["openssh-key": "ssh-ed25519 AAAA someone"]])
    }

    @Test func `without user data has no file of it`() throws {
        var guest = GuestMetadata.example
        guest.userData = nil
        #expect(try guest.configDrive(seed: []).files.keys.allSatisfy { !$0.contains("user") })
    }
}
