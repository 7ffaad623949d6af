import Compute
import HTTP
import ServiceCore

/// What a list of servers is asked for (Compute API, "List Servers").
struct ServerListQuery {
    private(set) var filter = InstanceFilter()
    /// Nil when nothing at all can fit.
    private(set) var page: PageRequest?

    /// - Throws: `APIError` 400 for what is not understood, 403 for what only administrators may ask.
    init(_ call: APICall) throws {
        let query = call.query
        page = try query.novaPage()
        filter.requiresMarker = true
        try readScope(query, call)
        try readStatus(query, call)
        try readTimes(query, call)
        try readPlain(query)
        if call.isAtLeast(2, 26) { readTags(query) }
        if call.context.isAdmin || call.isAtLeast(2, 83) { try readMore(query) }
        if call.context.isAdmin { readAdministrators(query) }
        try readOrder(query, call)
        if call.isAtLeast(2, 73), let text = query.text("locked") {
            guard let isLocked = LooseBool.value(of: text) else {
                throw APIError(.badRequest, "Invalid input for locked: '\(text.prefix(80))'.")
            }
            filter.isLocked = isLocked
        }
        for name in Self.known { _ = query.has(name) }
        try query.finish(call)
    }

    /// What nova knows and this cloud has nothing of, or shows to nobody.
    private static let known = [
        "kernel_id", "ramdisk_id", "hostname", "key_name", "power_state", "vm_state", "task_state", "host", "node",
        "launched_at", "terminated_at", "availability_zone", "locked_by", "uuid", "root_device_name", "config_drive",
        "access_ip_v4", "access_ip_v6", "auto_disk_config", "progress", "created_at", "soft_deleted", "user_id",
        "launch_index", "description", "display_description", "block_device_mapping", "services", "metadata",
        "system_metadata", "info_cache", "security_groups", "pci_devices", "reservation_id",
    ]

    private mutating func readScope(_ query: QueryReader, _ call: APICall) throws {
        if let text = query.text("all_tenants") {
            guard text.isEmpty || LooseBool.value(of: text) != nil else {
                throw APIError(.badRequest, "Invalid input for all_tenants: '\(text.prefix(80))'.")
            }
            filter.allProjects = text.isEmpty || LooseBool.value(of: text) == true
        }
        if filter.allProjects, !call.context.isAdmin {
            throw ServiceError.forbidden("os_compute_api:servers:index:get_all_tenants")
        }
        let project = query.text("project_id") ?? query.text("tenant_id")
        _ = query.has("tenant_id")
        if filter.allProjects { filter.projectID = project }
        if let text = query.text("deleted") {
            let deleted = LooseBool.value(of: text) ?? false
            if call.context.isAdmin { filter.deleted = deleted }
        }
    }

    private mutating func readStatus(_ query: QueryReader, _ call: APICall) throws {
        let texts = query.texts("status").map { $0.uppercased() }
        guard !texts.isEmpty else { return }
        filter.statuses = texts.compactMap(InstanceStatus.init(rawValue:)).filter { $0 != .deleted }
        if texts.contains(InstanceStatus.deleted.rawValue) {
            guard call.context.isAdmin else {
                throw APIError(.forbidden, "Only administrators may list deleted servers")
            }
            filter.deleted = true
        } else if filter.statuses.isEmpty {
            page = nil
        }
    }

    private mutating func readTimes(_ query: QueryReader, _ call: APICall) throws {
        filter.changesSince = try query.moment("changes-since")
        if call.isAtLeast(2, 66) { filter.changesBefore = try query.moment("changes-before") }
        if let since = filter.changesSince, let before = filter.changesBefore, since > before {
            throw APIError(.badRequest, "The value of changes-since must be less than or equal to changes-before.")
        }
    }

