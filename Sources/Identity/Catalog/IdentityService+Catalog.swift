import Database
public import ServiceCore

extension IdentityService {
    /// The services that are wanted, by type.
    /// - Throws: `ServiceError`; forbidden unless administrator or reader of the system.
    public func services(
        _ filter: CatalogServiceFilter = CatalogServiceFilter(), as context: RequestContext
    ) throws -> [CatalogService] {
        try policy.require("identity:list_services", context)
        return try read { try catalogStore.services(filter, in: $0) }
    }

    /// One service.
    /// - Throws: `ServiceError`.
    public func service(_ id: String, as context: RequestContext) throws -> CatalogService {
        try policy.require("identity:list_services", context)
        return try read { try known(service: id, in: $0) }
    }

    /// Enters a service.
    /// - Throws: `ServiceError`.
    public func createService(_ new: NewCatalogService, as context: RequestContext) throws -> CatalogService {
        try policy.require("identity:create_service", context)
        try IdentityRules.refuse(
            IdentityRules.text(new.type, field: "type") + IdentityRules.shortText(new.name, field: "name")
                + IdentityRules.description(new.description))
        let service = CatalogService(
            id: RandomIdentifier.hexadecimal(), type: new.type, name: new.name, description: new.description,
            isEnabled: new.isEnabled)
        try write { try catalogStore.insert(service, in: $0) }
        return service
    }

    /// Changes what is given of a service.
    /// - Throws: `ServiceError`.
    public func updateService(
        _ id: String, _ update: CatalogServiceUpdate, as context: RequestContext
    ) throws -> CatalogService {
        try policy.require("identity:update_service", context)
        try IdentityRules.refuse(
            IdentityRules.text(update.type, field: "type")
                + IdentityRules.shortText(update.name ?? nil, field: "name")
                + IdentityRules.description(update.description ?? nil))
        return try write { transaction in
            let old = try known(service: id, in: transaction)
            let new = CatalogService(
                id: id, type: update.type ?? old.type, name: update.name ?? old.name,
                description: update.description ?? old.description, isEnabled: update.isEnabled ?? old.isEnabled)
            try catalogStore.update(new, in: transaction)
            return new
        }
    }

    /// Deletes a service with its endpoints.
    /// - Throws: `ServiceError`; conflict `in_use` when there are limits for it.
    public func deleteService(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:delete_service", context)
        try write { transaction in
            guard try catalogStore.delete(serviceID: id, in: transaction) else {
                throw ServiceError.notFound("Service", id)
            }
        }
    }

    /// Whether an enabled endpoint of a region is a path of this program.
    /// - Throws: `ServiceError`.
    public func isServed(_ path: String, in region: String) throws -> Bool {
        try read { try catalogStore.endpoints(EndpointFilter(regionID: region), in: $0) }
            .contains { $0.isEnabled && $0.url.hasPrefix(path) }
    }

    /// The endpoints that are wanted, by service.
    /// - Throws: `ServiceError`; forbidden unless administrator or reader of the system.
    public func endpoints(
        _ filter: EndpointFilter = EndpointFilter(), as context: RequestContext
    ) throws -> [Endpoint] {
        try policy.require("identity:list_endpoints", context)
        return try read { try catalogStore.endpoints(filter, in: $0) }
    }

    /// One endpoint.
    /// - Throws: `ServiceError`.
    public func endpoint(_ id: String, as context: RequestContext) throws -> Endpoint {
        try policy.require("identity:list_endpoints", context)
        return try read { try known(endpoint: id, in: $0) }
    }

    /// Enters an endpoint.
    /// - Throws: `ServiceError`; invalid for an unknown service or region.
    public func createEndpoint(_ new: NewEndpoint, as context: RequestContext) throws -> Endpoint {
        try policy.require("identity:create_endpoint", context)
        try IdentityRules.refuse(
            IdentityRules.url(new.url) + IdentityRules.text(new.regionID, field: "region_id"))
        let endpoint = Endpoint(
            id: RandomIdentifier.hexadecimal(), serviceID: new.serviceID, regionID: new.regionID,
            interface: new.interface, url: new.url, isEnabled: new.isEnabled)
        return try write { transaction in
            try refuseUnknown(endpoint, makingRegion: new.makesRegion, in: transaction)
            try catalogStore.insert(endpoint, in: transaction)
            return endpoint
        }
    }

