/// Splits `multipart/form-data` (RFC 7578, RFC 2046 section 5.1) into parts: bytes in, events out. Pure.
///
/// Bytes may arrive cut anywhere. What could be the beginning of a delimiter is held back until it is decided, which
/// is never more than the delimiter's length.
struct MultipartParser {
    enum Event: Equatable {
        /// A part begins.
        case part(name: String, fileName: String?, contentType: String)
        /// Some of the part's content.
        case content([UInt8])
        /// The part is complete.
        case endOfPart
        /// The form is malformed from here on; nothing follows. An event like the others, so that what came before it
        /// comes before it however the bytes are cut.
        case refused(RequestError)
    }

    private enum State {
        case preamble
        case afterDelimiter
        case header
        case content
        case epilogue
        case refused
    }

    /// Most bytes of one part's header section.
    private static let headerLimit = 8 << 10

    private let delimiter: [UInt8]
    private var state = State.preamble
    /// Undecided bytes. Begins with a line break, so that the first delimiter, which needs none before it, is found
    /// like every other.
    private var buffer: [UInt8] = [0x0D, 0x0A]

    /// - Throws: ``RequestError`` 400 when the boundary is not of RFC 2046's grammar.
    init(boundary: String) throws(RequestError) {
        guard (1...70).contains(boundary.utf8.count),
            boundary.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 }), boundary.utf8.last != 0x20
        else { throw .malformed("the multipart boundary is malformed") }
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    /// Whether the closing delimiter was seen.
    var isComplete: Bool { state == .epilogue }

    /// Takes bytes, gives what they complete.
    mutating func parse(_ bytes: borrowing Span<UInt8>) -> [Event] {
        guard state != .epilogue, state != .refused else { return [] }
        bytes.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
        var events: [Event] = []
        var index = 0
        do throws(RequestError) {
            while try step(&index, &events) {}
        } catch {
            state = .refused
            events.append(.refused(error))
        }
        buffer.removeFirst(index)
        return events
    }

    /// Does one step from `index` on; false when more bytes are needed.
    private mutating func step(_ index: inout Int, _ events: inout [Event]) throws(RequestError) -> Bool {
        switch state {
        case .preamble, .content:
            return scan(&index, &events)
        case .afterDelimiter:
            return try finishDelimiter(&index)
        case .header:
            guard let end = headerEnd(from: index) else {
                // All but the last byte of the empty line may be there already.
                guard buffer.count - index <= MultipartParser.headerLimit + 1 else {
                    throw MultipartParser.headerTooLarge
                }
                return false
            }
            guard end - index <= MultipartParser.headerLimit else { throw MultipartParser.headerTooLarge }
            events.append(try MultipartParser.part(buffer[index..<end]))
            // The empty line's own break is also the one a delimiter may begin with, when the part is empty.
            index = end + 2
            state = .content
            return true
        case .epilogue, .refused:
            index = buffer.count
            return false
        }
    }

    /// Looks for the delimiter; hands out what cannot belong to one.
    private mutating func scan(_ index: inout Int, _ events: inout [Event]) -> Bool {
        let found = buffer.firstRange(of: delimiter, from: index)
        // With nothing found, keep what may be a delimiter's beginning.
        let end = found ?? max(index, buffer.count - delimiter.count + 1)
        if state == .content, end > index { events.append(.content(Array(buffer[index..<end]))) }
        index = end
        guard found != nil else { return false }
        if state == .content { events.append(.endOfPart) }
        index += delimiter.count
        state = .afterDelimiter
        return true
    }

    /// `--` closes the body, a line break opens a part; blanks may stand before it (RFC 2046 section 5.1.1).
    private mutating func finishDelimiter(_ index: inout Int) throws(RequestError) -> Bool {
        while index < buffer.count, buffer[index] == 0x20 || buffer[index] == 0x09 { index += 1 }
        guard buffer.count - index >= 2 else { return false }
        switch (buffer[index], buffer[index + 1]) {
        case (UInt8(ascii: "-"), UInt8(ascii: "-")): state = .epilogue
        case (0x0D, 0x0A): state = .header
        default: throw .malformed("a multipart delimiter is followed by something else")
        }
        // The line break stays, so that an empty header section ends like any other.
        if state == .epilogue { index += 2 }
        return true
    }

    /// Where the header section ends: at the line break of its empty line.
    private func headerEnd(from index: Int) -> Int? {
        buffer.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A], from: index).map { $0 + 2 }
    }

    private static let headerTooLarge = RequestError.malformed("a part's header section is too large")

    private static func part(_ header: ArraySlice<UInt8>) throws(RequestError) -> Event {
        var disposition: MediaType?
        var contentType = "text/plain"
        for line in header.split(whereSeparator: { $0 == 0x0A }) {
            let line = line.last == 0x0D ? line.dropLast() : line
            guard !line.isEmpty else { continue }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                line[..<colon].allSatisfy({ Grammar.isToken($0) }),
                line[colon...].allSatisfy({ Grammar.isFieldContent($0) }),
                let value = String(validating: line[(colon + 1)...], as: UTF8.self)
            else { throw .malformed("a part's header field is malformed") }
            switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
            case "content-disposition": disposition = MediaType(String(value.trimmingBlanks()))
            case "content-type": contentType = String(value.trimmingBlanks())
            default: break
            }
        }
        guard let disposition, disposition.name == "form-data", let name = disposition.parameters["name"] else {
            throw .malformed("a part does not name its form field")
        }
        return .part(name: name, fileName: disposition.parameters["filename"], contentType: contentType)
    }
}

extension [UInt8] {
    /// Where `pattern` first begins at or after `start`.
    func firstRange(of pattern: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first, count - start >= pattern.count else { return nil }
        var index = start
        let last = count - pattern.count
        while index <= last {
            guard let next = self[index...last].firstIndex(of: first) else { return nil }
            if self[next..<(next + pattern.count)].elementsEqual(pattern) { return next }
            index = next + 1
        }
        return nil
    }
}
