/// One entry of LISTEN: where to listen, and with which certificate.
struct ListenEntry: Sendable, Equatable {
    /// `address:port`.
    var address: String
    /// Certificate and key; none for plain HTTP. Relative to the folder of the settings file.
    var files: Files?

    struct Files: Sendable, Equatable {
        var certificate: String
        var key: String
    }

    var isSecure: Bool { files != nil }

    init(_ address: String, files: Files? = nil) {
        self.address = address
        self.files = files
    }
}

extension SettingType where Value == ListenEntry {
    /// A text for plain HTTP, an object for TLS.
    static let listenEntry = SettingType(
        expected: SettingType<String>.socketAddress.expected
            + ", or an object with \"address\", \"certificate\" and \"key\"",
        read: { json throws(SettingRefusal) in
            guard case .object(let members) = json.value else {
                return ListenEntry(try SettingType<String>.socketAddress.read(json))
            }
            return try read(members, of: json)
        },
        write: { entry in
            let address = LocatedJSON.quoted(entry.address)
            guard let files = entry.files else { return address }
            return #"{"address": \#(address), "certificate": \#(LocatedJSON.quoted(files.certificate)), "#
                + #""key": \#(LocatedJSON.quoted(files.key))}"#
        })

    private static let names = ["address", "certificate", "key"]

    private static func read(
        _ members: [LocatedJSON.Member], of json: LocatedJSON
    ) throws(SettingRefusal) -> ListenEntry {
        var values: [String: String] = [:]
        for member in members {
            guard names.contains(member.name) else {
                throw SettingRefusal(
                    path: "." + member.name, found: member.value,
                    expected: "only \"address\", \"certificate\" and \"key\"",
                    suggestion: Spelling.nearest(to: member.name, in: names).map(LocatedJSON.quoted))
            }
            let type: SettingType<String> = member.name == "address" ? .socketAddress : .filePath
            do {
                values[member.name] = try type.read(member.value)
            } catch {
                var refusal = error
                refusal.path = "." + member.name + refusal.path
                throw refusal
            }
        }
        guard let address = values["address"], let certificate = values["certificate"], let key = values["key"] else {
            throw SettingRefusal(
                found: json, expected: "an object with all of \"address\", \"certificate\" and \"key\"")
        }
        return ListenEntry(address, files: ListenEntry.Files(certificate: certificate, key: key))
    }
}

extension SettingType where Value == String {
    static let socketAddress = text("\"address:port\" such as \"127.0.0.1:8000\" or \"[::1]:8000\"") {
        SocketName($0) != nil
    }

    static let filePath = text("a file's path") { !$0.isEmpty && !$0.contains("\0") }
}
