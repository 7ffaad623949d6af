import ComputeHost

/// The files on a config drive (OpenStack's metadata formats, version `latest`). It only computes.
enum ConfigDriveFiles {
    static func files(for drive: ConfigDriveSpec) throws(HostError) -> [String: [UInt8]] {
        var files = [
            "openstack/latest/meta_data.json": try JSONText.encode(MetaData(drive)),
            "openstack/latest/network_data.json": try JSONText.encode(NetworkData(drive.interfaces)),
            "ec2/latest/meta-data.json": try JSONText.encode(EC2MetaData(drive)),
        ]
        if let userData = drive.userData {
            files["openstack/latest/user_data"] = userData
            files["ec2/latest/user-data"] = userData
        }
        return files
    }
}

private struct MetaData: Encodable {
    struct Key: Encodable {
        let name: String
        let type: String
        let data: String
    }

    let uuid: String
    let name: String
    let hostname: String
    let project_id: String
    let availability_zone: String
    let launch_index: Int
    let public_keys: [String: String]
    let keys: [Key]
    let meta: [String: String]

    init(_ drive: ConfigDriveSpec) {
        uuid = drive.instanceID
        name = drive.name
        hostname = drive.hostname
        project_id = drive.projectID
        availability_zone = drive.availabilityZone
        launch_index = drive.launchIndex
        public_keys = Dictionary(drive.publicKeys.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
        keys = drive.publicKeys.map { Key(name: $0.name, type: "ssh", data: $0.text) }
        meta = drive.metadata
    }
}

private struct EC2MetaData: Encodable {
    struct Placement: Encodable {
        let zone: String

        private enum CodingKeys: String, CodingKey {
            case zone = "availability-zone"
        }
    }

    let instanceID: String
    let hostname: String
    let localHostname: String
    let launchIndex: Int
    let localIPv4: String
    let placement: Placement
    let publicKeys: [String: [String: String]]

    private enum CodingKeys: String, CodingKey {
        case instanceID = "instance-id"
        case hostname
        case localHostname = "local-hostname"
        case launchIndex = "ami-launch-index"
        case localIPv4 = "local-ipv4"
        case placement
        case publicKeys = "public-keys"
    }

    init(_ drive: ConfigDriveSpec) {
        // The EC2 id carries the instance's number: i-0000002a.
        instanceID = "i-" + DomainName.text(for: drive.number).dropFirst("instance-".count)
        hostname = drive.hostname
        localHostname = drive.hostname
        launchIndex = drive.launchIndex
        localIPv4 = drive.interfaces.lazy.flatMap(\.fixedIPs).map(\.address).first { !$0.contains(":") } ?? ""
        placement = Placement(zone: drive.availabilityZone)
        publicKeys = Dictionary(
            drive.publicKeys.enumerated().map { index, key in
                (String(index), ["_name": "\(index)=\(key.name)", "openssh-key": key.text])
            }, uniquingKeysWith: { first, _ in first })
    }
}

private struct NetworkData: Encodable {
    struct Link: Encodable {
        let id: String
        let vif_id: String
        let type: String
        let mtu: Int
        let ethernet_mac_address: String
    }

    struct Route: Encodable {
        let network: String
        let netmask: String
        let gateway: String
    }

    struct Network: Encodable {
        let id: String
        let link: String
        let type: String
        let network_id: String
        let ip_address: String
        let netmask: String
        let routes: [Route]
    }

    struct Service: Encodable {
        let type: String
        let address: String
    }

    let links: [Link]
    let networks: [Network]
    let services: [Service]

    init(_ interfaces: [InterfaceSpec]) {
        links = interfaces.map { interface in
            Link(
                id: interface.tapName, vif_id: interface.portID, type: interface.mode == .bridge ? "bridge" : "phy",
                mtu: interface.mtu, ethernet_mac_address: interface.macAddress)
        }
        var networks: [Network] = []
        var servers: [String] = []
        for interface in interfaces {
            for fixed in interface.fixedIPs {
                let isIPv6 = fixed.address.contains(":")
                let routes = fixed.gateway.map { gateway in
                    Route(network: isIPv6 ? "::" : "0.0.0.0", netmask: isIPv6 ? "::" : "0.0.0.0", gateway: gateway)
                }
                networks.append(
                    Network(
                        id: "network\(networks.count)", link: interface.tapName, type: isIPv6 ? "ipv6" : "ipv4",
                        network_id: interface.networkID, ip_address: fixed.address,
                        netmask: isIPv6 ? String(fixed.prefixLength) : Self.netmask(fixed.prefixLength),
                        routes: routes.map { [$0] } ?? []))
                for server in fixed.dnsNameservers where !servers.contains(server) { servers.append(server) }
            }
        }
        self.networks = networks
        services = servers.map { Service(type: "dns", address: $0) }
    }

    private static func netmask(_ prefix: Int) -> String {
        let length = UInt32(max(0, min(32, prefix)))
        let mask = length == 0 ? 0 : UInt32.max << (32 - length)
        return [24, 16, 8, 0].map { String(mask >> $0 & 0xff) }.joined(separator: ".")
    }
}
