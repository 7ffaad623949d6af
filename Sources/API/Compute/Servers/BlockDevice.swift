import HTTP

/// One item of `block_device_mapping_v2`.
struct BlockDevice {
    let sourceType: String?
    let destinationType: String?
    let uuid: String?
    let bootIndex: Int?

    /// - Throws: `APIError` 400.
    init(_ member: JSONMember, _ call: APICall) throws {
        self = try member.object { reader in
            for name in ["guest_format", "device_type", "disk_bus", "virtual_name", "connection_info"] {
                _ = try reader.nullable(name)?.text(0...255)
            }
            for name in ["volume_id", "snapshot_id", "image_id"] { _ = try reader.nullable(name)?.uuid() }
            _ = try reader.nullable("volume_size")?.looseInteger(0...Int(Int32.max))
            _ = try reader.nullable("delete_on_termination")?.looseBool()
            _ = reader.optional("no_device")
            if let name = try reader.nullable("device_name")?.text(1...255),
                name.wholeMatch(of: /[a-zA-Z0-9._\/\-]*/) == nil
            {
                throw APIError(.badRequest, "Invalid input for device_name: '\(name)'.")
            }
            if call.isAtLeast(2, 42) || call.version == Microversion(2, 32) { _ = try reader.nullable("tag")?.tag() }
            if call.isAtLeast(2, 67) { _ = try reader.nullable("volume_type")?.text(0...255) }
            return BlockDevice(
                sourceType: try reader.optional("source_type")?.choice(["volume", "image", "snapshot", "blank"]),
                destinationType: try reader.optional("destination_type")?.choice(["local", "volume"]),
                uuid: try reader.nullable("uuid")?.text(1...255),
                bootIndex: try reader.nullable("boot_index")?.looseInteger())
        }
    }

    private init(sourceType: String?, destinationType: String?, uuid: String?, bootIndex: Int?) {
        self.sourceType = sourceType
        self.destinationType = destinationType
        self.uuid = uuid
        self.bootIndex = bootIndex
    }

    /// The image of a root disk on the host: the only device there is until there are volumes.
    func rootImage() throws -> String {
        guard sourceType == "image", destinationType != "volume", bootIndex ?? 0 == 0, let uuid else {
            throw APIError(
                .badRequest,
                "Block Device Mapping is Invalid: this cloud has disks made of images only, and no volumes.")
        }
        return uuid
    }
}
