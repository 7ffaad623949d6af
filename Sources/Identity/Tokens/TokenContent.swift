import Cryptography
import ServiceCore

/// What a token says, in as few bytes as it takes.
struct TokenContent: Hashable {
    /// What a token is good for.
    enum Scope: Hashable {
        case unscoped
        case project(String)
        case domain(String)
        case system
        /// What a trust passes on.
        case trust(String)
    }

    private static let version: UInt8 = 2
    private static let auditSize = 16

    let userID: String
    let scope: Scope
    let methods: TokenMethods
    let issuedAt: Timestamp
    let expiresAt: Timestamp
    /// That of the user's tokens when this one was issued; for a trust, with that of its trustor's added.
    let generation: Int
    let auditID: String
    /// The audit identifier of the first token of a chain of exchanges; nil for the first itself.
    let parentAuditID: String?
    let applicationCredentialID: String?

    init(
        userID: String, scope: Scope, methods: TokenMethods, issuedAt: Timestamp, expiresAt: Timestamp,
        generation: Int, auditID: String = Random.token(bytes: TokenContent.auditSize), parentAuditID: String? = nil,
        applicationCredentialID: String? = nil
    ) {
        self.userID = userID
        self.scope = scope
        self.methods = methods
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.generation = generation
        self.auditID = auditID
        self.parentAuditID = parentAuditID
        self.applicationCredentialID = applicationCredentialID
    }

    /// Whether it is good for what somebody else has let it do, and therefore for no other token.
    var isDelegated: Bool {
        if case .trust = scope { return true }
        return applicationCredentialID != nil
    }

    /// Version, methods, kind of scope, times, generation, then five texts, each after its length.
    var bytes: [UInt8] {
        var bytes = [Self.version, methods.rawValue, scope.kind]
        for number in [issuedAt.milliseconds, expiresAt.milliseconds, Int64(generation)] {
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> Int64(56 - 8 * $0)) }
        }
        for text in [auditID, parentAuditID ?? "", userID, scope.id, applicationCredentialID ?? ""] {
            let utf8 = Array(text.utf8.prefix(255))
            bytes.append(UInt8(utf8.count))
            bytes += utf8
        }
        return bytes
    }

    /// Reads what ``bytes`` wrote; nil for anything else.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        guard rest.popFirst() == Self.version, let methods = rest.popFirst(), let kind = rest.popFirst(),
            let issued = Self.number(&rest), let expires = Self.number(&rest), let generation = Self.number(&rest),
            let auditID = Self.text(&rest), let parentAuditID = Self.text(&rest), let userID = Self.text(&rest),
            let scopeID = Self.text(&rest), let credentialID = Self.text(&rest), rest.isEmpty,
            let scope = Scope(kind: kind, id: scopeID)
        else { return nil }
        self.init(
            userID: userID, scope: scope, methods: TokenMethods(rawValue: methods),
            issuedAt: Timestamp(milliseconds: issued), expiresAt: Timestamp(milliseconds: expires),
            generation: Int(generation), auditID: auditID,
            parentAuditID: parentAuditID.isEmpty ? nil : parentAuditID,
            applicationCredentialID: credentialID.isEmpty ? nil : credentialID)
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

extension TokenContent.Scope {
    fileprivate var kind: UInt8 {
        switch self {
        case .unscoped: 0
        case .project: 1
        case .domain: 2
        case .system: 3
        case .trust: 4
        }
    }

    fileprivate var id: String {
        switch self {
        case .project(let id), .domain(let id), .trust(let id): id
        case .unscoped, .system: ""
        }
    }

    fileprivate init?(kind: UInt8, id: String) {
        switch (kind, id.isEmpty) {
        case (0, true): self = .unscoped
        case (1, false): self = .project(id)
        case (2, false): self = .domain(id)
        case (3, true): self = .system
        case (4, false): self = .trust(id)
        default: return nil
        }
    }
}

/// How the holder of a token proved who it is, those of the tokens it was exchanged for included.
struct TokenMethods: OptionSet, Hashable {
    let rawValue: UInt8

    static let password = TokenMethods(rawValue: 1)
    static let token = TokenMethods(rawValue: 2)
    static let applicationCredential = TokenMethods(rawValue: 4)
    static let totp = TokenMethods(rawValue: 8)
    /// Those that there are.
    static let all: TokenMethods = [.password, .token, .applicationCredential, .totp]

    /// keystone's names for them.
    var names: [String] {
        let all: [(TokenMethods, String)] = [
            (.password, "password"), (.token, "token"), (.applicationCredential, "application_credential"),
            (.totp, "totp"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}
