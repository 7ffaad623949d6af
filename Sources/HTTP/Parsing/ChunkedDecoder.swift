/// Takes the chunked transfer coding off (RFC 9112 section 7.1): bytes in, ranges of content out. Pure.
///
/// Chunk extensions are read and forgotten; so are trailer fields, after they were checked like header fields.
struct ChunkedDecoder {
    enum Step: Equatable {
        case needsMore
        /// These bytes of the input are content.
        case content(Range<Int>)
        /// The coding is complete.
        case end
    }

    private enum State {
        case size(value: Int64, digits: Int)
        case extensions(size: Int64)
        case sizeLineFeed(size: Int64)
        case data(remaining: Int64)
        case dataCarriageReturn
        case dataLineFeed
        case trailer
    }

    private let limits: Limits
    private var state = State.size(value: 0, digits: 0)
    private var lineLength = 0
    private var trailerLength = 0
    private var trailerLine: [UInt8] = []

    init(limits: Limits) {
        self.limits = limits
    }

    /// Takes the next step: runs over framing until there is content, the end, or no more input.
    mutating func next(_ input: borrowing Span<UInt8>) throws(RequestError) -> (consumed: Int, step: Step) {
        var index = 0
        while index < input.count {
            if case .data(let remaining) = state {
                let count = Int(min(remaining, Int64(input.count - index)))
                state = remaining == Int64(count) ? .dataCarriageReturn : .data(remaining: remaining - Int64(count))
                return (index + count, .content(index..<(index + count)))
            }
            let byte = input[index]
            index += 1
            if try frame(byte) { return (index, .end) }
        }
        return (index, .needsMore)
    }

    /// Takes one byte of framing; true when it was the last.
    private mutating func frame(_ byte: UInt8) throws(RequestError) -> Bool {
        switch state {
        case .size(let value, let digits): try size(byte, value, digits)
        case .extensions(let size):
            try countLine()
            if byte == 0x0D {
                state = .sizeLineFeed(size: size)
            } else if !Grammar.isFieldContent(byte) {
                throw .malformed("a chunk extension is malformed")
            }
        case .sizeLineFeed(let size):
            try expect(byte, 0x0A)
            lineLength = 0
            state = size == 0 ? .trailer : .data(remaining: size)
        case .data: break
        case .dataCarriageReturn:
            try expect(byte, 0x0D)
            state = .dataLineFeed
        case .dataLineFeed:
            try expect(byte, 0x0A)
            state = .size(value: 0, digits: 0)
        case .trailer: return try trailer(byte)
        }
        return false
    }

    /// `1*HEXDIG`, at most 15 of them, so that no sum can overflow; then an extension or the line's end.
    private mutating func size(_ byte: UInt8, _ value: Int64, _ digits: Int) throws(RequestError) {
        try countLine()
        if let digit = Grammar.hexValue(byte) {
            guard digits < 15 else { throw .malformed("a chunk size is too large") }
            state = .size(value: value << 4 | Int64(digit), digits: digits + 1)
            return
        }
        guard digits > 0 else { throw .malformed("a chunk size is missing") }
        switch byte {
        case 0x0D: state = .sizeLineFeed(size: value)
        case UInt8(ascii: ";"): state = .extensions(size: value)
        default: throw .malformed("a chunk size is malformed")
        }
    }

    /// Collects trailer lines; an empty one ends the message.
    private mutating func trailer(_ byte: UInt8) throws(RequestError) -> Bool {
        trailerLength += 1
        guard trailerLength <= limits.trailerSection else {
            throw RequestError(.requestHeaderFieldsTooLarge, "the trailer fields are too large")
        }
        trailerLine.append(byte)
        guard byte == 0x0A else { return false }
        guard trailerLine.count >= 2, trailerLine[trailerLine.count - 2] == 0x0D else {
            throw .malformed("a line ends without carriage return")
        }
        if trailerLine.count == 2 { return true }
        let isField = trailerLine.withUnsafeBufferPointer { Fields.Slot($0, line: 0..<($0.count - 2)) != nil }
        guard isField else {
            throw .malformed("a trailer field is malformed")
        }
        trailerLine = []
        return false
    }

    private mutating func countLine() throws(RequestError) {
        lineLength += 1
        guard lineLength <= limits.chunkLine else { throw .malformed("a chunk's size line is too long") }
    }

    private func expect(_ byte: UInt8, _ expected: UInt8) throws(RequestError) {
        guard byte == expected else { throw .malformed("a chunk does not end where it says") }
    }
}
