import Database
public import ServiceCore

/// Which endpoints a project is shown (OS-EP-FILTER): those given to it and those of its endpoint groups. A project without
/// any is shown all.
extension IdentityService {
    /// Shows a project an endpoint, or the endpoints of a group.
    /// - Throws: `ServiceError`.
    public func show(_ link: EndpointLink, toProject projectID: String, as context: RequestContext) throws {
        try policy.require("identity:change_project_endpoints", context)
        try write { transaction in
            try requireKnown(link, in: transaction)
            _ = try known(project: projectID, in: transaction)
            try endpointFilterStore.insert(link, projectID: projectID, in: transaction)
        }
    }

    /// Makes sure that a project was given an endpoint or a group.
    /// - Throws: `ServiceError`; notFound when it was not.
    public func require(_ link: EndpointLink, inProject projectID: String, as context: RequestContext) throws {
        try policy.require("identity:list_project_endpoints", context)
        try read { transaction in
            try requireKnown(link, in: transaction)
            _ = try known(project: projectID, in: transaction)
            guard try endpointFilterStore.projectIDs(of: link, in: transaction).contains(projectID) else {
                throw link.notFound
            }
        }
    }

    /// Takes an endpoint or a group from a project again.
    /// - Throws: `ServiceError`; notFound when it does not have it.
    public func hide(_ link: EndpointLink, fromProject projectID: String, as context: RequestContext) throws {
        try policy.require("identity:change_project_endpoints", context)
        try write { transaction in
            guard try endpointFilterStore.delete(link, projectID: projectID, in: transaction) else {
                throw link.notFound
            }
        }
    }

    /// The projects that an endpoint or a group was given to by itself.
    /// - Throws: `ServiceError`.
    public func projects(with link: EndpointLink, as context: RequestContext) throws -> [Project] {
        try policy.require("identity:list_project_endpoints", context)
        return try read { transaction in
            try requireKnown(link, in: transaction)
            let ids = try endpointFilterStore.projectIDs(of: link, in: transaction)
            return try ids.map { try known(project: $0, in: transaction) }
        }
    }

    /// The endpoints that a project was given, those of its groups included.
    /// - Throws: `ServiceError`.
    public func endpoints(ofProject projectID: String, as context: RequestContext) throws -> [Endpoint] {
        try policy.require("identity:list_project_endpoints", context)
        return try read { transaction in
            _ = try known(project: projectID, in: transaction)
            let all = try catalogStore.endpoints(EndpointFilter(), in: transaction)
            return try shown(all, toProject: projectID, in: transaction)
        }
    }

    /// The groups of endpoints that a project was given.
    /// - Throws: `ServiceError`.
    public func endpointGroups(ofProject projectID: String, as context: RequestContext) throws -> [EndpointGroup] {
        try policy.require("identity:list_project_endpoints", context)
        return try read { transaction in
            _ = try known(project: projectID, in: transaction)
            return try groups(of: projectID, in: transaction)
        }
    }

    /// The endpoints in a group.
    /// - Throws: `ServiceError`.
    public func endpoints(ofEndpointGroup id: String, as context: RequestContext) throws -> [Endpoint] {
        try policy.require("identity:list_endpoint_groups", context)
        return try read { transaction in
            let group = try known(endpointGroup: id, in: transaction)
            return try catalogStore.endpoints(EndpointFilter(), in: transaction).filter(group.holds)
        }
    }

    private func requireKnown(_ link: EndpointLink, in transaction: borrowing Transaction) throws {
        switch link {
        case .endpoint(let id): _ = try known(endpoint: id, in: transaction)
        case .group(let id): _ = try known(endpointGroup: id, in: transaction)
        }
    }

    private func groups(of projectID: String, in transaction: borrowing Transaction) throws -> [EndpointGroup] {
        try endpointFilterStore.groupIDs(of: projectID, in: transaction).map {
            try known(endpointGroup: $0, in: transaction)
        }
    }

    // MARK: What that makes of the catalogue

    /// Those of some endpoints that a project was given.
    private func shown(
        _ endpoints: [Endpoint], toProject projectID: String, in transaction: borrowing Transaction
    ) throws -> [Endpoint] {
        let own = Set(try endpointFilterStore.endpointIDs(of: projectID, in: transaction))
        let groups = try groups(of: projectID, in: transaction)
        return endpoints.filter { endpoint in own.contains(endpoint.id) || groups.contains { $0.holds(endpoint) } }
    }

    /// The catalogue as a project sees it: all of it when it was given nothing, else without what it was not given and
    /// without services of which nothing is left.
    func filtered(_ catalog: Catalog, forProject projectID: String) throws -> Catalog {
        let all = catalog.entries.flatMap(\.endpoints)
        let visible = Set(try read { try shown(all, toProject: projectID, in: $0) }.map(\.id))
        guard !visible.isEmpty else { return catalog }
        let entries = catalog.entries.map { entry in
            Catalog.Entry(service: entry.service, endpoints: entry.endpoints.filter { visible.contains($0.id) })
        }
        return Catalog(entries: entries.filter { !$0.endpoints.isEmpty })
    }
}

/// What a project can be given to be shown, by its id.
public enum EndpointLink: Hashable, Sendable {
    case endpoint(String)
    /// The endpoints that the filters of a group find.
    case group(String)

    fileprivate var notFound: ServiceError {
        switch self {
        case .endpoint(let id): .notFound("Endpoint", id)
        case .group(let id): .notFound("Endpoint Group", id)
        }
    }
}

extension EndpointGroup {
    /// Whether an endpoint has all that the group asks for.
    func holds(_ endpoint: Endpoint) -> Bool {
        let has = [
            "service_id": endpoint.serviceID, "region_id": endpoint.regionID, "interface": endpoint.interface.rawValue,
        ]
        return filters.values.keys.allSatisfy { name in filters.text(name) == has[name] ?? nil }
    }
}
