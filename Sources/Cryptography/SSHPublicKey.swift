/// A public key as OpenSSH writes it: `ssh-ed25519 AAAA… comment`.
public struct SSHPublicKey: Hashable, Sendable {
    /// `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256` and so on.
    public let type: String
    /// The key in the SSH protocol's form (RFC 4253 section 6.6).
    public let blob: [UInt8]
    /// Whatever stands behind the key; often who and where.
    public let comment: String

    init(type: String, blob: [UInt8], comment: String) {
        self.type = type
        self.blob = blob
        self.comment = comment
    }

    /// Reads one line. Nil unless it holds a whole key of a type that present SSH servers accept.
    public init?(parsing text: String) {
        let line = text.drop(while: \.isWhitespace)
        let fields = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        guard fields.count >= 2, text.utf8.count <= 16_384 else { return nil }
        let type = String(fields[0])
        let key = fields[1].prefix { !$0.isWhitespace }
        let comment = fields.count == 3 ? fields[2].prefix { !$0.isNewline } : ""
        let isOneLine = text.split(whereSeparator: \.isNewline).count { !$0.allSatisfy(\.isWhitespace) } == 1
        guard isOneLine, let blob = Base64.standard.decode(String(key)), Self.isWhole(blob, type: type) else {
            return nil
        }
        var trimmed = comment
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        self.init(type: type, blob: blob, comment: String(trimmed))
    }

    /// The line for `authorized_keys`.
    public var line: String {
        "\(type) \(Base64.standard.encode(blob))" + (comment.isEmpty ? "" : " \(comment)")
    }

    /// Colon-separated hexadecimal, as nova shows it.
    public var fingerprintMD5: String {
        MD5.hash(blob).map { [$0].hexadecimal }.joined(separator: ":")
    }

    /// `SHA256:…`, as `ssh-keygen -l` shows it.
    public var fingerprintSHA256: String {
        "SHA256:" + Base64.unpadded.encode(SHA256.hash(blob))
    }

    private static func isWhole(_ blob: [UInt8], type: String) -> Bool {
        var reader = SSHReader(blob)
        guard reader.string() == Array(type.utf8) else { return false }
        switch type {
        case "ssh-ed25519":
            guard reader.string()?.count == 32 else { return false }
        case "ssh-rsa":
            guard let exponent = reader.integerSize(), let modulus = reader.integerSize(), exponent >= 2,
                (1024...16_384).contains(modulus)
            else { return false }
        case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521":
            guard reader.string() == Array(type.utf8.suffix(8)), let point = reader.string(), point.first == 4 else {
                return false
            }
        case "sk-ssh-ed25519@openssh.com":
            guard reader.string()?.count == 32, reader.string() != nil else { return false }
        case "sk-ecdsa-sha2-nistp256@openssh.com":
            guard reader.string() == Array("nistp256".utf8), reader.string()?.first == 4, reader.string() != nil else {
                return false
            }
        default:
            return false
        }
        return reader.isAtEnd
    }
}
