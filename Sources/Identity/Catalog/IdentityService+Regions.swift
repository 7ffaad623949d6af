import Database
public import ServiceCore

extension IdentityService {
    /// All regions, or the parts of one. Everybody may see them.
    /// - Throws: `ServiceError`.
    public func regions(partsOf parentID: String? = nil) throws -> [Region] {
        try read { try regionStore.all(partsOf: parentID, in: $0) }
    }

    /// One region. Everybody may see it.
    /// - Throws: `ServiceError`.
    public func region(_ id: String) throws -> Region {
        try read { try known(region: id, in: $0) }
    }

    /// Makes a region.
    /// - Throws: `ServiceError`; conflict when the identifier is taken.
    public func createRegion(_ new: NewRegion, as context: RequestContext) throws -> Region {
        try policy.require("identity:create_region", context)
        try IdentityRules.refuse(
            IdentityRules.text(new.id, field: "id") + IdentityRules.description(new.description))
        let region = Region(
            id: new.id ?? RandomIdentifier.hexadecimal(), description: new.description, parentID: new.parentID)
        return try write { transaction in
            if let parentID = new.parentID { _ = try known(region: parentID, in: transaction) }
            guard try regionStore.region(id: region.id, in: transaction) == nil else {
                throw ServiceError.nameTaken("region", region.id)
            }
            try regionStore.insert(region, in: transaction)
            return region
        }
    }

    /// Changes what is given of a region.
    /// - Throws: `ServiceError`; invalid when it would become a part of itself.
    public func updateRegion(_ id: String, _ update: RegionUpdate, as context: RequestContext) throws -> Region {
        try policy.require("identity:update_region", context)
        try IdentityRules.refuse(IdentityRules.description(update.description))
        return try write { transaction in
            let old = try known(region: id, in: transaction)
            let new = Region(
                id: id, description: update.description ?? old.description, parentID: update.parentID ?? old.parentID)
            var above = new.parentID
            while let next = above {
                guard next != id else {
                    let message: Message = "A region cannot be a part of itself."
                    throw ServiceError.invalid([
                        Violation(field: "parent_region_id", code: "own_part", message: message)
                    ])
                }
                above = try known(region: next, in: transaction).parentID
            }
            try regionStore.update(new, in: transaction)
            return new
        }
    }

    /// Deletes a region that has neither parts nor endpoints.
    /// - Throws: `ServiceError`; conflict `in_use`.
    public func deleteRegion(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:delete_region", context)
        try write { transaction in
            guard try regionStore.delete(id: id, in: transaction) else { throw ServiceError.notFound("Region", id) }
        }
    }

    func known(region id: String, in transaction: borrowing Transaction) throws -> Region {
        guard let region = try regionStore.region(id: id, in: transaction) else {
            throw ServiceError.notFound("Region", id)
        }
        return region
    }
}
