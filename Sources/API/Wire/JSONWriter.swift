/// Writes JSON straight into bytes, in the order it is told: a thousand instances are two megabytes, for which
/// Foundation's encoder takes a hundred times as long.
///
///     var json = JSONWriter()
///     json.object {
///         $0.member("id", network.id.text)
///         $0.list("subnets", network.subnetIDs)
///     }
struct JSONWriter {
    /// What has been written.
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// An object with the members that `body` writes.
    mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        begin()
        bytes.append(UInt8(ascii: "{"))
        try body(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    /// A list of what `body` writes for each item.
    mutating func list<Items: Sequence>(
        _ items: Items, _ body: (inout JSONWriter, Items.Element) throws -> Void
    ) rethrows {
        begin()
        bytes.append(UInt8(ascii: "["))
        for item in items { try body(&self, item) }
        bytes.append(UInt8(ascii: "]"))
    }

    /// A member whose name needs no escaping; nil is written as null.
    mutating func member(_ name: StaticString, _ value: some JSONWritable) {
        key(name)
        value.write(to: &self)
    }

    /// A member that is a text of two pieces: the addresses in a list's rows begin alike.
    mutating func member(_ name: StaticString, _ prefix: String, _ rest: String) {
        key(name)
        bytes.append(UInt8(ascii: "\""))
        append(prefix)
        append(rest)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A member that is left out when there is no value.
    mutating func optionalMember(_ name: StaticString, _ value: (some JSONWritable)?) {
        if let value { member(name, value) }
    }

    /// A member that is an object.
    mutating func object(_ name: StaticString, _ body: (inout JSONWriter) throws -> Void) rethrows {
        key(name)
        try object(body)
    }

    /// A member that is a list.
    mutating func list<Items: Sequence>(
        _ name: StaticString, _ items: Items, _ body: (inout JSONWriter, Items.Element) throws -> Void
    ) rethrows {
        key(name)
        try list(items, body)
    }

    /// A member that is a list of plain values.
    mutating func list<Items: Sequence>(_ name: StaticString, _ items: Items) where Items.Element: JSONWritable {
        list(name, items) { $1.write(to: &$0) }
    }

    /// A member with a name that comes from outside.
    mutating func entry(_ name: String, _ value: some JSONWritable) {
        entry(name) { value.write(to: &$0) }
    }

    /// A member with a name that comes from outside, and what `body` writes.
    mutating func entry(_ name: String, _ body: (inout JSONWriter) throws -> Void) rethrows {
        begin()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        try body(&self)
    }

    mutating func null() {
        raw("null")
    }

    /// A text in quotes.
    mutating func text(_ text: String) {
        begin()
        quote(text)
    }

    /// Something that is JSON already.
    mutating func raw(_ text: StaticString) {
        begin()
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Something that is JSON already, without quotes: a number.
    mutating func raw(digits: String) {
        begin()
        bytes.append(contentsOf: digits.utf8)
    }

    /// Something that is JSON already, made before.
    mutating func raw(_ json: [UInt8]) {
        begin()
        bytes.append(contentsOf: json)
    }

    private mutating func key(_ name: StaticString) {
        begin()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Sets what comes next apart from what came before. The last byte tells: a text ends with its quote, so that a
    /// bracket or a colon is never part of one.
    private mutating func begin() {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): return
        default: bytes.append(UInt8(ascii: ","))
        }
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        append(text)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            if Self.isPlain(utf8) {
                bytes.append(contentsOf: utf8)
            } else {
                for byte in utf8 { escape(byte) }
            }
        }
    }

    /// Whether nothing needs escaping. Nearly every text is plain, so eight bytes are looked at together: a byte below a
    /// limit (or equal to another, which is zero after an exclusive or) borrows its highest bit when the limit is taken off.
    private static func isPlain(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
        let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let bytes = UnsafeRawBufferPointer(utf8)
        var place = 0
        while place + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let (quotes, slashes) = (word ^ ones * 0x22, word ^ ones * 0x5c)
            let controls = (word &- ones * 0x20) & ~word
            let others = (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes
            guard (controls | others) & tops == 0 else { return false }
            place += 8
        }
        return bytes[place...].allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
        case UInt8(ascii: "\r"): bytes += Array("\\r".utf8)
        case UInt8(ascii: "\t"): bytes += Array("\\t".utf8)
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: bytes.append(byte)
        }
    }
}

/// A value that is written as JSON by itself, also by closures that any thread runs.
protocol JSONWritable: SendableMetatype {
    func write(to json: inout JSONWriter)
}

extension String: JSONWritable {
    func write(to json: inout JSONWriter) { json.text(self) }
}

extension Bool: JSONWritable {
    func write(to json: inout JSONWriter) { self ? json.raw("true") : json.raw("false") }
}

extension Int: JSONWritable {
    func write(to json: inout JSONWriter) { json.raw(digits: String(self)) }
}

extension Int64: JSONWritable {
    func write(to json: inout JSONWriter) { json.raw(digits: String(self)) }
}

extension Double: JSONWritable {
    /// JSON has no infinities; null stands for what is no number.
    func write(to json: inout JSONWriter) { isFinite ? json.raw(digits: String(self)) : json.null() }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    func write(to json: inout JSONWriter) {
        if let self { self.write(to: &json) } else { json.null() }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    func write(to json: inout JSONWriter) { json.list(self) { $1.write(to: &$0) } }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    /// By name, so that an answer is the same every time.
    func write(to json: inout JSONWriter) {
        json.object { json in
            for (name, value) in sorted(by: { $0.key < $1.key }) { json.entry(name, value) }
        }
    }
}
