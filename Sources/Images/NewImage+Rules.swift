public import ServiceCore

/// The rules on an image's fields, said once for creating and changing.
enum ImageRules {
    static func name(_ name: String) -> Violation? {
        guard name.unicodeScalars.count > NewImage.nameLimit else { return nil }
        return Violation(
            field: "name", code: "too_long",
            message: Message("A name has at most {limit} characters.", ["limit": "\(NewImage.nameLimit)"]), value: name)
    }

    static func required(name: String) -> Violation? {
        guard name.allSatisfy(\.isWhitespace) else { return nil }
        return Violation(field: "name", code: "required", message: Message("An image needs a name."), value: name)
    }

    static func format(_ text: String) -> Violation? {
        guard ImageFormat(rawValue: text) == nil else { return nil }
        let known = ImageFormat.allCases.map(\.rawValue).joined(separator: ", ")
        return Violation(
            field: "disk_format", code: "unknown_format",
            message: Message("\"{value}\" is not a disk format; known are {known}.", ["value": text, "known": known]),
            value: text)
    }

    /// Glance keeps both in 32-bit integers.
    static func minimum(_ value: Int, field: String) -> Violation? {
        guard !(0...Int(Int32.max)).contains(value) else { return nil }
        return Violation(
            field: field, code: "out_of_range",
            message: Message("A minimum is a whole number from 0 to {limit}.", ["limit": "\(Int32.max)"]),
            value: "\(value)")
    }

    static func properties(_ properties: [String: String]) -> [Violation] {
        properties.sorted { $0.key < $1.key }.compactMap { key, value in
            guard key.isEmpty || key.utf8.count > 255 || value.utf8.count > 65_535 else { return nil }
            return Violation(
                field: "properties", code: "too_long",
                message: Message("A property's key has 1 to 255 bytes, its value at most 65,535."), value: key)
        }
    }
}

extension NewImage {
    /// Everything that is wrong with the request, before its bytes are looked at.
    public var violations: [Violation] {
        [
            ImageRules.required(name: name) ?? ImageRules.name(name), ImageRules.format(diskFormat),
            ImageRules.minimum(minDiskGiB, field: "min_disk"), ImageRules.minimum(minRAMMiB, field: "min_ram"),
        ].compactMap(\.self) + ImageRules.properties(properties)
    }
}

extension ImageUpdate {
    /// Everything that is wrong with the change.
    var violations: [Violation] {
        [
            name.flatMap { ImageRules.required(name: $0) ?? ImageRules.name($0) },
            diskFormat.flatMap(ImageRules.format),
            minDiskGiB.flatMap { ImageRules.minimum($0, field: "min_disk") },
            minRAMMiB.flatMap { ImageRules.minimum($0, field: "min_ram") },
        ].compactMap(\.self) + ImageRules.properties(properties)
    }
}
