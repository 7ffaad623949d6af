/// Bytes nobody can guess, from the kernel.
public enum Random {
    /// Random bytes.
    public static func bytes(_ count: Int) -> [UInt8] {
        // Each number asked for is a system call, whatever its size.
        var generator = SystemRandomNumberGenerator()
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            for start in stride(from: 0, to: count, by: 8) {
                withUnsafeBytes(of: generator.next() as UInt64) { word in
                    for index in start..<min(start + 8, count) { buffer[index] = word[index - start] }
                }
            }
            initialized = count
        }
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