    private mutating func readPlain(_ query: QueryReader) throws {
        let name = query.text("name") ?? query.text("display_name")
        _ = query.has("display_name")
        filter.namePattern = name.map(NamePattern.init)
        filter.imageID = query.text("image") ?? query.text("image_ref")
        _ = query.has("image_ref")
        filter.flavorID = query.text("flavor")
        filter.reservationID = query.text("reservation_id")
        filter.ip = query.text("ip").map(Self.plain)
        filter.ip6 = query.text("ip6").map(Self.plain)
    }

    /// Addresses are looked for as texts, as neutron does it: what a pattern of them has around and between goes.
    private static func plain(_ pattern: String) -> String {
        pattern.filter { $0 != "^" && $0 != "$" && $0 != "\\" }
    }

    private mutating func readTags(_ query: QueryReader) {
        func tags(_ name: String) -> [String] {
            query.texts(name).flatMap { $0.split(separator: ",").map(String.init) }
        }
        filter.tags = tags("tags")
        filter.tagsAny = tags("tags-any")
        filter.notTags = tags("not-tags")
        filter.notTagsAny = tags("not-tags-any")
    }

    /// What owners may ask since 2.83.
    private mutating func readMore(_ query: QueryReader) throws {
        filter.availabilityZone = query.text("availability_zone")
        filter.keyName = query.text("key_name")
        filter.userID = query.text("user_id")
        filter.taskState = query.text("task_state")
        filter.powerState = try query.integer("power_state")
        if let text = query.text("config_drive") { filter.hasConfigDrive = LooseBool.value(of: text) ?? false }
        guard let text = query.text("vm_state") else { return }
        filter.vmState = VMState(rawValue: text.lowercased())
        if filter.vmState == nil { page = nil }
    }

    private mutating func readAdministrators(_ query: QueryReader) {
        filter.host = query.text("host") ?? query.text("node")
        filter.id = query.text("uuid")
        filter.description = query.text("description") ?? query.text("display_description")
        filter.launchIndex = query.text("launch_index").flatMap(Int.init)
        filter.hostname = query.text("hostname")
        filter.accessIPv4 = query.text("access_ip_v4")
        filter.accessIPv6 = query.text("access_ip_v6")
    }

    private mutating func readOrder(_ query: QueryReader, _ call: APICall) throws {
        let keys = query.texts("sort_key")
        let directions = query.texts("sort_dir")
        if let bad = directions.first(where: { !["asc", "desc"].contains($0) }) {
            throw APIError(.badRequest, "Unknown sort direction, must be 'desc' or 'asc': \(bad.prefix(80))")
        }
        guard directions.count <= keys.count || keys.isEmpty else {
            throw APIError(.badRequest, "Sort direction size exceeds sort key size")
        }
        let isStrict = call.isAtLeast(2, 75)
        filter.order = try keys.enumerated().compactMap { index, text in
            let direction = index < directions.count ? directions[index] : directions.last ?? "desc"
            if let key = InstanceOrder.Key(rawValue: text) {
                if key == .locked, !call.isAtLeast(2, 73) { return nil }
                if [.host, .node].contains(key), !call.context.isAdmin {
                    throw APIError(.forbidden, "Only administrators can sort servers by \(key.rawValue)")
                }
                return InstanceOrder(key, isAscending: direction == "asc")
            }
            guard !isStrict, Self.passedOver.contains(text) else {
                throw APIError(.badRequest, "Invalid input for sort_key: '\(text.prefix(80))'.")
            }
            return nil
        }
    }

    /// Columns of nova's database that nobody means, and that its API takes all the same until 2.75.
    private static let passedOver: Set = [
        "architecture", "cell_name", "cleaned", "default_ephemeral_device", "default_swap_device", "deleted",
        "deleted_at", "disable_terminate", "ephemeral_gb", "ephemeral_key_uuid", "id", "key_data", "kernel_id",
        "launched_on", "memory_mb", "os_type", "progress", "ramdisk_id", "reservation_id", "root_device_name",
        "root_gb",
        "shutdown_terminate", "user_data", "vcpus", "vm_mode",
    ]
}
