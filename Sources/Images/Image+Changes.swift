import ServiceCore

extension Image {
    /// The image after the steps, whose values have been checked.
    /// - Throws: `ServiceError`: conflict when a property is or is not there, forbidden when data forbids a format.
    func applying(_ changes: [ImageChange], at now: Timestamp) throws -> Image {
        var image = self
        for change in changes { try image.apply(change) }
        image.updatedAt = now
        return image
    }

    private mutating func apply(_ change: ImageChange) throws {
        switch change {
        case .set(let update): try apply(update)
        case .insert(let name, let value):
            guard properties[name] == nil else { throw Self.propertyExists(name) }
            properties[name] = value
        case .replace(let name, let value):
            guard properties[name] != nil else { throw Self.noProperty(name) }
            properties[name] = value
        case .remove(let name):
            guard properties.removeValue(forKey: name) != nil else { throw Self.noProperty(name) }
        }
    }

    private mutating func apply(_ update: ImageUpdate) throws {
        if let name = update.name { self.name = name }
        if let minimum = update.minDiskGiB { minDiskGiB = minimum }
        if let minimum = update.minRAMMiB { minRAMMiB = minimum }
        if let visibility = update.visibility { self.visibility = visibility }
        if let protected = update.protected { self.protected = protected }
        if let isHidden = update.isHidden { self.isHidden = isHidden }
        if let owner = update.ownerProjectID { ownerProjectID = owner }
        if let tags = update.tags { self.tags = Set(tags).sorted() }
        for (name, value) in update.properties { properties[name] = value }
        if let text = update.diskFormat, ImageFormat(rawValue: text) != diskFormat {
            try requireNoData("disk_format")
            diskFormat = ImageFormat(rawValue: text)
        }
        if let text = update.containerFormat, text != containerFormat ?? "" {
            try requireNoData("container_format")
            containerFormat = text.isEmpty ? nil : text
        }
    }

    private func requireNoData(_ attribute: String) throws {
        guard status == .queued || status == .killed else {
            throw ServiceError(
                .forbidden, code: "image_has_data",
                Message("Attribute {name} can only be changed while an image is queued.", ["name": attribute]))
        }
    }

    private static func propertyExists(_ name: String) -> ServiceError {
        .conflict(code: "property_exists", Message("Property {name} is present already.", ["name": name]))
    }

    private static func noProperty(_ name: String) -> ServiceError {
        .conflict(code: "no_property", Message("Property {name} does not exist.", ["name": name]))
    }
}
