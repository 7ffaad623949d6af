/// One stretch of a listing.
public struct Page<Item: Sendable>: Sendable {
    /// The items, in the order of the listing.
    public let items: [Item]
    /// The marker of the page after this one; nil after the last item.
    public let next: String?
    /// The marker of the page before this one, to be asked for backwards; nil before the first item, and for listings
    /// that only go forwards.
    public let previous: String?

    /// Makes a page.
    public init(items: [Item], next: String?, previous: String? = nil) {
        self.items = items
        self.next = next
        self.previous = previous
    }
}

extension Page {
    /// Of a listing that nothing can match.
    public static var empty: Self { Self(items: [], next: nil) }

    /// A page of what a store has found: items from the marker on, one more than was asked for when there are more;
    /// backwards the nearest to the marker first.
    public init(_ found: [Item], of request: PageRequest, id: (Item) -> String) {
        let isMore = found.count > request.limit
        let items = Array(found.prefix(request.limit))
        if request.isBackward {
            self.init(
                items: items.reversed(), next: items.first.map(id), previous: isMore ? items.last.map(id) : nil)
        } else {
            self.init(
                items: items, next: isMore ? items.last.map(id) : nil,
                previous: request.marker == nil ? nil : items.first.map(id))
        }
    }

    /// The same page with its items made into others.
    public func with(_ items: [Item]) -> Page {
        Page(items: items, next: next, previous: previous)
    }
}

/// Which stretch of a listing is wanted.
public struct PageRequest: Hashable, Sendable {
    /// The most items any page holds, whatever is asked for; OpenStack's `max_limit`.
    public static let largest = 1000

    /// The identifier of the last item of the page before; nil for the first page. Backwards, the identifier of the
    /// first item of the page after.
    public let marker: String?
    /// How many items at most: 1 to ``largest``.
    public let limit: Int
    /// Whether the items before the marker are wanted, in the order of the listing; Horizon's `prev_marker`.
    public let isBackward: Bool

    /// Makes a request; a limit outside 1 to ``largest`` is moved to the nearer end. Without a marker there is no
    /// backwards.
    public init(marker: String? = nil, limit: Int = PageRequest.largest, isBackward: Bool = false) {
        self.marker = marker
        self.limit = min(max(limit, 1), Self.largest)
        self.isBackward = isBackward && marker != nil
    }

    /// The page to show instead of one that has come to the beginning of its listing on the way back: the first, which
    /// is full. Nil when this one is not such a page.
    public func restarted(after page: Page<some Sendable>) -> PageRequest? {
        isBackward && page.previous == nil && page.items.count < limit ? PageRequest(limit: limit) : nil
    }
}
