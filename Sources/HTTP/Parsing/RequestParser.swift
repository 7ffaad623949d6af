/// Reads requests off a byte stream (RFC 9112): bytes in, events out. Pure: no socket, no clock, no allocation but for
/// what an event carries.
///
/// The caller keeps the bytes that were not consumed and passes them again with what came after; however the stream
/// is cut, the same events come out. Everything is refused that two implementations could read differently: bare LF,
/// folded lines, blanks before a colon, control characters, contradicting lengths. After an error the parser must not
/// be used again: nobody can know where the next message would begin.
struct RequestParser {
    enum Event {
        /// Line and fields are complete and understood.
        case head(RequestHead)
        /// These bytes of the input are content, with any chunked coding taken off.
        case content(Range<Int>)
        /// The request is complete; the next bytes begin another.
        case end
    }

    /// What the next bytes belong to.
    private enum State {
        case head
        case fixed(remaining: Int64)
        case chunked
    }

    private let limits: Limits
    private var state = State.head
    private var headParser = HeadParser()
    private var chunks: ChunkedDecoder

    init(limits: Limits) {
        self.limits = limits
        chunks = ChunkedDecoder(limits: limits)
    }

    /// Bytes of content still to come; nil when the client has not said how many.
    var remainingContent: Int64? {
        switch state {
        case .head: 0
        case .fixed(let remaining): remaining
        case .chunked: nil
        }
    }

    /// Takes the next step.
    /// - Returns: how many bytes of the input are done with, and what they mean; no event when more bytes are needed.
    /// - Throws: ``RequestError`` with the status to answer before closing.
    mutating func next(_ input: UnsafeBufferPointer<UInt8>) throws(RequestError) -> (consumed: Int, event: Event?) {
        switch state {
        case .head: return try nextInHead(input)
        case .fixed(0):
            state = .head
            return (0, .end)
        case .fixed(let remaining):
            let count = Int(min(remaining, Int64(input.count)))
            guard count > 0 else { return (0, nil) }
            state = .fixed(remaining: remaining - Int64(count))
            return (count, .content(0..<count))
        case .chunked:
            let (consumed, step) = try chunks.next(Span(_unsafeElements: input))
            switch step {
            case .needsMore: return (consumed, nil)
            case .content(let range): return (consumed, .content(range))
            case .end:
                state = .head
                return (consumed, .end)
            }
        }
    }

    private mutating func nextInHead(
        _ input: UnsafeBufferPointer<UInt8>
    ) throws(RequestError) -> (consumed: Int, event: Event?) {
        let (consumed, head) = try headParser.parse(input, limits: limits)
        guard let head else { return (consumed, nil) }
        headParser = HeadParser()
        switch head.framing {
        case .none: state = .fixed(remaining: 0)
        case .length(let length): state = .fixed(remaining: length)
        case .chunked:
            state = .chunked
            chunks = ChunkedDecoder(limits: limits)
        }
        return (consumed, .head(head))
    }
}
