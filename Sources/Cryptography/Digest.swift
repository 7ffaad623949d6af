import COpenSSL

/// A function that makes a short sum of any number of bytes. OpenSSL 3 does the work.
public protocol DigestAlgorithm {
    /// OpenSSL's name for it.
    static var name: String { get }
}

/// A running sum over bytes that come piece by piece:
///
/// ```swift
/// var sum = SHA512()
/// sum.update(chunk)
/// let checksum = sum.finalize().hexadecimal
/// ```
public struct Digest<Algorithm: DigestAlgorithm>: ~Copyable {
    private let context: OpaquePointer

    /// Starts a sum.
    public init() {
        // Null only without memory.
        context = EVP_MD_CTX_new()!
        begin()
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The sum of what was added; the next addition starts a new one.
    public mutating func finalize() -> [UInt8] {
        let sum = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            EVP_DigestFinal_ex(context, buffer.baseAddress, &length)
            count = Int(length)
        }
        begin()
        return sum
    }

    /// The sum of some bytes.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = Digest()
        digest.update(bytes)
        return digest.finalize()
    }

    private func begin() {
        let isStarted = EVP_DigestInit_ex(context, EVP_get_digestbyname(Algorithm.name), nil) == 1
        precondition(isStarted, "this build of OpenSSL lacks \(Algorithm.name)")
    }
}

/// 16 bytes; for checksums and fingerprints that others publish, not for security.
public typealias MD5 = Digest<MD5Algorithm>
/// 20 bytes; for names that others publish, not for security.
public typealias SHA1 = Digest<SHA1Algorithm>
/// 32 bytes.
public typealias SHA256 = Digest<SHA256Algorithm>
/// 64 bytes.
public typealias SHA512 = Digest<SHA512Algorithm>

/// RFC 1321.
public enum MD5Algorithm: DigestAlgorithm {
    public static let name = "MD5"
}

/// FIPS 180-4.
public enum SHA1Algorithm: DigestAlgorithm {
    public static let name = "SHA1"
}

/// FIPS 180-4.
public enum SHA256Algorithm: DigestAlgorithm {
    public static let name = "SHA256"
}

/// FIPS 180-4.
public enum SHA512Algorithm: DigestAlgorithm {
    public static let name = "SHA512"
}
