/// One stretch of a listing.
public struct Page<Item: Sendable>: Sendable {
    /// The items, in the order of the listing.
    public let items: [Item]
    /// What to ask for next; nil after the last item.
    public let next: String?

    /// Makes a page.
    public init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }
}

/// Which stretch of a listing is wanted.
public struct PageRequest: Hashable, Sendable {
    /// The most items any page holds, whatever is asked for; OpenStack's `max_limit`.
    public static let largest = 1000

    /// The identifier of the last item of the page before; nil for the first page.
    public let marker: String?
    /// How many items at most: 1 to ``largest``.
    public let limit: Int

    /// Makes a request; a limit outside 1 to ``largest`` is moved to the nearer end.
    public init(marker: String? = nil, limit: Int = PageRequest.largest) {
        self.marker = marker
        self.limit = min(max(limit, 1), Self.largest)
    }
}
