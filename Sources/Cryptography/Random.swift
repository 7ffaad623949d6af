/// Bytes nobody can guess, from the kernel.
public enum Random {
    /// Random bytes.
    public static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in generator.next() }
    }

    /// A secret for cookies and links: random bytes in base64url.
    public static func token(bytes count: Int) -> String {
        Base64.url.encode(bytes(count))
    }
}

/// Compares secrets in a time that does not depend on where they differ.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
}

/// Compares secrets in a time that does not depend on where they differ.
public func constantTimeEqual(_ left: String, _ right: String) -> Bool {
    constantTimeEqual(Array(left.utf8), Array(right.utf8))
}
