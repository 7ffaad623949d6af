/// What neutron's interface says of one attribute of a resource: a line of its attribute map.
struct NetworkAttribute<Item: Sendable>: Sendable {
    /// What a request may do with an attribute.
    struct Use: OptionSet, Sendable {
        let rawValue: Int

        /// It may be named when a resource is made.
        static var post: Use { Use(rawValue: 1) }
        /// It must be.
        static var required: Use { Use(rawValue: 3) }
        /// It may be changed.
        static var put: Use { Use(rawValue: 4) }
        /// Only administrators are told.
        static var secret: Use { Use(rawValue: 8) }
    }

    /// How an attribute is written.
    typealias Writing = @Sendable (inout JSONWriter, NetworkShown<Item>) -> Void

    /// Neutron's name.
    let name: String
    /// What a request may do with it.
    let use: Use
    /// Nil for an attribute that is only ever sent to the service.
    let write: Writing?

    /// An attribute that is written by a closure.
    init(_ name: String, _ use: Use = [], writing write: Writing?) {
        self.name = name
        self.use = use
        self.write = write
    }

    /// An attribute with a plain value.
    init(_ name: String, _ use: Use = [], _ value: @escaping @Sendable (Item) -> some JSONWritable) {
        self.init(name, use) { json, shown in value(shown.item).write(to: &json) }
    }
}

extension NetworkAttribute {
    /// Both names of the owner, of which the older one is still the commoner.
    static func owner(_ projectID: @escaping @Sendable (Item) -> String) -> [NetworkAttribute] {
        [NetworkAttribute("tenant_id", .post, projectID), NetworkAttribute("project_id", .post, projectID)]
    }

    /// The tags, which have paths of their own to be changed by.
    static var tags: NetworkAttribute {
        NetworkAttribute("tags", []) { json, shown in shown.tags.write(to: &json) }
    }
}

/// A resource as it is shown to somebody.
struct NetworkShown<Item: Sendable>: Sendable {
    let item: Item
    let tags: [String]
}
