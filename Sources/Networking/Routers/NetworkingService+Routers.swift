import Database
public import ServiceCore

extension NetworkingService {
    /// Routers by name, the unnamed first.
    /// - Throws: `ServiceError`: forbidden when all routers are asked for by others than administrators.
    public func routers(_ filter: RouterFilter = RouterFilter(), as context: RequestContext) throws -> [NetworkRouter] {
        guard mayLook(context) else { return [] }
        var projectID: String?
        switch filter.scope {
        case .everything: guard context.isAdmin else { throw ServiceError.forbidden(NetworkingPolicy.get) }
        case .project: projectID = try context.requireProject()
        }
        return try read { try routerStore.list(filter, visibleTo: projectID, in: $0) }
    }

    /// - Throws: `ServiceError`: notFound.
    public func router(_ id: ID<NetworkRouter>, as context: RequestContext) throws -> NetworkRouter {
        try read { try visibleRouter(id, context, $0) }
    }

    /// Whether the caller may edit a router: which buttons a page shows.
    public func canChange(_ router: NetworkRouter, as context: RequestContext) -> Bool {
        NetworkingPolicy.policy.allows(NetworkingPolicy.updateRouter, context)
            && context.canSee(projectID: router.projectID)
    }

    /// Makes a router, with a way out if one is named.
    /// - Throws: `ServiceError`: invalid, notFound, forbidden, overQuota, conflict `ip_address_in_use`,
    ///   `ip_address_generation_failure`.
    public func createRouter(_ new: NewRouter, as context: RequestContext) throws -> NetworkRouter {
        try write { try makeRouter(new, context, $0) }
    }

    /// Makes all of several routers, or none.
    /// - Throws: `ServiceError`, as ``createRouter(_:as:)``.
    public func createRouters(_ all: [NewRouter], as context: RequestContext) throws -> [NetworkRouter] {
        try write { transaction in try all.map { try makeRouter($0, context, transaction) } }
    }

