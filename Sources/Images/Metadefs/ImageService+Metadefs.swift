import Database
public import ServiceCore

/// The catalogue of metadata definitions: everybody reads, administrators write.
extension ImageService {
    /// One stretch of the namespaces the caller may see, the newest first: public ones and those of the own project;
    /// administrators see all.
    /// - Throws: `ServiceError`: notFound for a marker that names none.
    public func metadefNamespaces(
        _ filter: MetadefFilter = MetadefFilter(), page: PageRequest = PageRequest(), as context: RequestContext
    ) throws -> Page<MetadefNamespace> {
        try ServiceError.wrapping {
            try requireReader(context)
            let viewer = ImageViewer(projectID: context.projectID, seesAll: context.isAdmin)
            return try database.read { transaction in
                if let marker = page.marker { _ = try namespace(marker, as: context, in: transaction) }
                return try metadefs.list(filter, for: viewer, page: page, in: transaction)
            }
        }
    }

    /// A namespace with all its entries, by name.
    /// - Throws: `ServiceError`: notFound.
    public func metadefNamespace(
        _ name: String, as context: RequestContext
    ) throws -> (namespace: MetadefNamespace, items: [MetadefItem.Kind: [MetadefItem]]) {
        try ServiceError.wrapping {
            try database.read { transaction in
                let namespace = try namespace(name, as: context, in: transaction)
                return (namespace, try metadefs.items(of: name, in: transaction))
            }
        }
    }

    /// - Throws: `ServiceError`: forbidden; invalid with violations; conflict when the name is taken.
    public func createMetadefNamespace(
        _ new: NewMetadefNamespace, as context: RequestContext
    ) throws -> MetadefNamespace {
        try ServiceError.wrapping {
            try requireReader(context)
            try ImagePolicy.policy.require(ImagePolicy.changeMetadefs, context)
            try MetadefRules.check(new)
            let owner = try new.ownerProjectID ?? context.requireProject()
            let now = clock.now()
            return try database.write { transaction in
                guard try metadefs.find(new.name, in: transaction) == nil else { throw MetadefRules.taken(new.name) }
                let namespace = MetadefNamespace(
                    name: new.name, displayName: new.displayName, description: new.description,
                    visibility: new.visibility, isProtected: new.isProtected, ownerProjectID: owner, createdAt: now,
                    updatedAt: now)
                try metadefs.insert(namespace, in: transaction)
                for item in new.items { try add(item, to: new.name, in: transaction) }
                return namespace
            }
        }
    }

    /// Changes everything that is asked for but the entries, and resets what is not.
    /// - Throws: `ServiceError`: as ``createMetadefNamespace(_:as:)``; notFound.
    public func updateMetadefNamespace(
        _ name: String, _ new: NewMetadefNamespace, as context: RequestContext
    ) throws -> MetadefNamespace {
        try ServiceError.wrapping {
            try database.write { transaction in
                var namespace = try changeable(name, as: context, in: transaction)
                try MetadefRules.check(new)
                if new.name != name, try metadefs.find(new.name, in: transaction) != nil {
                    throw MetadefRules.taken(new.name)
                }
                namespace.name = new.name
                namespace.displayName = new.displayName
                namespace.description = new.description
                namespace.visibility = new.visibility
                namespace.isProtected = new.isProtected
                namespace.ownerProjectID = new.ownerProjectID ?? context.projectID ?? namespace.ownerProjectID
                namespace.updatedAt = clock.now()
                try metadefs.save(namespace, named: name, in: transaction)
                return namespace
            }
        }
    }

