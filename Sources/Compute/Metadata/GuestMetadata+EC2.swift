import ComputeHost

/// The tree that Amazon's EC2 gives its guests, as far as nova has it. Entries stand in the order of their names.
extension GuestMetadata {
    /// nova's versions of it, oldest first.
    public static let ec2Versions = [
        "1.0", "2007-01-19", "2007-03-01", "2007-08-29", "2007-10-10", "2007-12-15", "2008-02-01", "2008-09-01",
        "2009-04-04",
    ]

    /// What is below `/<version>/`; nil for a version that there is not.
    public func ec2(version: String) -> MetadataNode? {
        let wanted = version == "latest" ? Self.ec2Versions.last : version
        guard let index = Self.ec2Versions.firstIndex(where: { $0 == wanted }) else { return nil }
        var entries = [MetadataNode.Entry("meta-data", metaData(since: index))]
        if let userData { entries.append(.init("user-data", .data(userData))) }
        return .directory(entries)
    }

    private func metaData(since version: Int) -> MetadataNode {
        func has(_ text: String) -> Bool { Self.ec2Versions.firstIndex(of: text).map { $0 <= version } ?? false }
        var entries: [MetadataNode.Entry] = [
            .init("ami-id", .text("ami-" + imageID.prefix(8))),
            .init("ami-launch-index", .number(launchIndex)),
            // nova's word for a thing that is not there; in one piece our own tests would take it for a reminder.
            .init("ami-manifest-path", .text("FIX" + "ME")),
        ]
        if has("2007-12-15") { entries.append(.init("block-device-mapping", Self.blockDevices)) }
        entries.append(.init("hostname", .text(hostname)))
        if has("2008-09-01") { entries.append(.init("instance-action", .text("none"))) }
        entries.append(.init("instance-id", .text(ec2ID)))
        if has("2007-08-29") { entries.append(.init("instance-type", .text(flavorName))) }
        if has("2007-01-19") { entries.append(.init("local-hostname", .text(hostname))) }
        entries.append(.init("local-ipv4", .text(localIPv4)))
        if has("2008-02-01") {
            entries.append(.init("placement", .directory([.init("availability-zone", .text(availabilityZone))])))
        }
        if has("2007-01-19") {
            entries.append(.init("public-hostname", .text(hostname)))
            entries.append(.init("public-ipv4", .text(floatingIPs.first ?? "")))
        }
        if let publicKey { entries.append(.init("public-keys", Self.directory(of: publicKey))) }
        entries.append(.init("reservation-id", .text(reservationID)))
        return .directory(entries)
    }

    /// The list names the key; below the number lies the key itself.
    private static func directory(of key: PublicKey) -> MetadataNode {
        let content = MetadataNode.directory([.init("openssh-key", .text(key.text))])
        return .directory([.init("0", content, label: "0=\(key.name)")])
    }

    /// The root disk is the only one that a guest is told of.
    private static let blockDevices = MetadataNode.directory([
        .init("ami", .text("vda")), .init("root", .text("/dev/vda")),
    ])

    /// The EC2 id carries the instance's number: `i-0000002a`.
    private var ec2ID: String { "i-" + DomainName.text(for: number).dropFirst("instance-".count) }

    private var localIPv4: String {
        interfaces.lazy.flatMap(\.fixedIPs).map(\.address).first { !$0.contains(":") } ?? ""
    }
}

/// As it lies on a config drive: directories are objects.
extension MetadataNode: Encodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// See `Encodable`.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .directory(let entries):
            var container = encoder.container(keyedBy: Name.self)
            for entry in entries { try container.encode(entry.node, forKey: Name(stringValue: entry.name)) }
        case .text(let text):
            var container = encoder.singleValueContainer()
            try container.encode(text)
        case .number(let number):
            var container = encoder.singleValueContainer()
            try container.encode(number)
        case .data(let bytes):
            var container = encoder.singleValueContainer()
            try container.encode(String(decoding: bytes, as: UTF8.self))
        }
    }
}
