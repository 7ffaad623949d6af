/// Which resources of a kind are wanted, and in which order: the filters, sort keys and pages that all of neutron's lists
/// know. Attributes have neutron's names.
public struct Listing: Sendable, Hashable {
    /// An attribute, and the texts of which it must be one.
    public struct Filter: Sendable, Hashable {
        /// Neutron's name.
        public let attribute: String
        /// As they were sent.
        public let values: [String]

        /// An attribute, and the texts of which it must be one.
        public init(_ attribute: String, _ values: [String]) {
            self.attribute = attribute
            self.values = values
        }
    }

    /// An attribute that decides the order.
    public struct SortKey: Sendable, Hashable {
        /// Neutron's name.
        public let attribute: String
        /// Whether the largest come first.
        public let isDescending: Bool

        /// An attribute that decides the order.
        public init(_ attribute: String, isDescending: Bool = false) {
            self.attribute = attribute
            self.isDescending = isDescending
        }
    }

    /// A stretch of the list.
    public struct Stretch: Sendable, Hashable {
        /// How many at most.
        public let limit: Int
        /// The identifier of the last one before the stretch, or backwards of the first one after it; nil for the
        /// beginning of the list, backwards for its end.
        public let marker: String?
        /// Whether what comes before the marker is wanted, in the order of the list.
        public let isBackward: Bool

        /// A stretch of 1 to 1,000 resources.
        public init(limit: Int, marker: String? = nil, isBackward: Bool = false) {
            self.limit = min(max(limit, 1), 1000)
            self.marker = marker
            self.isBackward = isBackward
        }
    }

    /// All of them must hold.
    public var filters: [Filter]
    /// The first decides first; the identifier decides last. Empty for the order that people like.
    public var sort: [SortKey]
    /// Nil for all.
    public var stretch: Stretch?

    /// Everything, or what some filters let through.
    public init(_ filters: [Filter] = [], sort: [SortKey] = [], stretch: Stretch? = nil) {
        self.filters = filters
        self.sort = sort
        self.stretch = stretch
    }
}
