import Cryptography
import ServiceCore

/// What a token says, in as few bytes as it takes.
struct TokenContent: Hashable {
    private static let version: UInt8 = 1
    private static let auditSize = 16

    let userID: String
    let projectID: String?
    let issuedAt: Timestamp
    let expiresAt: Timestamp
    let generation: Int
    let auditID: String

    init(
        userID: String, projectID: String?, issuedAt: Timestamp, expiresAt: Timestamp, generation: Int,
        auditID: String = Random.token(bytes: TokenContent.auditSize)
    ) {
        self.userID = userID
        self.projectID = projectID
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.generation = generation
        self.auditID = auditID
    }

    /// Version, times, generation, then three texts, each after its length.
    var bytes: [UInt8] {
        var bytes = [Self.version]
        for number in [issuedAt.milliseconds, expiresAt.milliseconds, Int64(generation)] {
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> Int64(56 - 8 * $0)) }
        }
        for text in [auditID, userID, projectID ?? ""] {
            let utf8 = Array(text.utf8.prefix(255))
            bytes.append(UInt8(utf8.count))
            bytes += utf8
        }
        return bytes
    }

    /// Reads what ``bytes`` wrote; nil for anything else.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        guard rest.popFirst() == Self.version, let issued = Self.number(&rest), let expires = Self.number(&rest),
            let generation = Self.number(&rest), let auditID = Self.text(&rest), let userID = Self.text(&rest),
            let projectID = Self.text(&rest), rest.isEmpty
        else { return nil }
        self.init(
            userID: userID, projectID: projectID.isEmpty ? nil : projectID,
            issuedAt: Timestamp(milliseconds: issued), expiresAt: Timestamp(milliseconds: expires),
            generation: Int(generation), auditID: auditID)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard rest.count >= 8 else { return nil }
        defer { rest = rest.dropFirst(8) }
        return Int64(bitPattern: rest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    private static func text(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let count = rest.popFirst(), rest.count >= Int(count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return String(validating: rest.prefix(Int(count)), as: UTF8.self)
    }
}
