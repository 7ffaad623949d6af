import Glibc

/// Reads a request line and its fields, line by line, remembering how far it came.
struct HeadParser {
    private static var carriageReturn: UInt8 { 0x0D }
    private static var lineFeed: UInt8 { 0x0A }

    private var line: RequestLine?
    /// Whether `line` is known: looking at that itself takes longer, for each field of each request.
    private var hasLine = false
    private var slots: [Fields.Slot] = []
    private var lineStart = 0
    /// Bytes before this hold no line feed that was not dealt with.
    private var scanned = 0
    private var skippedEmptyLine = false

    /// Reads on. Consumes nothing before the head is complete, but for one empty line before it, which old clients
    /// send after a form (RFC 9112 section 2.2).
    mutating func parse(
        _ input: UnsafeBufferPointer<UInt8>, limits: Limits
    ) throws(RequestError) -> (consumed: Int, head: RequestHead?) {
        if !hasLine, let skipped = try skipEmptyLine(input) { return (skipped, nil) }
        while let end = HeadParser.lineFeed(in: input, from: scanned) {
            try check(end: end, limits)
            guard end > lineStart, input[end - 1] == HeadParser.carriageReturn else {
                throw .malformed("a line ends without carriage return")
            }
            let range = lineStart..<(end - 1)
            (lineStart, scanned) = (end + 1, end + 1)
            if hasLine, !range.isEmpty {
                try parseField(input, range, limits)
            } else if let line {
                let bytes = Array(UnsafeBufferPointer(rebasing: input[..<lineStart]))
                return (lineStart, try RequestHead(line: line, bytes: bytes, slots: slots))
            } else {
                line = try RequestLine(input, range)
                hasLine = true
                slots.reserveCapacity(16)
            }
        }
        scanned = input.count
        // The last byte may be the carriage return of a line that is exactly as long as allowed.
        try check(end: input.count, limits)
        return (0, nil)
    }

    /// A stream that begins with anything but a token is no HTTP (a TLS hello, say): no need to wait for more.
    private mutating func skipEmptyLine(_ input: UnsafeBufferPointer<UInt8>) throws(RequestError) -> Int? {
        guard scanned == 0, input.count > 0, !Grammar.isToken(input[0]) else { return nil }
        guard input[0] == HeadParser.carriageReturn, !skippedEmptyLine else {
            throw .malformed("this is not the beginning of an HTTP request")
        }
        guard input.count > 1 else { return 0 }
        guard input[1] == HeadParser.lineFeed else { throw .malformed("a carriage return stands alone") }
        skippedEmptyLine = true
        return 2
    }

    /// A line that reaches to `end` must be within the limits.
    private func check(end: Int, _ limits: Limits) throws(RequestError) {
        if !hasLine, end - lineStart > limits.requestLine + 1 {
            throw RequestError(.uriTooLong, "the request line is too long")
        }
        if end > limits.head {
            throw RequestError(.requestHeaderFieldsTooLarge, "the header fields are too large")
        }
    }

    /// `field-name ":" OWS field-value OWS` (RFC 9112 section 5).
    private mutating func parseField(
        _ input: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ limits: Limits
    ) throws(RequestError) {
        guard slots.count < limits.fieldCount else {
            throw RequestError(.requestHeaderFieldsTooLarge, "there are too many header fields")
        }
        guard let slot = Fields.Slot(input, line: range) else { throw .malformed("a header field is malformed") }
        slots.append(slot)
    }

    private static func lineFeed(in input: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < input.count, let base = UnsafeRawPointer(input.baseAddress),
            let found = memchr(base + start, 0x0A, input.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}

extension Fields.Slot {
    /// Finds name and value in one field line; nil when it is not of the grammar: an empty name, a blank before the
    /// colon, a folded line (it begins with a blank), a control character.
    init?(_ input: UnsafeBufferPointer<UInt8>, line: Range<Int>) {
        guard let start = UnsafeRawPointer(input.baseAddress),
            let found = memchr(start + line.lowerBound, Int32(UInt8(ascii: ":")), line.count)
        else { return nil }
        let colon = UnsafeRawPointer(found) - start
        guard Grammar.isToken(UnsafeBufferPointer(rebasing: input[line.lowerBound..<colon])) else { return nil }
        var (first, end) = (colon + 1, line.upperBound)
        guard Grammar.isFieldContent(UnsafeBufferPointer(rebasing: input[first..<end])) else { return nil }
        while first < end, input[first] == 0x20 || input[first] == 0x09 { first += 1 }
        while first < end, input[end - 1] == 0x20 || input[end - 1] == 0x09 { end -= 1 }
        name = UInt32(line.lowerBound)..<UInt32(colon)
        value = UInt32(first)..<UInt32(end)
    }
}

extension RequestLine {
    /// `method SP request-target SP HTTP-version`, nothing else (RFC 9112 section 3).
    ///
    /// The version is judged first: what follows another major version is not ours to judge.
    /// - Parameter range: where the line lies in `bytes`, without its line end.
    init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) throws(RequestError) {
        let space = UInt8(ascii: " ")
        var methodEnd = range.lowerBound
        while methodEnd < range.upperBound, Grammar.isToken(bytes[methodEnd]) { methodEnd += 1 }
        // " HTTP/1.1" at the end, and at least one character of target before it.
        let versionStart = range.upperBound - 8
        guard methodEnd > range.lowerBound, versionStart - 1 > methodEnd + 1, bytes[methodEnd] == space,
            bytes[versionStart - 1] == space
        else { throw .malformed("the request line is malformed") }
        let name: StaticString = "HTTP/"
        for index in 0..<5 where bytes[versionStart + index] != name.utf8Start[index] {
            throw .malformed("the request line does not end with an HTTP version")
        }
        let (major, dot, minor) = (bytes[versionStart + 5], bytes[versionStart + 6], bytes[versionStart + 7])
        guard Grammar.isDigit(major), dot == UInt8(ascii: "."), Grammar.isDigit(minor) else {
            throw .malformed("the request line does not end with an HTTP version")
        }
        guard major == UInt8(ascii: "1") else {
            throw RequestError(.httpVersionNotSupported, "this server speaks HTTP/1.1")
        }
        // A later minor version of HTTP/1 is read as the latest we know (RFC 9110 section 6.2).
        minorVersion = minor == UInt8(ascii: "0") ? 0 : 1
        guard let method = Method(UnsafeBufferPointer(rebasing: bytes[range.lowerBound..<methodEnd])) else {
            throw RequestError(.notImplemented, "this method is not implemented here")
        }
        self.method = method
        target = try RequestTarget(bytes, (methodEnd + 1)..<(versionStart - 1), method: method)
    }
}