    /// Changes what is given of an endpoint.
    /// - Throws: `ServiceError`.
    public func updateEndpoint(
        _ id: String, _ update: EndpointUpdate, as context: RequestContext
    ) throws -> Endpoint {
        try policy.require("identity:update_endpoint", context)
        try IdentityRules.refuse(
            (update.url.map { IdentityRules.url($0) } ?? [])
                + IdentityRules.text(update.regionID ?? nil, field: "region_id"))
        return try write { transaction in
            let old = try known(endpoint: id, in: transaction)
            let new = Endpoint(
                id: id, serviceID: update.serviceID ?? old.serviceID, regionID: update.regionID ?? old.regionID,
                interface: update.interface ?? old.interface, url: update.url ?? old.url,
                isEnabled: update.isEnabled ?? old.isEnabled)
            try refuseUnknown(new, makingRegion: update.makesRegion, in: transaction)
            try catalogStore.update(new, in: transaction)
            return new
        }
    }

    /// Deletes an endpoint.
    /// - Throws: `ServiceError`.
    public func deleteEndpoint(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:delete_endpoint", context)
        try write { transaction in
            guard try catalogStore.delete(endpointID: id, in: transaction) else {
                throw ServiceError.notFound("Endpoint", id)
            }
        }
    }

    /// The catalogue for the holder of a token: what is enabled, by type, and of that what its project is shown.
    /// - Throws: `ServiceError`.
    public func catalog(for token: Token) throws -> Catalog {
        let (whole, isFiltered) = try catalog()
        guard isFiltered, let project = token.project else { return whole.made(out: token) }
        return try filtered(whole, forProject: project.id).made(out: token)
    }

    private func catalog() throws -> (whole: Catalog, isFiltered: Bool) {
        let revision = revision
        if let kept = catalogCache.found(at: revision) { return kept }
        let catalog = try read { transaction in
            let endpoints = Dictionary(
                grouping: try catalogStore.endpoints(EndpointFilter(), in: transaction).filter(\.isEnabled),
                by: \.serviceID)
            let services = try catalogStore.services(CatalogServiceFilter(), in: transaction).filter(\.isEnabled)
            let entries = services.map { service in
                let own = (endpoints[service.id] ?? []).sorted {
                    ($0.interface.rank, $0.id) < ($1.interface.rank, $1.id)
                }
                return Catalog.Entry(service: service, endpoints: own)
            }
            return (whole: Catalog(entries: entries), isFiltered: try endpointFilterStore.isUsed(in: transaction))
        }
        catalogCache.keep(catalog, at: revision)
        return catalog
    }

    func known(service id: String, in transaction: borrowing Transaction) throws -> CatalogService {
        guard let service = try catalogStore.service(id: id, in: transaction) else {
            throw ServiceError.notFound("Service", id)
        }
        return service
    }

    func known(endpoint id: String, in transaction: borrowing Transaction) throws -> Endpoint {
        guard let endpoint = try catalogStore.endpoint(id: id, in: transaction) else {
            throw ServiceError.notFound("Endpoint", id)
        }
        return endpoint
    }

    private func refuseUnknown(
        _ endpoint: Endpoint, makingRegion: Bool, in transaction: borrowing Transaction
    ) throws {
        guard try catalogStore.service(id: endpoint.serviceID, in: transaction) != nil else {
            let message = Message("There is no service {id}.", ["id": endpoint.serviceID])
            throw ServiceError.invalid([Violation(field: "service_id", code: "unknown_service", message: message)])
        }
        guard let regionID = endpoint.regionID, try regionStore.region(id: regionID, in: transaction) == nil else {
            return
        }
        guard makingRegion else {
            let message = Message("There is no region {id}.", ["id": regionID])
            throw ServiceError.invalid([Violation(field: "region_id", code: "unknown_region", message: message)])
        }
        try regionStore.insert(Region(id: regionID, description: "", parentID: nil), in: transaction)
    }
}

extension Endpoint.Interface {
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
