/// What a request line asks for (RFC 9112 section 3.2), taken apart: where its parts lie among the bytes of the head.
struct RequestTarget: Sendable {
    /// As it stood in the request line.
    let whole: Range<Int>
    /// The path as sent, without query. Empty in an absolute form without path, which stands for `/`.
    let path: Range<Int>
    /// What follows the first `?`, still encoded.
    let query: Range<Int>?
    /// The host the absolute form names; it takes the place of the Host field (RFC 9112 section 3.2.2).
    let authority: Range<Int>?
    /// Whether something in the path is percent-encoded.
    let isEncoded: Bool
    /// Whether this is `OPTIONS *`.
    let isAsterisk: Bool

    /// Takes a target apart. Refuses fragments, malformed percent-encoding, text that is not UTF-8, NUL, and dot
    /// segments, encoded or not: every client resolves those before it sends them (RFC 3986 section 5.2.4), so one
    /// that arrives is an attempt to walk out of a directory.
    /// - Parameter whole: where the target lies in `bytes`.
    init(_ bytes: UnsafeBufferPointer<UInt8>, _ whole: Range<Int>, method: Method) throws(RequestError) {
        self.whole = whole
        guard !whole.isEmpty, UnsafeBufferPointer(rebasing: bytes[whole]).allSatisfy({ Grammar.isTarget($0) }) else {
            throw .malformed("the request target holds a character that must be encoded")
        }
        isAsterisk = whole.count == 1 && bytes[whole.lowerBound] == UInt8(ascii: "*")
        if isAsterisk {
            guard method == .options else { throw .malformed("only OPTIONS may ask for *") }
            (path, query, authority, isEncoded) = (whole, nil, nil, false)
            return
        }
        authority = try RequestTarget.authority(bytes, whole)
        let start = authority?.upperBound ?? whole.lowerBound
        let mark = bytes[start..<whole.upperBound].firstIndex(of: UInt8(ascii: "?"))
        path = start..<(mark ?? whole.upperBound)
        query = mark.map { ($0 + 1)..<whole.upperBound }
        isEncoded = try RequestTarget.check(UnsafeBufferPointer(rebasing: bytes[path]))
    }

    /// The host of the absolute form; nil in the origin form, which begins with a slash.
    private static func authority(
        _ bytes: UnsafeBufferPointer<UInt8>, _ whole: Range<Int>
    ) throws(RequestError) -> Range<Int>? {
        guard bytes[whole.lowerBound] != UInt8(ascii: "/") else { return nil }
        for scheme: StaticString in ["http://", "https://"] where whole.count > scheme.utf8CodeUnitCount {
            let start = whole.lowerBound + scheme.utf8CodeUnitCount
            let prefix = UnsafeBufferPointer(rebasing: bytes[whole.lowerBound..<start])
            guard Grammar.equalIgnoringCase(prefix, lowercase: scheme) else { continue }
            let end = bytes[start..<whole.upperBound].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
            let range = start..<(end ?? whole.upperBound)
            guard Authority.isValid(UnsafeBufferPointer(rebasing: bytes[range])) else {
                throw .malformed("the request target's host is malformed")
            }
            return range
        }
        throw .malformed("the request target must be a path, an http URI or *")
    }

    /// Whether the path, which must be possible to decode, has to be.
    private static func check(_ path: UnsafeBufferPointer<UInt8>) throws(RequestError) -> Bool {
        guard path.contains(UInt8(ascii: "%")) else {
            try refuseDotSegments(path)
            return false
        }
        guard let bytes = PercentCoding.decodedBytes(path, plusIsSpace: false), !bytes.contains(0),
            String(validating: bytes, as: UTF8.self) != nil
        else { throw .malformed("the path's percent-encoding is malformed or is not UTF-8") }
        try bytes.withUnsafeBufferPointer { (bytes) throws(RequestError) in try refuseDotSegments(bytes) }
        return true
    }

    private static func refuseDotSegments(_ path: UnsafeBufferPointer<UInt8>) throws(RequestError) {
        /// How many dots the segment consists of so far; nil when of anything else.
        var dots: Int? = 0
        for byte in path {
            switch byte {
            case UInt8(ascii: "/"):
                guard dots != 1, dots != 2 else { throw .malformed("the path has a dot segment") }
                dots = 0
            case UInt8(ascii: "."): dots = dots.map { $0 + 1 }
            default: dots = nil
            }
        }
        guard dots != 1, dots != 2 else { throw .malformed("the path has a dot segment") }
    }
}
