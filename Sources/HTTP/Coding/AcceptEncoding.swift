/// What a client says about content codings (RFC 9110 section 12.5.3), as far as this server has them: gzip, and none
/// at all, which is called identity. Reads the bytes of the field where they lie.
struct AcceptEncoding: Equatable {
    /// Weights in thousandths (section 12.4.2); nil for what is not listed.
    private(set) var gzip: Int?
    private(set) var identity: Int?
    /// What `*` gives to every coding that is not listed.
    private(set) var others: Int?

    /// Several fields count as one list. An element that does not follow the grammar counts as not there.
    init(_ fields: Fields) {
        for slot in fields.slots where fields.matches(slot, "Accept-Encoding") {
            read(fields.storage, slot.value.indices)
        }
    }

    /// Whether gzip is to be sent where it is possible.
    ///
    /// Without the field any coding would be acceptable, but who leaves it out can often not decode one. Between equal
    /// weights the shorter content wins, and so it does when identity is not mentioned: then it is acceptable, but
    /// nobody's wish. Whoever refuses identity (`identity;q=0`, `*;q=0`) still gets it where gzip is not possible: the
    /// field may be disregarded (section 12.1), and a content helps more than 406.
    var prefersGzip: Bool {
        guard let gzip = gzip ?? others, gzip > 0 else { return false }
        return gzip >= identity ?? others ?? 0
    }

    private mutating func read(_ bytes: [UInt8], _ range: Range<Int>) {
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start
            while end < range.upperBound, bytes[end] != UInt8(ascii: ",") { end += 1 }
            element(bytes, start..<end)
            start = end + 1
        }
    }

    /// `( content-coding / "*" ) [ OWS ";" OWS "q=" qvalue ]`
    private mutating func element(_ bytes: [UInt8], _ range: Range<Int>) {
        var scanner = Scanner(bytes: bytes, index: range.lowerBound, end: range.upperBound)
        scanner.skipBlanks()
        let start = scanner.index
        while scanner.isAtToken { scanner.index += 1 }
        let name = start..<scanner.index
        scanner.skipBlanks()
        guard !name.isEmpty, let weight = scanner.isAtEnd ? 1000 : scanner.weight() else { return }
        func isNamed(_ coding: String) -> Bool {
            name.count == coding.utf8.count
                && zip(name, coding.utf8).allSatisfy { Grammar.lowercased(bytes[$0]) == $1 }
        }
        // The old name means the same (section 8.4.1.3).
        if isNamed("gzip") || isNamed("x-gzip") {
            gzip = weight
        } else if isNamed("identity") {
            identity = weight
        } else if isNamed("*") {
            others = weight
        }
    }
}

private struct Scanner {
    let bytes: [UInt8]
    var index: Int
    let end: Int

    var isAtEnd: Bool { index >= end }
    var isAtToken: Bool { index < end && Grammar.isToken(bytes[index]) }

    mutating func skipBlanks() {
        while index < end, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    }

    /// `";" OWS "q=" qvalue` to the end of the element.
    mutating func weight() -> Int? {
        guard take(";") else { return nil }
        skipBlanks()
        guard take("q"), take("="), let value = quality() else { return nil }
        skipBlanks()
        return isAtEnd ? value : nil
    }

    /// `( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )`, in thousandths.
    private mutating func quality() -> Int? {
        guard !isAtEnd, bytes[index] == UInt8(ascii: "0") || bytes[index] == UInt8(ascii: "1") else { return nil }
        var value = Int(bytes[index] - UInt8(ascii: "0")) * 1000
        index += 1
        guard take(".") else { return value }
        var unit = 100
        while !isAtEnd, Grammar.isDigit(bytes[index]) {
            guard unit > 0 else { return nil }
            value += Int(bytes[index] - UInt8(ascii: "0")) * unit
            unit /= 10
            index += 1
        }
        return value <= 1000 ? value : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard !isAtEnd, Grammar.lowercased(bytes[index]) == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }
}
