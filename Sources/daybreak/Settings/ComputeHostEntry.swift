/// One entry of COMPUTE_HOSTS: a compute host of this program.
struct ComputeHostEntry: Sendable, Equatable {
    /// As the services and instances name it.
    var name: String
    /// As for LIBVIRT_URI.
    var uri: String
    /// Where its instances are; relative to STATE_PATH, `hosts/<name>` unless given.
    var path: String?
}

extension SettingType where Value == [ComputeHostEntry] {
    /// No two hosts have one name or one place.
    static let computeHosts: SettingType = {
        let list = SettingType.list(of: .computeHost, called: "a list of hosts, each with \"name\" and \"uri\"")
        return SettingType(
            expected: list.expected,
            read: { json throws(SettingRefusal) in
                let hosts = try list.read(json)
                guard case .array(let items) = json.value else { return hosts }
                for (index, host) in hosts.enumerated() {
                    let earlier = hosts[..<index]
                    guard !earlier.contains(where: { $0.name == host.name }) else {
                        throw SettingRefusal(
                            path: "[\(index)].name", found: items[index], expected: "a name no other host has")
                    }
                    guard host.path == nil || !earlier.contains(where: { $0.path == host.path }) else {
                        throw SettingRefusal(
                            path: "[\(index)].path", found: items[index], expected: "a folder no other host has")
                    }
                }
                return hosts
            }, write: list.write)
    }()
}

extension SettingType where Value == ComputeHostEntry {
    private static let names = ["name", "uri", "path"]

    fileprivate static let computeHost = SettingType(
        expected: "an object with \"name\" and \"uri\", and \"path\" where it is not hosts/<name>",
        read: { json throws(SettingRefusal) in
            guard case .object(let members) = json.value else {
                throw SettingRefusal(found: json, expected: "an object with \"name\" and \"uri\"")
            }
            return try read(members, of: json)
        },
        write: { host in
            let path = host.path.map { ", \"path\": " + LocatedJSON.quoted($0) } ?? ""
            return "{\"name\": \(LocatedJSON.quoted(host.name)), \"uri\": \(LocatedJSON.quoted(host.uri))\(path)}"
        })

    private static func read(
        _ members: [LocatedJSON.Member], of json: LocatedJSON
    ) throws(SettingRefusal) -> ComputeHostEntry {
        var values: [String: String] = [:]
        for member in members {
            let type: SettingType<String>
            switch member.name {
            case "name": type = .computeHostName
            case "uri": type = .libvirtURI
            case "path": type = .filePath
            default:
                throw SettingRefusal(
                    path: "." + member.name, found: member.value, expected: "only \"name\", \"uri\" and \"path\"",
                    suggestion: Spelling.nearest(to: member.name, in: names).map(LocatedJSON.quoted))
            }
            do {
                values[member.name] = try type.read(member.value)
            } catch {
                var refusal = error
                refusal.path = "." + member.name + refusal.path
                throw refusal
            }
        }
        guard let name = values["name"], let uri = values["uri"] else {
            throw SettingRefusal(found: json, expected: "an object with both \"name\" and \"uri\"")
        }
        return ComputeHostEntry(name: name, uri: uri, path: values["path"])
    }
}

extension SettingType where Value == String {
    /// It becomes a folder's name and stands in addresses.
    fileprivate static let computeHostName = text("a host name of letters, digits, dots and hyphens") { name in
        (1...64).contains(name.utf8.count) && name.utf8.first.map { $0 != 0x2D && $0 != 0x2E } == true
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D || byte == 0x2E
            }
    }
}