    /// Deletes a namespace with all its entries.
    /// - Throws: `ServiceError`: forbidden, also when it is protected; notFound.
    public func deleteMetadefNamespace(_ name: String, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try database.write { transaction in
                let namespace = try changeable(name, as: context, in: transaction)
                try MetadefRules.requireUnprotected(namespace)
                try metadefs.delete(name, in: transaction)
            }
        }
    }

    /// The entries of one kind, by name, for each namespace.
    /// - Throws: `ServiceError`: notFound.
    public func metadefItems(
        _ kind: MetadefItem.Kind, of namespaces: [String], as context: RequestContext
    ) throws -> [String: [MetadefItem]] {
        try ServiceError.wrapping {
            try database.read { transaction in
                for name in namespaces { _ = try namespace(name, as: context, in: transaction) }
                return try metadefs.items(kind, of: namespaces, in: transaction)
            }
        }
    }

    /// One entry.
    /// - Throws: `ServiceError`: notFound.
    public func metadefItem(
        _ kind: MetadefItem.Kind, _ name: String, of namespace: String, as context: RequestContext
    ) throws -> MetadefItem {
        try ServiceError.wrapping {
            try database.read { transaction in
                _ = try self.namespace(namespace, as: context, in: transaction)
                return try item(kind, name, of: namespace, in: transaction)
            }
        }
    }

    /// Adds entries, all or none.
    /// - Parameter replacesOthers: whether the others of the kinds go first.
    /// - Throws: `ServiceError`: forbidden; notFound; invalid with violations; conflict when a name is taken.
    public func addMetadefItems(
        _ items: [NewMetadefItem], to namespace: String, replacesOthers: Bool = false, as context: RequestContext
    ) throws -> [MetadefItem] {
        try ServiceError.wrapping {
            try database.write { transaction in
                _ = try changeable(namespace, as: context, in: transaction)
                if replacesOthers {
                    for kind in Set(items.map(\.kind)) {
                        try metadefs.delete(kind, nil, of: namespace, in: transaction)
                    }
                }
                return try items.map { try add($0, to: namespace, in: transaction) }
            }
        }
    }

    /// Changes an entry, perhaps also its name.
    /// - Throws: `ServiceError`: as ``addMetadefItems(_:to:replacesOthers:as:)``.
    public func updateMetadefItem(
        _ name: String, of namespace: String, _ new: NewMetadefItem, as context: RequestContext
    ) throws -> MetadefItem {
        try ServiceError.wrapping {
            try database.write { transaction in
                _ = try changeable(namespace, as: context, in: transaction)
                let old = try item(new.kind, name, of: namespace, in: transaction)
                try MetadefRules.check(new)
                if new.name != name, try metadefs.item(new.kind, new.name, of: namespace, in: transaction) != nil {
                    throw MetadefRules.taken(new.name)
                }
                let item = MetadefItem(
                    kind: new.kind, name: new.name, json: new.json, createdAt: old.createdAt, updatedAt: clock.now())
                try metadefs.save(item, named: name, of: namespace, in: transaction)
                return item
            }
        }
    }

    /// Removes an entry; nil: all of the kind.
    /// - Throws: `ServiceError`: forbidden; notFound.
    public func removeMetadefItem(
        _ kind: MetadefItem.Kind, _ name: String?, from namespace: String, as context: RequestContext
    ) throws {
        try ServiceError.wrapping {
            try database.write { transaction in
                let found = try changeable(namespace, as: context, in: transaction)
                if name == nil || kind == .resourceType { try MetadefRules.requireUnprotected(found) }
                if let name { _ = try item(kind, name, of: namespace, in: transaction) }
                try metadefs.delete(kind, name, of: namespace, in: transaction)
            }
        }
    }

    /// The kinds of resources that definitions can be for: those that OpenStack's own catalogue knows, and those that
    /// namespaces have added.
    /// - Throws: `ServiceError`.
    public func metadefResourceTypes(as context: RequestContext) throws -> [MetadefItem] {
        try ServiceError.wrapping {
            try requireReader(context)
            let added = try database.read { try metadefs.resourceTypes(in: $0) }
            let names = Set(added.map(\.name))
            let epoch = Timestamp(milliseconds: 0)
            let known = MetadefRules.resourceTypes.filter { !names.contains($0) }.map {
                MetadefItem(kind: .resourceType, name: $0, json: "{}", createdAt: epoch, updatedAt: epoch)
            }
            return (added + known).sorted { $0.name < $1.name }
        }
    }

    /// Glance tells who may not look that there is nothing, whatever is asked.
    private func requireReader(_ context: RequestContext, _ name: String = "") throws {
        guard !ImagePolicy.policy.allows(ImagePolicy.getMetadefs, context) else { return }
        throw Self.noNamespace(name)
    }

    private static func noNamespace(_ name: String) -> ServiceError {
        .notFound("Metadata definition namespace", name)
    }

    private func namespace(
        _ name: String, as context: RequestContext, in transaction: borrowing Transaction
    ) throws -> MetadefNamespace {
        try requireReader(context, name)
        guard let namespace = try metadefs.find(name, in: transaction),
            namespace.visibility == .public || context.canSee(projectID: namespace.ownerProjectID)
        else { throw Self.noNamespace(name) }
        return namespace
    }

    private func changeable(
        _ name: String, as context: RequestContext, in transaction: borrowing Transaction
    ) throws -> MetadefNamespace {
        let namespace = try namespace(name, as: context, in: transaction)
        try ImagePolicy.policy.require(ImagePolicy.changeMetadefs, context)
        return namespace
    }

    private func item(
        _ kind: MetadefItem.Kind, _ name: String, of namespace: String, in transaction: borrowing Transaction
    ) throws -> MetadefItem {
        guard let item = try metadefs.item(kind, name, of: namespace, in: transaction) else {
            throw ServiceError.notFound(kind.label, name)
        }
        return item
    }

    @discardableResult
    private func add(
        _ new: NewMetadefItem, to namespace: String, in transaction: borrowing Transaction
    ) throws -> MetadefItem {
        try MetadefRules.check(new)
        guard try metadefs.item(new.kind, new.name, of: namespace, in: transaction) == nil else {
            throw MetadefRules.taken(new.name)
        }
        let now = clock.now()
        let item = MetadefItem(kind: new.kind, name: new.name, json: new.json, createdAt: now, updatedAt: now)
        try metadefs.insert(item, of: namespace, in: transaction)
        return item
    }
}

