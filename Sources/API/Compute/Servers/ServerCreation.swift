import Compute
import HTTP
import Networking
import ServiceCore

/// What `POST /servers` asks for.
struct ServerCreation {
    let request: LaunchRequest
    /// What the guest's first user shall have as a password.
    let password: String
    /// Whether the answer is the number of the reservation, and not the first server.
    let wantsReservation: Bool

    /// - Throws: `APIError` 400, 403.
    init(_ call: APICall) throws {
        self = try call.content().object { content in
            var hints: JSONMember?
            for name in ["os:scheduler_hints", "OS-SCH-HNT:scheduler_hints"] {
                hints = content.optional(name) ?? hints
            }
            return try content.required("server").object { try Self(reader: $0, hints, call) }
        }
    }

    private init(reader: JSONReader, _ hints: JSONMember?, _ call: APICall) throws {
        var request = LaunchRequest(
            name: try reader.required("name").name(), flavorID: try reader.required("flavorRef").flavorReference(),
            imageID: "")
        try Self.readImage(reader, &request, call)
        try Self.readNetworks(reader, &request, call)
        try Self.readCounts(reader, &request)
        try Self.readGuest(reader, &request, call)
        try Self.readPlace(reader, &request, call)
        if let hints { try Self.readHints(hints, &request) }
        if !call.isAtLeast(2, 57) { request.files = try reader.optional("personality")?.files() ?? [] }
        password = try reader.optional("adminPass")?.text() ?? Self.newPassword()
        request.adminPassword = password
        wantsReservation = try reader.optional("return_reservation_id")?.looseBool() ?? false
        self.request = request
    }

    /// Twelve letters and digits, none of them like another.
    static func newPassword() -> String {
        let characters = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
        var generator = SystemRandomNumberGenerator()
        return String((0..<12).compactMap { _ in characters.randomElement(using: &generator) })
    }

    /// The root disk is made of an image. Clients name it twice, as `imageRef` and as the first block device.
    private static func readImage(_ reader: JSONReader, _ request: inout LaunchRequest, _ call: APICall) throws {
        var image = ""
        if let member = reader.optional("imageRef") {
            image = try member.text()
            if !image.isEmpty, !image.isUUID { throw member.refusal("must be a UUID") }
        }
        if let member = reader.optional("block_device_mapping"), try !member.list().isEmpty {
            throw APIError(.badRequest, "Block Device Mapping is Invalid: this cloud has no volumes.")
        }
        for device in try reader.optional("block_device_mapping_v2")?.list(0...255) ?? [] {
            let named = try BlockDevice(device, call).rootImage()
            if image.isEmpty { image = named }
            guard image == named else {
                throw APIError(.badRequest, "Block Device Mapping is Invalid: the image is not the one of imageRef.")
            }
        }
        guard !image.isEmpty else { throw APIError(.badRequest, "Missing imageRef attribute") }
        request.imageID = image
        if call.isAtLeast(2, 63), let certificates = reader.optional("trusted_image_certificates"),
            !certificates.isNull, try !certificates.list(0...50).isEmpty
        {
            throw APIError(.badRequest, "This cloud does not validate the certificates of images.")
        }
    }

    private static func readNetworks(_ reader: JSONReader, _ request: inout LaunchRequest, _ call: APICall) throws {
        request.networkChoice = .only
        guard let member = reader.optional("networks") else {
            guard !call.isAtLeast(2, 37) else { throw APIError(.badRequest, "server.networks is required.") }
            return try readGroups(reader, &request)
        }
        if call.isAtLeast(2, 37), case .text = member.value {
            request.networkChoice = try member.choice(["auto", "none"]) == "none" ? NetworkChoice.none : .auto
            return try readGroups(reader, &request)
        }
        let interfaces = try member.list(0...100).map { try $0.interface(call) }
        if !interfaces.isEmpty {
            request.interfaces = interfaces
            request.networkChoice = .listed
        }
        let ids: [String] = interfaces.compactMap { if case .port(let id) = $0 { id } else { nil } }
        guard Set(ids).count == ids.count else { throw APIError(.badRequest, "Duplicate port IDs are not allowed.") }
        try readGroups(reader, &request)
    }

    private static func readGroups(_ reader: JSONReader, _ request: inout LaunchRequest) throws {
        guard let groups = try reader.optional("security_groups")?.list(0...100), !groups.isEmpty else { return }
        request.securityGroups = try groups.map { try $0.object { try $0.required("name").name() } }
    }

    private static func readCounts(_ reader: JSONReader, _ request: inout LaunchRequest) throws {
        let least = try reader.optional("min_count")?.count()
        let most = try reader.optional("max_count")?.count()
        request.count = most ?? least ?? 1
        request.minCount = least ?? 1
        if let least, let most, least > most {
            throw APIError(.badRequest, "min_count must be <= max_count")
        }
    }

    private static func readGuest(_ reader: JSONReader, _ request: inout LaunchRequest, _ call: APICall) throws {
        request.metadata = try reader.optional("metadata")?.metadata() ?? [:]
        request.keypairName = try reader.optional("key_name")?.name()
        request.configDrive = try reader.optional("config_drive")?.looseBool() ?? false
        if let member = reader.optional("user_data") {
            request.userData = try member.base64()
        }
        request.accessIPv4 = try reader.optional("accessIPv4")?.ipv4() ?? ""
        request.accessIPv6 = try reader.optional("accessIPv6")?.ipv6() ?? ""
        request.diskConfig = try reader.optional("OS-DCF:diskConfig")?.diskConfig()
        if call.isAtLeast(2, 19) { request.description = try reader.optional("description")?.description() ?? "" }
        if call.isAtLeast(2, 52) {
            request.tags = try reader.optional("tags")?.list(0...50).map { try $0.tag() } ?? []
        }
        if call.isAtLeast(2, 90), let member = reader.optional("hostname") {
            request.hostname = try member.hostname(call)
            guard request.count == 1 else {
                throw APIError(.badRequest, "A hostname cannot be given to several servers.")
            }
        }
    }

