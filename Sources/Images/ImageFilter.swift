public import ServiceCore

/// What a list of images is narrowed to. Every field that is set must match.
public struct ImageFilter: Sendable {
    /// Part of the name, without regard to case.
    public var name: String?
    /// The names, as they are written.
    public var names: [String]?
    /// The identifiers.
    public var ids: [String]?
    /// Where they are in their lives.
    public var statuses: [ImageStatus]?
    /// Where it is in its life.
    public var status: ImageStatus? {
        get { statuses?.first }
        set { statuses = newValue.map { [$0] } }
    }
    /// Who sees it; nil: every one that is not just community's.
    public var visibility: ImageVisibility?
    /// Also what is community's, whosever it is; Glance's `visibility=all`.
    public var includesCommunity = false
    /// What the membership of a shared image must be for the members to see it in a list; nil: anything.
    public var memberStatus: ImageMember.Status? = .accepted
    /// Whose it is.
    public var ownerProjectID: String?
    /// What its bytes are, Glance's names.
    public var diskFormats: [String]?
    /// What they come in, Glance's names.
    public var containerFormats: [String]?
    /// Whether it is safe from deletion.
    public var protected: Bool?
    /// Whether it is hidden; nil: either.
    public var isHidden: Bool? = false
    /// Bytes.
    public var size: ClosedRange<Int64>?
    /// GiB.
    public var minDiskGiB: ClosedRange<Int64>?
    /// MiB.
    public var minRAMMiB: ClosedRange<Int64>?
    /// MD5 in hexadecimal.
    public var checksum: String?
    /// SHA-512 in hexadecimal.
    public var sha512: String?
    /// When its row was made.
    public var createdAt: [TimeCondition] = []
    /// When its row last changed.
    public var updatedAt: [TimeCondition] = []
    /// All of these tags.
    public var tags: [String] = []
    /// All of these properties.
    public var properties: [String: String] = [:]
    /// Only what a host can make a disk of now.
    public var launchable = false
    /// In which order; empty: the newest first.
    public var sort: [Order] = []
    /// Whether a marker that names nothing is refused, as Glance does; pages just show what there is.
    public var isMarkerRequired = false

    /// Everything that is not hidden.
    public init() {}

    /// A comparison with a moment.
    public struct TimeCondition: Sendable {
        /// Glance's names of comparisons.
        public enum Comparison: String, Sendable {
            case gt, gte, lt, lte, eq, neq
        }

        let comparison: Comparison
        let time: Timestamp

        /// Makes a condition.
        public init(_ comparison: Comparison, _ time: Timestamp) {
            self.comparison = comparison
            self.time = time
        }
    }

    /// One of the values a list is sorted by.
    public struct Order: Sendable {
        /// Glance's names.
        public enum Key: String, Sendable, CaseIterable {
            case name, status, size, id
            case containerFormat = "container_format"
            case diskFormat = "disk_format"
            case createdAt = "created_at"
            case updatedAt = "updated_at"
        }

        let key: Key
        let isAscending: Bool

        /// Makes an order.
        public init(_ key: Key, isAscending: Bool) {
            self.key = key
            self.isAscending = isAscending
        }
    }
}
