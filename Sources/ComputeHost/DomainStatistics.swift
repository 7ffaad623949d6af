/// What a host has counted of one running guest since it was started.
///
/// Counters begin at zero with each start of the guest. What a host does not count is nil, which is not zero.
public struct DomainStatistics: Codable, Hashable, Sendable {
    /// The instance's UUID, lower case.
    public var instanceID: String
    /// When it was read, in milliseconds since 1970-01-01 UTC.
    public var takenAt: Int64
    /// Processor time of the virtual processors in nanoseconds; of the whole emulator, where they are not told apart.
    public var cpuTime: UInt64?
    /// How many virtual processors the guest has.
    public var vcpus: Int?
    /// The guest's memory.
    public var memory = MemoryStatistics()
    /// The guest's disks.
    public var disks: [DiskStatistics] = []
    /// The guest's interfaces, as far as the host sees their packets.
    public var interfaces: [InterfaceStatistics] = []

    /// Begins with nothing known.
    public init(instanceID: String, takenAt: Int64, cpuTime: UInt64? = nil, vcpus: Int? = nil) {
        self.instanceID = instanceID
        self.takenAt = takenAt
        self.cpuTime = cpuTime
        self.vcpus = vcpus
    }
}

/// How much memory a guest has and uses, in KiB.
public struct MemoryStatistics: Codable, Hashable, Sendable {
    /// What the guest may use at present: the size of its balloon.
    public var current: UInt64?
    /// What the guest's kernel says it can use; only with a balloon driver in the guest.
    public var available: UInt64?
    /// What the guest could give to programs without swapping (`MemAvailable`).
    public var usable: UInt64?
    /// What the guest leaves wholly unused (`MemFree`).
    public var unused: UInt64?
    /// What the guest takes of the host's memory, its emulator included.
    public var resident: UInt64?

    /// Takes each value as it is.
    public init(
        current: UInt64? = nil, available: UInt64? = nil, usable: UInt64? = nil, unused: UInt64? = nil,
        resident: UInt64? = nil
    ) {
        self.current = current
        self.available = available
        self.usable = usable
        self.unused = unused
        self.resident = resident
    }

    /// What the guest's programs and kernel use; caches the guest could give up are not counted where that is known.
    public var used: UInt64? {
        guard let available, let free = usable ?? unused, free <= available else { return nil }
        return available - free
    }
}

/// What was read from and written to one disk.
public struct DiskStatistics: Codable, Hashable, Sendable {
    /// The disk's name in the definition, `vda`; the same as long as it is attached.
    public var name: String
    /// Bytes read.
    public var readBytes: UInt64
    /// Read requests.
    public var readRequests: UInt64
    /// Bytes written.
    public var writtenBytes: UInt64
    /// Write requests.
    public var writeRequests: UInt64

    /// Takes each value as it is.
    public init(name: String, readBytes: UInt64, readRequests: UInt64, writtenBytes: UInt64, writeRequests: UInt64) {
        self.name = name
        self.readBytes = readBytes
        self.readRequests = readRequests
        self.writtenBytes = writtenBytes
        self.writeRequests = writeRequests
    }
}

/// What came and went through one interface, as the guest sees it.
public struct InterfaceStatistics: Codable, Hashable, Sendable {
    /// The host's name for its end; the same as long as the interface is attached.
    public var name: String
    /// Bytes the guest received.
    public var receivedBytes: UInt64
    /// Packets the guest received.
    public var receivedPackets: UInt64
    /// Packets for the guest that were lost or damaged.
    public var receiveErrors: UInt64
    /// Bytes the guest sent.
    public var sentBytes: UInt64
    /// Packets the guest sent.
    public var sentPackets: UInt64
    /// Packets of the guest that were lost or damaged.
    public var sendErrors: UInt64

    /// Takes each value as it is.
    public init(
        name: String, receivedBytes: UInt64, receivedPackets: UInt64, receiveErrors: UInt64 = 0, sentBytes: UInt64,
        sentPackets: UInt64, sendErrors: UInt64 = 0
    ) {
        self.name = name
        self.receivedBytes = receivedBytes
        self.receivedPackets = receivedPackets
        self.receiveErrors = receiveErrors
        self.sentBytes = sentBytes
        self.sentPackets = sentPackets
        self.sendErrors = sendErrors
    }
}