    private static func readPlace(_ reader: JSONReader, _ request: inout LaunchRequest, _ call: APICall) throws {
        request.availabilityZone = try reader.optional("availability_zone")?.name()
        guard call.isAtLeast(2, 74) else { return }
        let host = try reader.optional("host")?.text(1...255)
        let node = try reader.optional("hypervisor_hostname")?.text(1...255)
        guard let host = host ?? node else { return }
        guard call.context.isAdmin else {
            throw ServiceError.forbidden("compute:servers:create:requested_destination")
        }
        guard request.availabilityZone?.contains(":") != true, node == nil || node == host else {
            throw APIError(.badRequest, "Unable to find compute host \(host).")
        }
        request.availabilityZone = (request.availabilityZone ?? "") + ":" + host
    }

    private static func readHints(_ hints: JSONMember, _ request: inout LaunchRequest) throws {
        try hints.object { reader in
            reader.allowUnknown()
            for name in ["different_host", "same_host"] {
                guard let member = reader.optional(name) else { continue }
                if case .list = member.value {
                    for item in try member.list() { _ = try item.uuid() }
                } else if name == "different_host" {
                    _ = try member.uuid()
                }
            }
            request.schedulerHints = try reader.names.reduce(into: [:]) { hints, name in
                hints[name] = try reader.optional(name)?.hint()
            }
            guard request.schedulerHints.count <= 50 else {
                throw APIError(.badRequest, "There are more than 50 scheduler hints.")
            }
            guard let group = reader.optional("group") else { return }
            if case .list = group.value {
                request.serverGroupID = try group.list(1...1).first?.uuid()
            } else {
                request.serverGroupID = try group.uuid()
            }
        }
    }
}

extension JSONMember {
    /// A flavor's id, or a link that ends with it.
    func flavorReference() throws -> String {
        let text: String
        switch value {
        case .integer(let number) where number >= 0: text = String(number)
        default: text = try self.text(1...1024)
        }
        return text.split(separator: "/").last.map(String.init) ?? text
    }

    fileprivate func interface(_ call: APICall) throws -> LaunchInterface {
        try object { reader in
            let port = try reader.nullable("port")?.uuid()
            let network = try reader.optional("uuid")?.text()
            let address = reader.nullable("fixed_ip")
            if call.isAtLeast(2, 42) || call.version == Microversion(2, 32) {
                _ = try reader.optional("tag")?.deviceTag()
            }
            if let address {
                let text = try address.text()
                guard IPAddress(text) != nil else { throw address.refusal("must be an address") }
            }
            if let port {
                guard address == nil else {
                    throw APIError(.badRequest, "Specified Fixed IP cannot be used with port \(port).")
                }
                return .port(port)
            }
            guard let network else { throw APIError(.badRequest, "Bad networks format: network uuid is missing.") }
            guard network.isUUID else {
                throw APIError(
                    .badRequest, "Bad networks format: network uuid is not in proper format (\(network.prefix(80))).")
            }
            return .network(network, fixedIP: try address?.text())
        }
    }

    func ip() throws -> String { try address({ IPAddress($0) != nil }, "an IP address") }

    func ipv4() throws -> String { try address({ IPAddress($0)?.version == .v4 }, "an IPv4 address") }

    /// In its canonical form (RFC 5952).
    func ipv6() throws -> String {
        let text = try address({ IPAddress($0)?.version == .v6 }, "an IPv6 address")
        return IPAddress(text)?.description ?? text
    }

    func diskConfig() throws -> DiskConfig {
        guard let config = DiskConfig(rawValue: try choice(DiskConfig.allCases.map(\.rawValue))) else {
            throw refusal("must be AUTO or MANUAL")
        }
        return config
    }

    /// A label, since 2.94 several joined by dots.
    func hostname(_ call: APICall) throws -> String {
        let text = try text(call.isAtLeast(2, 94) ? 1...255 : 2...63)
        let isWhole =
            call.isAtLeast(2, 94)
            ? text.wholeMatch(of: /[a-zA-Z0-9\-._]*/) != nil
            : text.wholeMatch(of: /[a-zA-Z0-9]+[a-zA-Z0-9\-]*[a-zA-Z0-9]+/) != nil
        guard isWhole else { throw refusal("must be a host name") }
        return text
    }

    /// A scheduler hint: a text or several, or anything else as it was written.
    fileprivate func hint() throws -> [String] {
        switch value {
        case .list: return try list(0...100).flatMap { try $0.hint() }
        case .text: return [try text(0...2048)]
        default:
            var json = JSONWriter()
            value.write(to: &json)
            guard json.bytes.count <= 2048 else { throw refusal("must have at most 2048 bytes") }
            return [String(decoding: json.bytes, as: UTF8.self)]
        }
    }

    /// A server's tag.
    func tag() throws -> String {
        let text = try text(1...60)
        guard !text.contains("/"), !text.contains(",") else { throw refusal("must not have a comma or a slash") }
        return text
    }

    fileprivate func deviceTag() throws -> String? {
        guard let text = try nullableText(1...60) else { return nil }
        guard !text.contains("/"), !text.contains(",") else { throw refusal("must not have a comma or a slash") }
        return text
    }
}
