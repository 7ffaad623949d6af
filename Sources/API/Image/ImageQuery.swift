import HTTP
import Images
import ServiceCore

/// The query of a list of images. Names that are nobody's attribute are properties.
struct ImageQuery {
    let filter: ImageFilter
    let page: PageRequest
    /// Whether no image at all is wanted: a limit of 0.
    let isEmpty: Bool

    /// Glance's `limit_param_default`.
    static let defaultLimit = 25

    init(_ query: QueryReader) throws {
        let limit = try query.integer("limit", 0...Int.max) ?? Self.defaultLimit
        isEmpty = limit == 0
        page = PageRequest(marker: query.text("marker"), limit: limit)
        var filter = ImageFilter()
        filter.isMarkerRequired = true
        filter.sort = try Self.order(query)
        filter.tags = query.texts("tag")
        try Self.readAccess(query, &filter)
        try Self.readTexts(query, &filter)
        try Self.readNumbers(query, &filter)
        let known: Set = [
            "limit", "marker", "sort", "sort_key", "sort_dir", "tag", "visibility", "member_status", "os_hidden",
            "protected", "owner", "checksum", "os_hash_value", "os_hash_algo", "name", "id", "status", "disk_format",
            "container_format", "created_at", "updated_at", "size", "size_min", "size_max", "min_disk", "min_disk_min",
            "min_disk_max", "min_ram", "min_ram_min", "min_ram_max",
        ]
        for (name, value) in query.pairs where !known.contains(name) {
            guard name != "changes-since" else {
                throw APIError(.badRequest, "The \"changes-since\" filter is no longer available on v2.")
            }
            filter.properties[name] = value
        }
        self.filter = filter
    }

    private static func readAccess(_ query: QueryReader, _ filter: inout ImageFilter) throws {
        if let text = query.text("visibility"), !text.isEmpty {
            filter.includesCommunity = text == "all"
            filter.visibility = ImageVisibility(rawValue: text)
            guard filter.includesCommunity || filter.visibility != nil else {
                throw APIError(.badRequest, "Invalid visibility value: \(text.prefix(80))")
            }
        }
        if let text = query.text("member_status") {
            filter.memberStatus = ImageMember.Status(rawValue: text)
            guard text == "all" || filter.memberStatus != nil else {
                throw APIError(.badRequest, "Invalid status: \(text.prefix(80))")
            }
        }
        filter.isHidden = try bool(query, "os_hidden", { $0.lowercased() }) ?? false
        filter.protected = try bool(query, "protected") { $0 }
    }

    /// Glance takes two spellings and no other.
    private static func bool(_ query: QueryReader, _ name: String, _ spelled: (String) -> String) throws -> Bool? {
        guard let text = query.text(name) else { return nil }
        switch spelled(text) {
        case "true": return true
        case "false": return false
        default:
            throw APIError(
                .badRequest,
                "Invalid value '\(text.prefix(80))' for '\(name)' filter. Valid values are 'true' or 'false'.")
        }
    }

    private static func readTexts(_ query: QueryReader, _ filter: inout ImageFilter) throws {
        filter.ownerProjectID = query.text("owner")
        filter.checksum = query.text("checksum")
        filter.sha512 = query.text("os_hash_value")
        // There is one algorithm, so that another one has no images.
        if let algorithm = query.text("os_hash_algo"), algorithm != "sha512" { filter.ids = [] }
        filter.names = try values(query, "name")
        if let ids = try values(query, "id") { filter.ids = ids }
        filter.statuses = try values(query, "status")?.compactMap(ImageStatus.init)
        filter.diskFormats = try values(query, "disk_format")
        filter.containerFormats = try values(query, "container_format")
        filter.createdAt = try times(query, "created_at")
        filter.updatedAt = try times(query, "updated_at")
    }

    private static func readNumbers(_ query: QueryReader, _ filter: inout ImageFilter) throws {
        filter.size = try range(query, "size")
        filter.minDiskGiB = try range(query, "min_disk")
        filter.minRAMMiB = try range(query, "min_ram")
    }

