/// Header fields: an ordered multimap whose names compare without regard to case (RFC 9110 section 5).
///
/// All names and values lie in one byte array, each field as two ranges of it. A received message therefore costs two
/// allocations however many fields it has, and a field's text is made only when somebody asks for it. Fields that a
/// handler adds are kept as the lines they will be sent as, so that sending them is one copy.
///
/// A name or value that cannot stand in a message (a line break, NUL, another control character) is never stored:
/// the fields remember the ``fault`` and the server answers 500 instead of sending them. So no text from a user can
/// end a field early and add one of its own (response splitting).
public struct Fields: Sendable {
    struct Slot: Sendable {
        var name: Range<UInt32>
        var value: Range<UInt32>
    }

    private(set) var storage: [UInt8]
    private(set) var slots: [Slot]
    /// Whether `storage` is the lines of these fields, in order, and nothing else.
    private(set) var isWireForm: Bool

    /// Why a field could not be stored, if one could not.
    public private(set) var fault: FieldFault?

    /// No fields.
    public init() {
        storage = []
        slots = []
        isWireForm = true
    }

    /// Fields that the parser found in `storage`, among other bytes, and has checked.
    init(storage: [UInt8], slots: [Slot]) {
        self.storage = storage
        self.slots = slots
        isWireForm = false
    }

    /// The fields of most responses: one.
    init(contentType: String) {
        if let known = Fields.known.first(where: { $0.contentType == contentType }) {
            self = known.fields
        } else {
            self.init()
            add("Content-Type", contentType)
        }
    }

    /// Made once: sharing them costs less than making them for each response.
    private static let known = ["text/html; charset=utf-8", "text/plain; charset=utf-8", "application/json"].map {
        var fields = Fields()
        fields.add("Content-Type", $0)
        return (contentType: $0, fields: fields)
    }

    /// How many fields there are.
    public var count: Int { slots.count }

    /// The first value of a name.
    public subscript(name: String) -> String? {
        firstIndex(of: name).map { text(slots[$0].value) }
    }

    /// All values of a name, in order of arrival.
    public func values(for name: String) -> [String] {
        slots.indices.filter { matches(slots[$0], name) }.map { text(slots[$0].value) }
    }

    /// How many values a name has.
    func count(of name: String) -> Int {
        var count = 0
        for slot in slots where matches(slot, name) { count += 1 }
        return count
    }

    /// Whether a field of this name is there.
    public func contains(_ name: String) -> Bool {
        firstIndex(of: name) != nil
    }

    /// Puts one value in the place of all the values of a name.
    public mutating func set(_ name: String, _ value: String) {
        remove(name)
        add(name, value)
    }

    /// Adds a value, keeping those that are there.
    public mutating func add(_ name: String, _ value: String) {
        var (name, value) = (name, value)
        let reason: String? = name.withUTF8 { name in
            value.withUTF8 { value in
                guard Grammar.isToken(name) else { return "is no field name" }
                guard Grammar.isFieldContent(value) else { return "has a control character in its value" }
                appendLine(name, value)
                return nil
            }
        }
        if let reason, fault == nil { fault = FieldFault(name: name, reason: reason) }
    }

    /// Adds all the fields of another message, in their order.
    mutating func add(_ other: Fields) {
        guard other.isWireForm else {
            for (name, value) in other.all { add(name, value) }
            return
        }
        let shift = UInt32(storage.count)
        storage += other.storage
        for slot in other.slots {
            slots.append(
                Slot(
                    name: (slot.name.lowerBound + shift)..<(slot.name.upperBound + shift),
                    value: (slot.value.lowerBound + shift)..<(slot.value.upperBound + shift)))
        }
        fault = fault ?? other.fault
    }

    /// The fields with those of another message behind them.
    func adding(_ other: Fields) -> Fields {
        var sum = self
        sum.add(other)
        return sum
    }

    private mutating func appendLine(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        if storage.isEmpty {
            // Room for what most responses have, in one go.
            storage.reserveCapacity(256)
            slots.reserveCapacity(8)
        }
        let start = UInt32(storage.count)
        storage.append(contentsOf: name)
        storage.append(UInt8(ascii: ":"))
        storage.append(UInt8(ascii: " "))
        storage.append(contentsOf: value)
        storage.append(0x0D)
        storage.append(0x0A)
        let nameEnd = start + UInt32(name.count)
        slots.append(Slot(name: start..<nameEnd, value: (nameEnd + 2)..<(nameEnd + 2 + UInt32(value.count))))
    }

    /// Takes all values of a name away.
    public mutating func remove(_ name: String) {
        guard contains(name) else { return }
        slots = slots.filter { !matches($0, name) }
        isWireForm = false
    }

    /// Every field in order, as text.
    public var all: [(name: String, value: String)] {
        slots.map { (text($0.name), text($0.value)) }
    }

    /// Whether a comma-separated field holds a token, compared without regard to case (RFC 9110 section 5.6.1).
    public func hasToken(_ token: String, in name: String) -> Bool {
        var token = token
        return token.withUTF8 { token in
            storage.withUnsafeBufferPointer { bytes in
                slots.contains { slot in
                    matches(slot, name)
                        && Grammar.list(UnsafeBufferPointer(rebasing: bytes[slot.value.indices]), has: token)
                }
            }
        }
    }

    func text(_ range: Range<UInt32>) -> String {
        storage.text(range.indices)
    }

    func firstIndex(of name: String) -> Int? {
        slots.firstIndex { matches($0, name) }
    }

    func matches(_ slot: Slot, _ name: String) -> Bool {
        let count = name.utf8.count
        guard slot.name.count == count else { return false }
        var index = Int(slot.name.lowerBound)
        for byte in name.utf8 {
            guard Grammar.lowercased(storage[index]) == Grammar.lowercased(byte) else { return false }
            index += 1
        }
        return true
    }
}

extension Range<UInt32> {
    /// The same range for indexing an array.
    var indices: Range<Int> { Int(lowerBound)..<Int(upperBound) }
}

extension [UInt8] {
    /// A part of the bytes as text.
    func text(_ range: Range<Int>) -> String {
        withUnsafeBufferPointer { String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self) }
    }
}

/// A field that cannot be sent: the program tried to put into a message what no message may hold.
public struct FieldFault: Error, Hashable, Sendable {
    /// The field's name as given.
    public let name: String
    /// What is wrong with it. The value is not repeated: it may be a secret.
    public let reason: String
}

extension StringProtocol {
    /// The text without the spaces and tabs around it (`OWS`, RFC 9110 section 5.6.3).
    func trimmingBlanks() -> Substring {
        let bytes = Substring(self).utf8
        guard let first = bytes.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }),
            let last = bytes.lastIndex(where: { $0 != 0x20 && $0 != 0x09 })
        else { return "" }
        return Substring(bytes[first...last])
    }
}