    private func makeRouter(
        _ new: NewRouter, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> NetworkRouter {
        try NetworkingPolicy.policy.require(NetworkingPolicy.createRouter, context)
        let projectID = try owner(new.projectID, context)
        var faults = Faults()
        faults.checkLength(new.name, "name")
        faults.checkLength(new.description, "description")
        try faults.throwIfAny()
        try requireQuota(.router, adding: 1, projectID, transaction)
        let now = clock.now()
        var router = NetworkRouter(
            id: .random(), projectID: projectID, name: new.name, description: new.description,
            adminStateUp: new.adminStateUp, gateway: nil, routes: [], revision: 1, createdAt: now, updatedAt: now)
        try routerStore.insert(router, in: transaction)
        if let gateway = new.gateway {
            try setGateway(gateway, of: &router, context, transaction)
            try routerStore.update(router, in: transaction)
        }
        try changed(router, .created, context, transaction)
        return router
    }

    /// - Throws: `ServiceError`: invalid, notFound, forbidden, conflict `revision_conflict`,
    ///   `router_gateway_in_use_by_floating_ip`, `router_interface_in_use_by_route`, `ip_address_in_use`,
    ///   `ip_address_generation_failure`.
    public func updateRouter(
        _ id: ID<NetworkRouter>, _ update: RouterUpdate, as context: RequestContext
    ) throws -> NetworkRouter {
        try write { transaction in
            var router = try changeableRouter(id, NetworkingPolicy.updateRouter, context, transaction)
            try requireRevision(update.revision, current: router.revision, router.displayName)
            var faults = Faults()
            faults.checkLength(update.name, "name")
            faults.checkLength(update.description, "description")
            try faults.throwIfAny()
            router.name = update.name ?? router.name
            router.description = update.description ?? router.description
            router.adminStateUp = update.adminStateUp ?? router.adminStateUp
            switch update.gateway {
            case .clear: try clearGateway(of: &router, transaction)
            case .set(let gateway): try setGateway(gateway, of: &router, context, transaction)
            case nil: break
            }
            if let routes = update.routes(instead: router.routes) {
                router.routes = try checkedRoutes(routes, of: router, transaction)
            } else if update.gateway != nil {
                try requireReachable(router.routes, of: router, without: [], transaction)
            }
            router.revision += 1
            router.updatedAt = clock.now()
            try routerStore.update(router, in: transaction)
            try changed(router, .updated, context, transaction)
            return router
        }
    }

    /// Deletes a router; its way out goes with it.
    /// - Throws: `ServiceError`: notFound, forbidden, conflict `router_in_use` while it joins networks.
    public func deleteRouter(
        _ id: ID<NetworkRouter>, revision: Int? = nil, as context: RequestContext
    ) throws {
        try write { transaction in
            var router = try changeableRouter(id, NetworkingPolicy.deleteRouter, context, transaction)
            try requireRevision(revision, current: router.revision, router.displayName)
            let interfaces = try interfacePorts(of: id, transaction)
            guard interfaces.isEmpty else {
                throw ServiceError.conflict(
                    code: "router_in_use",
                    Message(
                        "The router {name} still has interfaces: {ports}. Delete them first.",
                        ["name": router.displayName, "ports": Self.listed(interfaces.map(\.id))]))
            }
            try clearGateway(of: &router, transaction)
            try routerStore.delete(id, in: transaction)
            try changed(router, .deleted, context, transaction)
        }
    }
}

extension NetworkingService {
    /// A router the caller may see: its project's own, or any to an administrator.
    func visibleRouter(
        _ id: ID<NetworkRouter>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> NetworkRouter {
        guard mayLook(context), let router = try routerStore.find(id, in: transaction),
            context.canSee(projectID: router.projectID)
        else {
            throw ServiceError.notFound("Router", id.text)
        }
        return router
    }

    func changeableRouter(
        _ id: ID<NetworkRouter>, _ rule: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> NetworkRouter {
        let router = try visibleRouter(id, context, transaction)
        try NetworkingPolicy.policy.require(rule, context)
        return router
    }

    /// The router's ports on networks inside, in the order of their making.
    func interfacePorts(of id: ID<NetworkRouter>, _ transaction: borrowing Transaction) throws -> [Port] {
        var filter = PortFilter(deviceID: id.text)
        filter.deviceOwner = DeviceOwner.routerInterface
        return try portStore.list(filter, visibleTo: nil, in: transaction).sorted {
            ($0.createdAt, $0.id.text) < ($1.createdAt, $1.id.text)
        }
    }

    /// Tells the router's host and the open pages, if the transaction is committed.
    func changed(
        _ router: NetworkRouter, _ what: ResourceEvent.Change, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws {
        try enqueueApply(router.id, context, transaction)
        events.publish(
            ResourceEvent(kind: "router", id: router.id.text, projectID: router.projectID, what: what), in: transaction)
    }

    /// Has the router's host look at it again.
    func enqueueApply(
        _ id: ID<NetworkRouter>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        let job = NewJob(
            kind: ApplyRouter.kind, resource: "router/\(id)", payload: ["router_id": id.text],
            requestID: context.requestID)
        try jobs.enqueueUnlessWaiting(job, in: transaction)
    }

    /// Has the routers of a network looked at again, whose addresses outside or gateways may have changed.
    func applyRouters(
        on networkID: ID<Network>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        for id in try routerStore.routers(on: networkID, in: transaction) {
            try enqueueApply(id, context, transaction)
        }
    }
}

extension RouterUpdate {
    /// All routes as they are to be; nil leaves them alone.
    fileprivate func routes(instead present: [HostRoute]) -> [HostRouteInput]? {
        guard !addedRoutes.isEmpty || !removedRoutes.isEmpty else { return routes }
        let stored = present.map {
            HostRouteInput(destination: $0.destination.description, nextHop: $0.nextHop.description)
        }
        let base = routes ?? stored
        return base.filter { !removedRoutes.contains($0) } + addedRoutes.filter { !base.contains($0) }
    }
}
