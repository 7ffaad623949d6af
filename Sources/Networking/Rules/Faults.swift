import ServiceCore

/// Where something was typed.
struct Place {
    /// The field in `Violation`s: `allocation_pools[2].start`.
    let field: String
    /// For one of several lines: its number, counted from 1.
    let line: Int?

    init(_ field: String, line: Int? = nil) {
        self.field = field
        self.line = line
    }

    /// A part of this place: `.start` of a row.
    func part(_ name: String) -> Place { Place("\(field).\(name)", line: line) }

    /// The place of a row in a list; rows whose line is not known are counted.
    static func row(_ index: Int, of list: String, line: Int?) -> Place {
        Place("\(list)[\(index)]", line: line ?? index + 1)
    }
}

/// Addresses that break a rule.
struct AddressMark: Hashable {
    let range: AddressRange
    /// The violation's.
    let code: String
}

/// All broken rules of one input, in the order they were found.
struct Faults {
    private(set) var violations: [Violation] = []
    /// The addresses that broke a rule, for drawing.
    private(set) var marks: [AddressMark] = []

    /// Notes which addresses broke a rule; its code is that of the violation.
    mutating func mark(_ range: AddressRange, _ code: String) { marks.append(AddressMark(range: range, code: code)) }

    /// Notes a broken rule. The message may use `{value}`, what was typed; that of a line starts with its number.
    mutating func add(
        _ place: Place, _ code: String, _ english: String, value: String, _ arguments: [String: String] = [:]
    ) {
        var arguments = arguments
        arguments["value"] = Self.shortened(value)
        var english = english
        if let line = place.line {
            english = "Line {line}: " + english
            arguments["line"] = String(line)
        }
        let message = Message(english, arguments)
        violations.append(Violation(field: place.field, code: code, message: message, value: value))
    }

    /// Takes over the faults of a part of the input: `cidr` becomes `subnet.cidr`.
    mutating func add(_ other: Faults, under field: String) {
        violations += other.violations.map {
            Violation(field: "\(field).\($0.field)", code: $0.code, message: $0.message, value: $0.value)
        }
    }

    /// - Throws: `ServiceError` of kind invalid with every fault, when there is one.
    func throwIfAny() throws {
        guard violations.isEmpty else { throw ServiceError.invalid(violations) }
    }

    /// What the rules made of the input; they make nothing only when they found a fault.
    /// - Throws: `ServiceError` of kind invalid with every fault, when there is one.
    func faultless<Checked>(_ checked: Checked?) throws -> Checked {
        guard violations.isEmpty, let checked else { throw ServiceError.invalid(violations) }
        return checked
    }

    /// A message quotes what was typed, but not a whole pasted book.
    private static func shortened(_ text: String) -> String {
        text.count <= 80 ? text : text.prefix(80) + "…"
    }
}

extension Faults {
    /// Notes a text longer than a name may be; neutron's columns have 255 characters.
    mutating func checkLength(_ text: String?, _ field: String, limit: Int = 255) {
        guard let text, text.count > limit else { return }
        add(
            Place(field), "too_long", "This has {length} characters; at most {limit} are allowed.", value: text,
            ["length": String(text.count), "limit": String(limit)])
    }

    /// Reads an address, or notes why it is none.
    mutating func address(_ text: String, _ place: Place) -> IPAddress? {
        do {
            return try IPAddress(parsing: text)
        } catch {
            add(error, text, place)
            return nil
        }
    }

    /// Reads a network address, or notes why it is none.
    mutating func cidr(_ text: String, _ place: Place) -> CIDR? {
        do {
            return try CIDR(parsing: text)
        } catch {
            switch error {
            case .empty: add(place, "cidr_missing", "The network address is missing.", value: text)
            case .address(.notAnAddress), .address(.empty):
                add(place, "not_a_cidr", "'{value}' is not a network address such as 192.168.0.0/24.", value: text)
            case .address(let fault): add(fault, text, place)
            case .prefixMissing(let recommended):
                add(
                    place, "prefix_missing", "'{value}' has no prefix length; write it like '{recommended}'.",
                    value: text, ["recommended": recommended])
            case .prefixWrong(let highest):
                add(
                    place, "prefix_wrong", "'{value}' must end in a prefix length from 1 to {highest}.", value: text,
                    ["highest": String(highest)])
            }
            return nil
        }
    }

    private mutating func add(_ fault: IPAddress.Fault, _ text: String, _ place: Place) {
        switch fault {
        case .empty: add(place, "address_missing", "An IP address is missing.", value: text)
        case .whiteSpace(nil): add(place, "white_space", "'{value}' contains white space.", value: text)
        case .whiteSpace(let recommended?):
            add(
                place, "white_space", "'{value}' contains white space; write '{recommended}'.", value: text,
                ["recommended": recommended])
        case .leadingZeros(let recommended):
            add(
                place, "leading_zeros", "'{value}' has leading zeros; write '{recommended}'.", value: text,
                ["recommended": recommended])
        case .notAnAddress: add(place, "not_an_address", "'{value}' is not an IP address.", value: text)
        }
    }

    /// Notes an address of the other version than the subnet's.
    mutating func checkVersion(_ version: IPVersion, of text: String, like cidr: CIDR?, _ place: Place) -> Bool {
        guard let cidr, cidr.version != version else { return true }
        add(
            place, "wrong_ip_version", "'{value}' is not {version}, but the subnet {cidr} is.", value: text,
            ["version": cidr.version.name, "cidr": cidr.description])
        return false
    }
}
