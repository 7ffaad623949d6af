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

    private enum State {
        case head(HeadParser)
        case fixed(remaining: Int64)
        case chunked(ChunkedDecoder)
    }

    private let limits: Limits
    private var state: State

    init(limits: Limits) {
        self.limits = limits
        state = .head(HeadParser())
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
    mutating func next(_ input: borrowing Span<UInt8>) throws(RequestError) -> (consumed: Int, event: Event?) {
        switch state {
        case .head(var parser):
            let (consumed, head) = try parser.parse(input, limits: limits)
            guard let head else {
                state = .head(parser)
                return (consumed, nil)
            }
            switch head.framing {
            case .none: state = .fixed(remaining: 0)
            case .length(let length): state = .fixed(remaining: length)
            case .chunked: state = .chunked(ChunkedDecoder(limits: limits))
            }
            return (consumed, .head(head))
        case .fixed(0):
            state = .head(HeadParser())
            return (0, .end)
        case .fixed(let remaining):
            let count = Int(min(remaining, Int64(input.count)))
            guard count > 0 else { return (0, nil) }
            state = .fixed(remaining: remaining - Int64(count))
            return (count, .content(0..<count))
        case .chunked(var decoder):
            let (consumed, step) = try decoder.next(input)
            switch step {
            case .needsMore:
                state = .chunked(decoder)
                return (consumed, nil)
            case .content(let range):
                state = .chunked(decoder)
                return (consumed, .content(range))
            case .end:
                state = .head(HeadParser())
                return (consumed, .end)
            }
        }
    }
}
