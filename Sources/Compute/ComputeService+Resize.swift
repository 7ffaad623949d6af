import Database
import Images
public import ServiceCore

extension ComputeService {
    /// Gives an instance another size. The guest is shut down, its disk is kept and grown, and it starts again; until
    /// the owner confirms or reverts, host and quota keep room for the larger of both sizes.
    /// - Parameter diskConfig: who sees to the disk's partitions from now on; nil: who did before.
    /// - Throws: `ServiceError`: invalid with violations on flavor_id; overQuota naming every limit; conflict.
    @discardableResult
    public func resize(
        _ id: ID<Instance>, to flavorID: String, diskConfig: DiskConfig? = nil, as context: RequestContext
    ) throws -> Instance {
        try ServiceError.wrapping {
            let instance = try requireAvailable(.resize, on: id, as: context)
            let flavor = try resizeFlavor(flavorID, for: instance, as: context)
            let size = InstanceFlavor(flavor)
            return try request(.resize, on: id, as: context) { transaction, instance in
                let claim = instance.flavor.claim.covering(size.claim)
                try requireQuota(of: instance, toClaim: claim, in: transaction)
                let (old, wasRunning) = (instance.flavor, instance.state.vm == .active)
                try lifecycle.extras.update(id, in: transaction) {
                    $0.oldFlavor = old
                    $0.newFlavor = size
                    $0.wasRunning = wasRunning
                }
                instance.claim = claim
                instance.diskConfig = diskConfig ?? instance.diskConfig
                let now = clock.now()
                try lifecycle.migrations.insert(
                    InstanceMigration(
                        number: 0, uuid: RandomIdentifier.uuid(), instanceID: id, status: .migrating,
                        host: instance.host, oldFlavorID: old.id, newFlavorID: size.id, userID: context.userID,
                        projectID: instance.projectID, createdAt: now, updatedAt: now), in: transaction)
            }
        }
    }

    /// The resize that is under way or waits to be confirmed; nil when there is none.
    /// - Throws: `ServiceError`.
    public func pendingResize(of id: ID<Instance>, as context: RequestContext) throws -> PendingResize? {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            return try database.read { transaction in
                _ = try visible(id, as: context, in: transaction)
                let extra = try lifecycle.extras.find(id, in: transaction)
                guard let from = extra.oldFlavor, let to = extra.newFlavor else { return nil }
                return PendingResize(from: from, to: to)
            }
        }
    }

    private func resizeFlavor(
        _ id: String, for instance: Instance, as context: RequestContext
    ) throws -> Flavor {
        var violations: [Violation] = []
        guard let flavor = try find(flavor: id, as: context, &violations) else {
            throw ServiceError.invalid(violations)
        }
        let image = try database.read { try images.find(instance.imageID, in: $0) }
        violations += ResizeOption(flavor, for: instance, image: image).refusals
        guard violations.isEmpty else { throw ServiceError.invalid(violations) }
        return flavor
    }

    private func requireQuota(
        of instance: Instance, toClaim claim: HostResources, in transaction: borrowing Transaction
    ) throws {
        let quota = try quota(ofProject: instance.projectID, in: transaction)
        let more = ComputeResources(
            instances: 0, cores: claim.vcpus - instance.claim.vcpus,
            memoryMiB: claim.memoryMiB - instance.claim.memoryMiB)
        try Self.refuse(quota.excess(adding: more).filter { $0.requested > 0 })
    }
}
