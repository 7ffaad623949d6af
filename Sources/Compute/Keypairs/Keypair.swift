public import ServiceCore

/// A public key of a user that instances can be launched with. Keypairs belong to users, not to projects.
public struct Keypair: Sendable, Hashable {
    /// Unique among the keypairs of its user.
    public let name: String
    /// Whose it is.
    public let userID: String
    /// `ssh`.
    public let type: String
    /// One line in OpenSSH's form.
    public let publicKey: String
    /// MD5 of the key in colon-separated hexadecimal, as nova shows it.
    public let fingerprint: String
    /// When it was made or imported.
    public let createdAt: Timestamp
    /// Counts the keypairs of all users; 0 until it is stored.
    public var number = 0
}

/// A keypair that was made here. The private half is not stored: this is the only time it can be read.
public struct CreatedKeypair: Sendable {
    /// What is kept of it.
    public let keypair: Keypair
    /// OpenSSH's private key file; it goes to the user's disk and nowhere else.
    public let privateKey: String
}

/// The algorithm of a key to be made.
public enum KeypairAlgorithm: String, Sendable, CaseIterable {
    case ed25519
    case rsa
    /// A self-signed certificate, for guests that know no SSH.
    case x509
}

/// Horizon's rule for the names of keypairs: words of letters, digits and underscores, joined by single spaces or
/// hyphens; at most 255 characters.
public enum KeypairName {
    /// Characters.
    public static let limit = 255

    /// Says what is wrong with a name; nil when nothing is.
    public static func violation(in name: String) -> Violation? {
        if name.isEmpty {
            return Violation(
                field: "name", code: "required", message: Message("A key pair needs a name."), value: name)
        }
        guard name.unicodeScalars.count <= limit else {
            return Violation(
                field: "name", code: "too_long",
                message: Message("A key pair name has at most {limit} characters.", ["limit": "\(limit)"]), value: name)
        }
        guard !isWellFormed(name) else { return nil }
        return Violation(
            field: "name", code: "malformed_name",
            message: Message(
                "A key pair name may only contain letters, digits and underscores, joined by single spaces or hyphens."),
            value: name)
    }

    private static func isWellFormed(_ name: String) -> Bool {
        name.split(omittingEmptySubsequences: false) { $0 == " " || $0 == "-" }.allSatisfy { word in
            !word.isEmpty
                && word.unicodeScalars.allSatisfy {
                    $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
                }
        }
    }
}