/// The rules on metadata definitions.
enum MetadefRules {
    /// What OpenStack's own definitions are for.
    static let resourceTypes = [
        "OS::Cinder::Volume", "OS::Glance::Image", "OS::Nova::Aggregate", "OS::Nova::Flavor", "OS::Nova::Server",
        "OS::Trove::Instance",
    ]

    static func check(_ new: NewMetadefNamespace) throws {
        let texts = [("namespace", new.name, 1...80), ("display_name", new.displayName ?? "", 0...80)]
        let more = [("description", new.description ?? "", 0...500), ("owner", new.ownerProjectID ?? "", 0...255)]
        try require((texts + more).compactMap { violation($0.0, $0.1, $0.2) })
    }

    static func check(_ new: NewMetadefItem) throws {
        let size = new.json.utf8.count > 65_535 ? "x" : ""
        try require([violation("name", new.name, 1...80), violation("content", size, 0...0)].compactMap(\.self))
    }

    static func requireUnprotected(_ namespace: MetadefNamespace) throws {
        guard namespace.isProtected else { return }
        throw ServiceError(
            .forbidden, code: "metadef_protected",
            Message("Namespace {name} is protected and cannot be deleted.", ["name": namespace.name]))
    }

    static func taken(_ name: String) -> ServiceError {
        .conflict(
            code: "already_exists",
            Message("A metadata definition with the name {name} exists already.", ["name": name]))
    }

    private static func require(_ violations: [Violation]) throws {
        guard violations.isEmpty else { throw ServiceError.invalid(violations) }
    }

    private static func violation(_ field: String, _ text: String, _ length: ClosedRange<Int>) -> Violation? {
        guard !length.contains(text.unicodeScalars.count) else { return nil }
        return Violation(
            field: field, code: "bad_length",
            message: Message(
                "{field} has {least} to {most} characters.",
                ["field": field, "least": "\(length.lowerBound)", "most": "\(length.upperBound)"]), value: text)
    }
}
