import Glibc
import LibvirtHost

/// What the guests' networks are made of.
struct HostNetworkSettings: Sendable, Equatable {
    var setting = HostNetworkSetting.auto
    /// "": the machine's own.
    var namespace = ""
    /// The interface of each physical network.
    var interfaces: [String: String] = [:]
    /// "": VXLAN networks stay on this machine.
    var tunnelAddress = ""

    func configuration(statePath: String) -> NetworkConfiguration {
        NetworkConfiguration(
            setting: setting, namespace: namespace.isEmpty ? nil : namespace, interfaces: interfaces,
            tunnelAddress: tunnelAddress.isEmpty ? nil : tunnelAddress, statePath: statePath)
    }
}

extension SettingKey {
    static let hostNetworks: [SettingKey] = [
        SettingKey(
            "HOST_NETWORK", \.hostNetworks.setting,
            .oneOf(HostNetworkSetting.self, expected: "\"auto\", \"bridge\" or \"user\""),
            "Guests' networks: \"bridge\" is bridges, DHCP and security groups on this machine, \"user\" the emulator's own "
                + "network for each guest alone, \"auto\" bridges where rights and programs allow them (see daybreak doctor)."
        ),
        SettingKey(
            "HOST_NAMESPACE", \.hostNetworks.namespace, .namespaceName,
            "Network namespace that bridges, guests and their libvirtd are in, so that nothing of the machine's own network "
                + "is touched; made when it is missing. \"\" is the machine's own."),
        SettingKey(
            "PHYSICAL_INTERFACE_MAPPINGS", \.hostNetworks.interfaces, .interfaceMappings,
            "Interface that carries each physical network (neutron's linuxbridge option), such as "
                + #"{"physnet1": "eth1"}; for flat and VLAN networks."#),
        SettingKey(
            "VXLAN_LOCAL_IP", \.hostNetworks.tunnelAddress, .tunnelAddress,
            "This machine's address that VXLAN tunnels start from; \"\" keeps VXLAN networks on this machine."),
    ]
}

extension SettingType where Value == String {
    /// It becomes a file's name below /run/netns.
    fileprivate static let namespaceName = text("a name of letters, digits, dots, hyphens and underscores, or \"\"") {
        $0.isEmpty || isName($0, atMost: 64)
    }

    fileprivate static let tunnelAddress = text("an IP address, or \"\"") { text in
        text.isEmpty || isAddress(text)
    }

    private static func isAddress(_ text: String) -> Bool {
        var room = in6_addr()
        return inet_pton(AF_INET, text, &room) == 1 || inet_pton(AF_INET6, text, &room) == 1
    }

    fileprivate static func isName(_ text: String, atMost limit: Int) -> Bool {
        (1...limit).contains(text.utf8.count) && text.first != "." && text.first != "-"
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || [0x2D, 0x2E, 0x5F].contains(byte)
            }
    }
}

extension SettingType where Value == [String: String] {
    /// Linux has interfaces of at most 15 characters; no two networks can share one.
    fileprivate static let interfaceMappings: SettingType = {
        let expected = "an object from physical networks' names to interfaces' names"
        return SettingType(
            expected: expected,
            read: { json throws(SettingRefusal) in
                guard case .object(let members) = json.value else {
                    throw SettingRefusal(found: json, expected: expected)
                }
                var mappings: [String: String] = [:]
                for member in members {
                    guard case .string(let name) = member.value.value, SettingType<String>.isName(name, atMost: 15),
                        !mappings.values.contains(name)
                    else {
                        throw SettingRefusal(
                            path: "." + member.name, found: member.value,
                            expected: "the name of an interface (at most 15 characters) that no other network has")
                    }
                    mappings[member.name] = name
                }
                return mappings
            },
            write: { mappings in
                let members = mappings.sorted { $0.key < $1.key }
                    .map { "\(LocatedJSON.quoted($0.key)): \(LocatedJSON.quoted($0.value))" }
                return "{" + members.joined(separator: ", ") + "}"
            })
    }()
}
