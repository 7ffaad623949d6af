/// An instance's processor use over the last hour, small enough for a list: a value for every two minutes.
public struct InstanceLoad: Sendable, Hashable {
    /// How many values there are.
    public static let count = 30
    static let archive = StatisticsArchive.all[1]
    private static let unknown = UInt8.max

    /// In half percents, the oldest first.
    private(set) var codes: [UInt8]
    /// The place of the last value in its archive, counted from 1970.
    private(set) var slot: Int64

    init(slot: Int64) {
        codes = [UInt8](repeating: Self.unknown, count: Self.count)
        self.slot = slot
    }

    init(codes: [UInt8], slot: Int64) {
        self.init(slot: slot)
        if codes.count == Self.count { self.codes = codes }
    }

    /// The load of the last two minutes in percent; nil when it is not known.
    public var latest: Double? { self[Self.count - 1] }

    /// In percent, the oldest first; nil where nothing is known.
    public subscript(_ index: Int) -> Double? {
        codes[index] == Self.unknown ? nil : Double(codes[index]) / 2
    }

    /// Whether anything is known.
    public var isKnown: Bool { codes.contains { $0 != Self.unknown } }

    /// The same hour later on: what came to an end meanwhile is not known.
    func advanced(to slot: Int64) -> InstanceLoad {
        let steps = slot - self.slot
        guard steps > 0 else { return self }
        guard steps < Self.count else { return InstanceLoad(slot: slot) }
        let missing = [UInt8](repeating: Self.unknown, count: Int(steps))
        return InstanceLoad(codes: Array(codes.dropFirst(Int(steps))) + missing, slot: slot)
    }

    /// Takes the load of the two minutes at `slot`.
    mutating func take(_ percent: Double, at slot: Int64) {
        self = advanced(to: slot)
        let index = Self.count - 1 - Int(self.slot - slot)
        guard codes.indices.contains(index) else { return }
        codes[index] = UInt8(min(200, max(0, (percent * 2).rounded())))
    }
}
