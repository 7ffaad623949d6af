import Compute
import HTTP
import ServiceCore

/// nova's kinds of values (nova/api/validation/parameter_types.py), beside those that all services have.
extension JSONMember {
    /// A name: 1 to 255 printable characters, neither the first nor the last a space.
    func name() throws -> String {
        let text = try text(1...255)
        guard text.unicodeScalars.allSatisfy(\.isPrintable) else {
            throw refusal("must have printable characters only")
        }
        guard text.unicodeScalars.first?.properties.isWhitespace == false,
            text.unicodeScalars.last?.properties.isWhitespace == false
        else { throw refusal("must not begin or end with a space") }
        return text
    }

    /// Free text of at most 255 printable characters; nil for null.
    func description(_ longest: Int = 255) throws -> String? {
        guard let text = try nullableText(0...longest) else { return nil }
        guard text.unicodeScalars.allSatisfy(\.isPrintable) else {
            throw refusal("must have printable characters only")
        }
        return text
    }

    /// A whole number, also as a text of digits; nova takes no fractions and no signs in those.
    func count(_ least: Int = 1, _ most: Int = Int(Int32.max)) throws -> Int {
        if case .text(let text) = value {
            guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
                throw refusal("must be a number")
            }
        }
        return try looseInteger(least...most)
    }

    /// An address of a version, or "".
    func address(_ isAddress: (String) -> Bool, _ kind: String) throws -> String {
        let text = try text()
        guard text.isEmpty || isAddress(text) else { throw refusal("must be \(kind)") }
        return text
    }

    /// Pairs of metadata: names of letters, digits and `-_:. `, texts of at most 255 characters.
    func metadata() throws -> [String: String] {
        let pairs = try texts()
        for key in pairs.keys where !MetadataName.isPossible(key) {
            throw refusal("has a name with other characters than letters, digits, spaces and - _ : .")
        }
        return pairs
    }

    /// Anything at all, as nova takes it where only the name of an action matters.
    func anything() {}
}

extension Unicode.Scalar {
    /// Letters, marks, numbers, punctuation, symbols and plain spaces.
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}

extension ClosedRange<Microversion> {
    /// Those of nova from 2.`minor` on.
    static func since(_ minor: Int) -> Self { Microversion(2, minor)...Microversion(2, .max) }
}

extension QueryReader {
    /// `limit` and `marker` as nova takes them; nil for a page of nothing.
    func novaPage() throws -> PageRequest? {
        for text in texts("limit") where text.isEmpty || !text.utf8.allSatisfy({ (48...57).contains($0) }) {
            throw APIError(.badRequest, "Invalid input for query parameters limit. Value: \(text.prefix(80)).")
        }
        let limit = try integer("limit", 0...Int.max) ?? PageRequest.largest
        let marker = text("marker")
        return limit == 0 ? nil : PageRequest(marker: marker, limit: min(limit, PageRequest.largest))
    }

    /// A moment.
    /// - Throws: `APIError` 400.
    func moment(_ name: String) throws -> Timestamp? {
        guard let text = text(name) else { return nil }
        guard let moment = Timestamp(iso8601: text) else {
            throw APIError(.badRequest, "Invalid input for \(name): '\(text.prefix(80))' is not a date and a time.")
        }
        return moment
    }

    /// Refuses names that nobody asked for, as nova does since 2.75.
    func finish(_ call: APICall) throws {
        if call.isAtLeast(2, 75) { try refuseUnknown() }
    }
}
