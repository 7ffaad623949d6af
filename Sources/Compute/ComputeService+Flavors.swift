import Database
public import ServiceCore

extension ComputeService {
    /// The sizes instances can have, smallest first: those that the caller's project may use, to administrators all. Nova
    /// has no rule about who may look at them.
    /// - Throws: `ServiceError`.
    public func flavors(_ filter: FlavorFilter = FlavorFilter(), as context: RequestContext) throws -> [Flavor] {
        try ServiceError.wrapping {
            try database.read { transaction in
                let isUsable = try usability(of: context, in: transaction)
                return try flavors.all(in: transaction).filter { isUsable($0) && filter.admits($0, to: context) }
            }
        }
    }

    /// - Throws: `ServiceError`: notFound.
    public func flavor(_ id: String, as context: RequestContext) throws -> Flavor {
        try ServiceError.wrapping {
            try database.read { transaction in
                guard let flavor = try flavors.find(id, in: transaction),
                    try usability(of: context, in: transaction)(flavor)
                else { throw ServiceError.notFound("Flavor", id) }
                return flavor
            }
        }
    }

    /// Makes a flavor.
    /// - Throws: `ServiceError`: invalid with violations on name, id, vcpus, ram, disk, swap, ephemeral, rxtx_factor,
    ///   description; conflict `flavor_exists` when the name or the id is taken.
    public func createFlavor(_ new: NewFlavor, as context: RequestContext) throws -> Flavor {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.createFlavor, context)
            let violations = FlavorRules.violations(in: new)
            guard violations.isEmpty else { throw ServiceError.invalid(violations) }
            let id = new.id.flatMap { $0 == "auto" ? nil : $0 } ?? RandomIdentifier.uuid()
            let flavor = Flavor(
                id: id, name: new.name.trimmed, vcpus: new.vcpus, memoryMiB: new.memoryMiB, diskGiB: new.diskGiB,
                isPublic: new.isPublic, swapMiB: new.swapMiB, ephemeralGiB: new.ephemeralGiB,
                rxtxFactor: new.rxtxFactor, description: new.description)
            try database.write { transaction in
                guard try flavors.find(id, in: transaction) == nil,
                    try !flavors.isTaken(name: flavor.name, in: transaction)
                else {
                    throw ServiceError.conflict(
                        code: "flavor_exists",
                        Message(
                            "A flavor with the name {name} or the id {id} exists already.",
                            ["name": flavor.name, "id": id]))
                }
                try flavors.insert(flavor, in: transaction)
            }
            return flavor
        }
    }

    /// Changes the only thing about a flavor that can be changed: what is said about it.
    /// - Throws: `ServiceError`: notFound; invalid with a violation on description.
    public func describeFlavor(_ id: String, _ description: String?, as context: RequestContext) throws -> Flavor {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.updateFlavor, context)
            if let violation = description.flatMap(FlavorRules.description) { throw ServiceError.invalid([violation]) }
            return try changing(flavor: id) { transaction in
                _ = try flavors.setDescription(description, of: id, in: transaction)
            }
        }
    }

    /// Deletes a flavor. Instances keep the size they have.
    /// - Throws: `ServiceError`: notFound.
    public func deleteFlavor(_ id: String, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.deleteFlavor, context)
            guard try database.write({ try flavors.delete(id, in: $0) }) else {
                throw ServiceError.notFound("Flavor", id)
            }
        }
    }

    /// Replaces a flavor's extra specs. Instances keep those they were launched with.
    /// - Throws: `ServiceError`: notFound; invalid with violations on extra_specs.<key>.
    @discardableResult
    public func setExtraSpecs(
        _ specs: [String: String], ofFlavor id: String, as context: RequestContext
    ) throws -> Flavor {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.updateFlavor, context)
            let violations = ExtraSpecRules.violations(in: specs)
            guard violations.isEmpty else { throw ServiceError.invalid(violations) }
            return try changing(flavor: id) { try flavors.setExtraSpecs(specs, of: id, in: $0) }
        }
    }

    /// Whether the caller may change flavors.
    public func canChangeFlavors(as context: RequestContext) -> Bool {
        ComputePolicy.policy.allows(ComputePolicy.updateFlavor, context)
    }

    /// The projects that may use a flavor.
    /// - Throws: `ServiceError`: notFound, also for a public flavor, which has no such list.
    public func flavorAccess(_ id: String, as context: RequestContext) throws -> [String] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.flavorAccess, context)
            return try database.read { transaction in
                let flavor = try flavors.find(id, in: transaction)
                guard let flavor, !flavor.isPublic else { throw ServiceError.notFound("Flavor", id) }
                return try flavors.projects(of: id, in: transaction)
            }
        }
    }

    /// Lets a project use a flavor that is not public, or no more.
    /// - Returns: the projects that may.
    /// - Throws: `ServiceError`: notFound; conflict `flavor_access_exists`, `flavor_is_public`; notFound when the project
    ///   had no access.
    public func setFlavorAccess(
        _ id: String, project: String, _ allowed: Bool, as context: RequestContext
    ) throws -> [String] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.flavorAccess, context)
            return try database.write { transaction in
                guard let flavor = try flavors.find(id, in: transaction) else {
                    throw ServiceError.notFound("Flavor", id)
                }
                if allowed {
                    try allow(project, flavor, in: transaction)
                } else if try !flavors.forbid(project, id, in: transaction) {
                    throw ServiceError.notFound("Flavor access of project", project)
                }
                return try flavors.projects(of: id, in: transaction)
            }
        }
    }

    private func allow(_ project: String, _ flavor: Flavor, in transaction: borrowing Transaction) throws {
        guard !flavor.isPublic else {
            throw ServiceError.conflict(
                code: "flavor_is_public",
                Message("Every project may use the flavor {name}: it is public.", ["name": flavor.name]))
        }
        guard try flavors.allow(project, flavor.id, in: transaction) else {
            throw ServiceError.conflict(
                code: "flavor_access_exists",
                Message(
                    "The project {project} may use the flavor {name} already.",
                    ["project": project, "name": flavor.name]))
        }
    }

    private func changing(flavor id: String, _ change: (borrowing Transaction) throws -> Void) throws -> Flavor {
        try database.write { transaction in
            guard try flavors.find(id, in: transaction) != nil else { throw ServiceError.notFound("Flavor", id) }
            try change(transaction)
            guard let flavor = try flavors.find(id, in: transaction) else { throw ServiceError.notFound("Flavor", id) }
            return flavor
        }
    }

    /// Which flavors a caller may use.
    func usability(
        of context: RequestContext, in transaction: borrowing Transaction
    ) throws -> @Sendable (Flavor) -> Bool {
        guard !context.isAdmin else { return { _ in true } }
        let granted = try context.projectID.map { try flavors.accessible(to: $0, in: transaction) } ?? []
        return { $0.isPublic || granted.contains($0.id) }
    }
}

extension FlavorFilter {
    fileprivate func admits(_ flavor: Flavor, to context: RequestContext) -> Bool {
        if context.isAdmin, let isPublic, flavor.isPublic != isPublic { return false }
        guard name?.matches(flavor.name) ?? true else { return false }
        return flavor.memoryMiB >= minMemoryMiB ?? 0 && flavor.diskGiB >= minDiskGiB ?? 0
    }
}
