import API

/// One entry of LISTEN: where to listen, with which certificate, and for which service.
struct ListenEntry: Sendable, Equatable {
    /// `address:port`.
    var address: String
    /// Certificate and key; none for plain HTTP. Relative to the folder of the settings file.
    var files: Files?
    /// The type of the OpenStack service whose own port this is: `compute` at `/v2.1` and not only at `/compute/v2.1`.
    var service: String?

    struct Files: Sendable, Equatable {
        var certificate: String
        var key: String
    }

    var isSecure: Bool { files != nil }

    init(_ address: String, files: Files? = nil, service: String? = nil) {
        self.address = address
        self.files = files
        self.service = service
    }
}

extension SettingType where Value == ListenEntry {
    /// A text for plain HTTP, an object for TLS or for a service's own port.
    static let listenEntry = SettingType(
        expected: SettingType<String>.socketAddress.expected
            + ", or an object with \"address\" and, as wanted, \"certificate\" and \"key\", or \"service\"",
        read: { json throws(SettingRefusal) in
            guard case .object(let members) = json.value else {
                return ListenEntry(try SettingType<String>.socketAddress.read(json))
            }
            return try read(members, of: json)
        },
        write: { entry in
            let address = LocatedJSON.quoted(entry.address)
            var members = [("address", entry.address)]
            if let files = entry.files { members += [("certificate", files.certificate), ("key", files.key)] }
            if let service = entry.service { members.append(("service", service)) }
            guard members.count > 1 else { return address }
            let texts = members.map { #""\#($0.0)": \#(LocatedJSON.quoted($0.1))"# }
            return "{\(texts.joined(separator: ", "))}"
        })

    private static let names = ["address", "certificate", "key", "service"]
    private static let services = OpenStackAPI.prefixes.keys.sorted()

    private static func read(
        _ members: [LocatedJSON.Member], of json: LocatedJSON
    ) throws(SettingRefusal) -> ListenEntry {
        var values: [String: String] = [:]
        for member in members {
            guard names.contains(member.name) else {
                throw SettingRefusal(
                    path: "." + member.name, found: member.value,
                    expected: "only \"address\", \"certificate\", \"key\" and \"service\"",
                    suggestion: Spelling.nearest(to: member.name, in: names).map(LocatedJSON.quoted))
            }
            let type: SettingType<String> =
                switch member.name {
                case "address": .socketAddress
                case "service": .text("one of \(services.joined(separator: ", "))") { services.contains($0) }
                default: .filePath
                }
            do {
                values[member.name] = try type.read(member.value)
            } catch {
                var refusal = error
                refusal.path = "." + member.name + refusal.path
                throw refusal
            }
        }
        guard let address = values["address"], (values["certificate"] == nil) == (values["key"] == nil) else {
            throw SettingRefusal(
                found: json,
                expected: "an object with \"address\", and with both \"certificate\" and \"key\" or neither")
        }
        let files = values["certificate"].flatMap { certificate in
            values["key"].map { ListenEntry.Files(certificate: certificate, key: $0) }
        }
        return ListenEntry(address, files: files, service: values["service"])
    }
}

extension SettingType where Value == String {
    static let socketAddress = text("\"address:port\" such as \"127.0.0.1:8000\" or \"[::1]:8000\"") {
        SocketName($0) != nil
    }

    static let filePath = text("a file's path") { !$0.isEmpty && !$0.contains("\0") }
}
