import ServiceCore

/// nova's rules on aggregates, said once. Those on clashes between zones need the other rows and stand in the service.
enum AggregateRules {
    static func name(_ name: String) -> Violation? {
        if name.isEmpty {
            return Violation(
                field: "name", code: "required", message: Message("A host aggregate needs a name."), value: name)
        }
        return PlainText.violation(in: name, field: "name")
    }

    /// nova refuses a colon: `zone:host` names a host.
    static func zone(_ zone: String, field: String = "availability_zone") -> Violation? {
        func refuse(_ code: String, _ message: Message) -> Violation {
            Violation(field: field, code: code, message: message, value: zone)
        }
        if zone.isEmpty { return refuse("required", Message("An availability zone needs a name.")) }
        if zone.contains(":") {
            return refuse("colon", Message("The name of an availability zone has no colon; zone:host names a host."))
        }
        if zone == AvailabilityZone.internal {
            return refuse("reserved", Message("The zone internal is that of the controllers."))
        }
        return PlainText.violation(in: zone, field: field)
    }

    static func metadata(_ metadata: [String: String]) -> [Violation] {
        metadata.sorted { $0.key < $1.key }.flatMap { key, value in
            let field = "metadata.\(key)"
            if key == Aggregate.zoneKey { return [zone(value, field: field)].compactMap(\.self) }
            let violations = [PlainText.violation(in: key, field: field), PlainText.violation(in: value, field: field)]
            let missing =
                key.isEmpty || value.isEmpty
                ? Violation(field: field, code: "required", message: Message("A key and a value are needed.")) : nil
            return (violations + [missing]).compactMap(\.self)
        }
    }
}

/// Short texts people type: nova's limit of 255 characters, none of them a control character.
enum PlainText {
    static let limit = 255

    static func violation(in text: String, field: String) -> Violation? {
        if text.unicodeScalars.count > limit {
            return Violation(
                field: field, code: "too_long",
                message: Message("At most {limit} characters are possible.", ["limit": "\(limit)"]), value: text)
        }
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return nil }
        return Violation(
            field: field, code: "control_character",
            message: Message("Line breaks and other control characters are not possible here."), value: text)
    }
}
