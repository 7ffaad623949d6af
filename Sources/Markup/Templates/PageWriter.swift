/// Puts a page into memory that was set aside for it. A page that turns out longer is counted to its end, so that it can
/// be written again with as much room as it takes.
struct PageWriter {
    private let start: UnsafeMutablePointer<UInt8>?
    private let capacity: Int
    /// Bytes of the page so far, whether there was room for them or not.
    private(set) var count = 0

    var isComplete: Bool { count <= capacity }

    init(_ memory: UnsafeMutableBufferPointer<UInt8>) {
        start = memory.baseAddress
        capacity = memory.count
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        if let start, let source = bytes.baseAddress, bytes.count <= capacity - count {
            (start + count).update(from: source, count: bytes.count)
        }
        count += bytes.count
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if let start, count < capacity { start[count] = byte }
        count += 1
    }

    /// A text as it is.
    mutating func append(_ text: String) {
        if text.utf8.withContiguousStorageIfAvailable({ append($0) }) == nil {
            var text = text
            text.withUTF8 { append($0) }
        }
    }

    /// A text with what is special in HTML escaped.
    mutating func appendEscaped(_ text: String) {
        if text.utf8.withContiguousStorageIfAvailable({ appendEscaped($0) }) == nil {
            var text = text
            text.withUTF8 { appendEscaped($0) }
        }
    }

    mutating func append(_ number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var rest = number.magnitude
        withUnsafeMutableBytes(of: &digits) { digits in
            var first = digits.count
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            append(UnsafeBufferPointer(rebasing: digits.assumingMemoryBound(to: UInt8.self)[first...]))
        }
    }

    /// Bytes of multi-byte characters are all above 127, so scanning bytes is scanning characters.
    private mutating func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        var run = 0
        var index = HTMLEscaping.firstSpecial(in: bytes, from: 0)
        while index < bytes.count {
            append(UnsafeBufferPointer(rebasing: bytes[run..<index]))
            HTMLEscaping.entity(for: bytes[index]).withUTF8Buffer { append($0) }
            run = index + 1
            index = HTMLEscaping.firstSpecial(in: bytes, from: run)
        }
        append(UnsafeBufferPointer(rebasing: bytes[run...]))
    }
}
