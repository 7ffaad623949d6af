import Markup

/// The lines of a console log that hold a text, whatever the case of its ASCII letters.
struct LogSearch {
    /// A line with the places where the text is.
    struct Line: TemplateModel, Equatable {
        /// Counted from 1.
        let number: Int
        let pieces: [Piece]

        static let shape = Shape<Line>([.number("number", \.number), .list("pieces", \.pieces)])
    }

    /// A part of a line.
    struct Piece: TemplateModel, Equatable {
        let text: String
        let isHit: Bool

        static let shape = Shape<Piece>([.text("text", \.text), .flag("hit", \.isHit)])
    }

    /// The last lines that are shown; what is looked for is mostly what happened last.
    static let lineLimit = 500
    /// Bytes of one line that are shown. A guest may write a megabyte without a line break.
    static let lineLength = 4096
    /// Bytes of the text that is looked for.
    static let queryLength = 200

    /// The last lines with the text in them, in their order.
    private(set) var lines: [Line] = []
    /// How many there are in all.
    private(set) var total = 0

    /// An empty text is nowhere.
    init(_ query: String, in log: String) {
        let wanted = Array(query.utf8.prefix(Self.queryLength)).map(Self.folded)
        guard !wanted.isEmpty else { return }
        var log = log
        log.withUTF8 { search(wanted, $0) }
    }

    /// One walk over the log, from its end: the lines that are shown are made into text, the others only counted.
    private mutating func search(_ wanted: [UInt8], _ log: UnsafeBufferPointer<UInt8>) {
        var found: [(start: Int, end: Int, line: Int)] = []
        var (start, number) = (0, 1)
        while start < log.count {
            let end = log[start...].firstIndex(of: UInt8(ascii: "\n")) ?? log.count
            if Self.find(wanted, log, start, end) != nil { found.append((start, end, number)) }
            (start, number) = (end + 1, number + 1)
        }
        total = found.count
        lines = found.suffix(Self.lineLimit).map {
            Line(number: $0.line, pieces: Self.pieces(wanted, log, $0.start, $0.end))
        }
    }

    private static func pieces(
        _ wanted: [UInt8], _ log: UnsafeBufferPointer<UInt8>, _ start: Int, _ lineEnd: Int
    ) -> [Piece] {
        let end = min(lineEnd, start + lineLength)
        func text(_ range: Range<Int>) -> String { String(decoding: log[range], as: UTF8.self) }
        var pieces: [Piece] = []
        var position = start
        while let hit = find(wanted, log, position, end) {
            if hit > position { pieces.append(Piece(text: text(position..<hit), isHit: false)) }
            pieces.append(Piece(text: text(hit..<hit + wanted.count), isHit: true))
            position = hit + wanted.count
        }
        if position < end { pieces.append(Piece(text: text(position..<end), isHit: false)) }
        return pieces
    }

    /// The first place of the text between two places.
    private static func find(
        _ wanted: [UInt8], _ log: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
    ) -> Int? {
        guard end - start >= wanted.count else { return nil }
        let first = wanted[0]
        for place in start...(end - wanted.count) where folded(log[place]) == first {
            var length = 1
            while length < wanted.count, folded(log[place + length]) == wanted[length] { length += 1 }
            if length == wanted.count { return place }
        }
        return nil
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A") <= byte && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
