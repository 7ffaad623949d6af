/// The data types of the SSH protocol (RFC 4251 section 5).
struct SSHWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ number: UInt32) {
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * $0)) }
    }

    mutating func write(string: [UInt8]) {
        write(UInt32(string.count))
        bytes += string
    }

    mutating func write(string: String) {
        write(string: Array(string.utf8))
    }

    /// A positive integer, most significant byte first.
    mutating func write(integer: [UInt8]) {
        let digits = Array(integer.drop { $0 == 0 })
        let needsZero = digits.first.map { $0 >= 0x80 } ?? false
        write(string: needsZero ? [0] + digits : digits)
    }

    mutating func append(_ more: [UInt8]) {
        bytes += more
    }
}

struct SSHReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func string() -> [UInt8]? {
        guard rest.count >= 4 else { return nil }
        let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard rest.count - 4 >= length else { return nil }
        let string = Array(rest.dropFirst(4).prefix(length))
        rest = rest.dropFirst(4 + length)
        return string
    }

    /// How many bits a positive integer has; nil for a negative one.
    mutating func integerSize() -> Int? {
        guard let digits = string(), (digits.first ?? 0) < 0x80 else { return nil }
        let significant = digits.drop { $0 == 0 }
        guard let first = significant.first else { return 0 }
        return significant.count * 8 - first.leadingZeroBitCount
    }
}