    /// `size=5`, `size_min=3`, `size_max=9`.
    private static func range(_ query: QueryReader, _ name: String) throws -> ClosedRange<Int64>? {
        if let exact = try query.integer(name) { return Int64(exact)...Int64(exact) }
        let (least, most) = (try query.integer(name + "_min"), try query.integer(name + "_max"))
        guard least != nil || most != nil else { return nil }
        let lower = Int64(least ?? 0)
        return lower...max(lower, most.map(Int64.init) ?? Int64.max)
    }

    /// `name=web`, `name=in:web,"a,b"`.
    private static func values(_ query: QueryReader, _ name: String) throws -> [String]? {
        guard let text = query.text(name) else { return nil }
        guard let colon = text.firstIndex(of: ":") else { return [text] }
        let rest = String(text[text.index(after: colon)...])
        switch text[..<colon] {
        case "eq": return [rest]
        case "in": return try list(rest)
        default: throw APIError(.badRequest, "Unable to filter by unknown operator '\(text[..<colon].prefix(80))'.")
        }
    }

    /// Values apart by commas; one with a comma in it stands in quotes.
    private static func list(_ text: String) throws -> [String] {
        var (values, value, isQuoted, isEscaped) = ([String](), "", false, false)
        for character in text {
            if isEscaped {
                value.append(character)
                isEscaped = false
            } else if character == "\\", isQuoted {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                values.append(value)
                value = ""
            } else {
                value.append(character)
            }
        }
        guard !isQuoted else { throw APIError(.badRequest, "Invalid filter value: a quote is not closed.") }
        return values + [value]
    }

    /// `created_at=gte:2026-01-01T00:00:00Z`, several of them also.
    private static func times(_ query: QueryReader, _ name: String) throws -> [ImageFilter.TimeCondition] {
        try query.texts(name).map { text in
            if let time = Timestamp(iso8601: text) { return .init(.eq, time) }
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let time = Timestamp(iso8601: String(parts[1])) else {
                throw APIError(.badRequest, "Bad \"\(name)\" query filter format. Use ISO 8601 DateTime notation.")
            }
            guard let comparison = ImageFilter.TimeCondition.Comparison(rawValue: String(parts[0])) else {
                throw APIError(.badRequest, "Unable to filter by unknown operator '\(parts[0].prefix(80))'.")
            }
            return .init(comparison, time)
        }
    }

    /// `sort=name:asc,size` or `sort_key=name&sort_dir=asc`, each key with its direction or all with one.
    private static func order(_ query: QueryReader) throws -> [ImageFilter.Order] {
        let (keys, directions) = (query.texts("sort_key"), query.texts("sort_dir"))
        guard let text = query.text("sort") else {
            guard directions.count <= 1 || directions.count == keys.count else {
                throw APIError(.badRequest, "Number of sort dirs does not match the number of sort keys")
            }
            if keys.isEmpty, directions.isEmpty { return [] }
            return try (keys.isEmpty ? ["created_at"] : keys).enumerated().map { index, key in
                try order(key, directions.count > 1 ? directions[index] : directions.first ?? "desc")
            }
        }
        guard keys.isEmpty, directions.isEmpty else {
            throw APIError(.badRequest, "Old and new sorting syntax cannot be combined")
        }
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let words = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return try order(String(words[0]), words.count > 1 ? String(words[1]) : "desc")
        }
    }

    private static func order(_ key: String, _ direction: String) throws -> ImageFilter.Order {
        let (key, direction) = (key.trimmed, direction.trimmed)
        guard let known = ImageFilter.Order.Key(rawValue: key) else {
            let keys = ImageFilter.Order.Key.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError(
                .badRequest, "Invalid sort key: \(key.prefix(80)). It must be one of the following: \(keys).")
        }
        guard direction == "asc" || direction == "desc" else {
            throw APIError(.badRequest, "Invalid sort direction: \(direction.prefix(80))")
        }
        return ImageFilter.Order(known, isAscending: direction == "asc")
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
