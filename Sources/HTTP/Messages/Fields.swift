/// Header fields: an ordered multimap whose names compare without regard to case (RFC 9110 section 5).
///
/// All names and values lie in one byte array, each field as two ranges of it. A received message therefore costs two
/// allocations however many fields it has, and a field's text is made only when somebody asks for it.
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

    /// Why a field could not be stored, if one could not.
    public private(set) var fault: FieldFault?

    /// No fields.
    public init() {
        storage = []
        slots = []
    }

    /// Fields that the parser found in `storage` and has checked.
    init(storage: [UInt8], slots: [Slot]) {
        self.storage = storage
        self.slots = slots
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
        guard Grammar.isToken(name) else {
            fault = fault ?? FieldFault(name: name, reason: "is no field name")
            return
        }
        guard Grammar.isFieldContent(value) else {
            fault = fault ?? FieldFault(name: name, reason: "has a control character in its value")
            return
        }
        slots.append(Slot(name: append(name), value: append(value)))
    }

    /// Takes all values of a name away.
    public mutating func remove(_ name: String) {
        slots = slots.filter { !matches($0, name) }
    }

    /// Every field in order, as text.
    public var all: [(name: String, value: String)] {
        slots.map { (text($0.name), text($0.value)) }
    }

    /// Whether a comma-separated field holds a token, compared without regard to case (RFC 9110 section 5.6.1).
    public func hasToken(_ token: String, in name: String) -> Bool {
        contains(name)
            && values(for: name).contains { value in
                value.utf8.split(separator: UInt8(ascii: ",")).contains { element in
                    Grammar.equalIgnoringCase(Substring(element).trimmingBlanks(), token)
                }
            }
    }

    func text(_ range: Range<UInt32>) -> String {
        String(decoding: storage[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
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

    private mutating func append(_ text: String) -> Range<UInt32> {
        let start = UInt32(storage.count)
        storage.append(contentsOf: text.utf8)
        return start..<UInt32(storage.count)
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
