import Glibc

/// Where a connection puts its responses together before they are sent: memory that is used again and again.
///
/// Not an array: an array's appends ask each time whether it is shared, and this is the busiest place of the server.
final class OutputBuffer {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    /// Bytes in it.
    private(set) var count = 0

    init(capacity: Int = 16 << 10) {
        base = .allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    deinit { base.deallocate() }

    var isEmpty: Bool { count == 0 }

    /// The bytes; valid until the next change.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    @inline(__always)
    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        memcpy(base + count, source, bytes.count)
        count += bytes.count
    }

    func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    func append(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { append($0) }
    }

    @inline(__always)
    func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func append(text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Lets `body` write up to `capacity` bytes behind those that are there, and say how many they were.
    func append(capacity: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        reserve(capacity)
        let room = UnsafeMutableRawBufferPointer(start: base + count, count: capacity)
        count += body(room.bindMemory(to: UInt8.self))
    }

    /// Appends a number that is not negative in decimal digits.
    func append(decimal value: Int64) {
        // The digits come out last one first: they are written where the longest number would end, and moved.
        reserve(24)
        let start = base + count
        var first = 24
        var rest = UInt64(value)
        repeat {
            let quotient = rest / 10
            first &-= 1
            start.storeBytes(
                of: UInt8(truncatingIfNeeded: rest &- quotient &* 10) &+ 0x30, toByteOffset: first, as: UInt8.self)
            rest = quotient
        } while rest > 0
        memmove(start, start + first, 24 &- first)
        count += 24 &- first
    }

    /// Empties it; memory beyond `keeping` bytes is given back.
    func removeAll(keeping: Int = 256 << 10) {
        count = 0
        guard capacity > keeping else { return }
        base.deallocate()
        capacity = 16 << 10
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    @inline(__always)
    private func reserve(_ more: Int) {
        if count + more > capacity { grow(more) }
    }

    private func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        memcpy(memory, base, count)
        base.deallocate()
        base = memory
        capacity = larger
    }
}
