import COpenSSL

/// Password hashes that are slow and large to guess (RFC 7914).
public enum Scrypt {
    /// How much work one hash is.
    public struct Cost: Hashable, Sendable {
        /// The binary logarithm of the number of blocks, N.
        public let logN: Int
        /// The size of a block, r.
        public let r: Int
        /// The parallelism, p.
        public let p: Int

        /// N = 2^14, r = 8, p = 1: 16 MiB and some tens of milliseconds, for people who log in.
        public static let interactive = Cost(trusted: 14, r: 8, p: 1)
        /// Next to nothing, for tests.
        public static let testing = Cost(trusted: 2, r: 1, p: 1)

        /// Makes a cost. The bounds (1…20, 1…32, 1…16) keep a forged hash from using up the memory.
        public init?(logN: Int, r: Int, p: Int) {
            guard (1...20).contains(logN), (1...32).contains(r), (1...16).contains(p) else { return nil }
            self.init(trusted: logN, r: r, p: p)
        }

        private init(trusted logN: Int, r: Int, p: Int) {
            self.logN = logN
            self.r = r
            self.p = p
        }
    }

    /// A hash to store, with its cost and a random salt: `$scrypt$ln=14,r=8,p=1$salt$key`, the PHC string format.
    /// - Throws: `CryptographyError.failed` without memory.
    public static func hash(_ password: String, cost: Cost = .interactive) throws(CryptographyError) -> String {
        let salt = Random.bytes(16)
        let key = try derive(Array(password.utf8), salt: salt, cost: cost, count: 32)
        return "$scrypt$ln=\(cost.logN),r=\(cost.r),p=\(cost.p)"
            + "$\(Base64.unpadded.encode(salt))$\(Base64.unpadded.encode(key))"
    }

    /// Whether a stored hash is that of a password. Takes the time of the hash's own cost.
    public static func verify(_ password: String, against stored: String) -> Bool {
        guard let parsed = Parsed(stored) else { return false }
        guard let key = try? derive(Array(password.utf8), salt: parsed.salt, cost: parsed.cost, count: parsed.key.count)
        else { return false }
        return constantTimeEqual(key, parsed.key)
    }

    /// The cost a stored hash was made with; nil when it is not one of ours.
    public static func cost(of stored: String) -> Cost? {
        Parsed(stored)?.cost
    }

    /// The function itself (RFC 7914 section 6), so that nobody else has to wait for it.
    static func derive(
        _ password: [UInt8], salt: [UInt8], cost: Cost, count: Int
    ) throws(CryptographyError) -> [UInt8] {
        let blocks = UInt64(1) << UInt64(cost.logN)
        // What the function needs (section 5), and room for OpenSSL's own buffers.
        let memory = 128 * UInt64(cost.r) * (blocks + UInt64(cost.p) + 2) + (1 << 20)
        var key = [UInt8](repeating: 0, count: count)
        let (done, _) = givingWay {
            password.withUnsafeBytes { password in
                EVP_PBE_scrypt(
                    password.baseAddress?.assumingMemoryBound(to: CChar.self) ?? UnsafePointer(bitPattern: 1),
                    password.count, salt, salt.count, blocks, UInt64(cost.r), UInt64(cost.p), memory, &key, count)
            }
        }
        guard done == 1 else { throw .openSSL("scrypt") }
        return key
    }

    private struct Parsed {
        let cost: Cost
        let salt: [UInt8]
        let key: [UInt8]

        init?(_ text: String) {
            let fields = text.split(separator: "$", omittingEmptySubsequences: false)
            guard fields.count == 5, fields[0].isEmpty, fields[1] == "scrypt" else { return nil }
            let parameters = fields[2].split(separator: ",").map { $0.split(separator: "=") }
            guard parameters.map(\.first) == ["ln", "r", "p"] else { return nil }
            let numbers = parameters.compactMap { $0.count == 2 ? Int($0[1]) : nil }
            guard numbers.count == 3, let cost = Cost(logN: numbers[0], r: numbers[1], p: numbers[2]),
                let salt = Base64.unpadded.decode(String(fields[3])),
                let key = Base64.unpadded.decode(String(fields[4])), (16...64).contains(key.count)
            else { return nil }
            self.cost = cost
            self.salt = salt
            self.key = key
        }
    }
}
