import Database
public import ServiceCore

/// What would come of allocation pools, by the rules that saving goes by. Nothing is written.
extension NetworkingService {
    /// The effect of changing a subnet. Pools that break a rule are shown where they lie, as far as they can be read.
    /// - Parameter stretch: a network in the subnet, to see it alone; another is taken as the whole subnet.
    /// - Throws: `ServiceError`: notFound, forbidden. Broken rules are in the answer.
    public func previewAllocationPools(
        of id: ID<Subnet>, _ update: SubnetUpdate, in stretch: CIDR? = nil, as context: RequestContext
    ) throws -> PoolPreview {
        try read { transaction in
            let (subnet, _) = try changeableSubnet(id, NetworkingPolicy.updateSubnet, context, transaction)
            var faults = Faults()
            let content = SubnetRules(configuration: configuration).content(of: subnet, applying: update, &faults)
            let before = AddressGround(cidr: subnet.cidr, gateway: subnet.gateway, pools: subnet.pools.map(\.range))
            let after = AddressGround(content, before: before.pools, faults)
            return PoolPreview(
                map: try map(stretch, of: after, id, maySeePorts: true, transaction),
                before: try tally(before, id, transaction), after: try tally(after, id, transaction),
                gained: after.gained.ranges, lost: after.lost.ranges,
                outside: try outside(after, id, maySeePorts: true, transaction), violations: faults.violations)
        }
    }

    /// The addresses of a subnet that is still to be made, on a network or together with one. Of a pool it is the block
    /// that would be cut now.
    /// - Throws: `ServiceError`: notFound, forbidden. Broken rules are in the answer.
    public func previewAllocationPools(
        of new: NewSubnet, on networkID: ID<Network>?, in stretch: CIDR? = nil, as context: RequestContext
    ) throws -> PoolPreview {
        try NetworkingPolicy.policy.require(NetworkingPolicy.createSubnet, context)
        let (wanted, siblings) = try read { transaction in
            let network = try networkID.map {
                try changeableNetwork($0, NetworkingPolicy.createSubnet, context, transaction)
            }
            let owner = network?.projectID ?? context.projectID ?? ""
            return (try previewedCut(new, projectID: owner, context, transaction), network?.subnets ?? [])
        }
        var faults = Faults()
        let rules = SubnetRules(configuration: configuration)
        let content = rules.content(of: wanted.subnet, siblings: siblings, &faults)
        let ground = content.map { AddressGround($0, before: nil, faults) }
        let map = ground.map { ground in
            let shown = stretch.flatMap { ground.cidr.contains($0) ? $0 : nil } ?? ground.cidr
            let isExact = shown.range.count <= 1 << UInt128(AddressMap.bits)
            return isExact
                ? AddressMap(shown, of: ground, singles: []) : AddressMap(shown, of: ground) { _ in 0 }
        }
        return PoolPreview(
            map: map, before: nil,
            after: ground.map { AddressTally(pooled: $0.pools.count, allocated: 0, outside: 0) } ?? .nothing,
            gained: [], lost: [], outside: AddressesOutsidePools(entries: [], count: 0),
            violations: wanted.violations + faults.violations)
    }

    /// What a pool would give; as it was typed, with the reasons, when it would give nothing.
    private func previewedCut(
        _ new: NewSubnet, projectID: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> (subnet: NewSubnet, violations: [Violation]) {
        do {
            return (try cut(new, projectID: projectID, context, transaction), [])
        } catch let error as ServiceError where [.invalid, .conflict, .notFound].contains(error.kind) {
            return (new, error.violations)
        }
    }
}

extension AddressGround {
    /// What was typed, held against the pools there are; nil for none.
    fileprivate init(_ content: SubnetContent, before: AddressSet?, _ faults: Faults) {
        self.init(
            cidr: content.cidr, gateway: content.gateway,
            pools: content.pools.filter { $0.version == content.cidr.version })
        marks = faults.marks
        guard let before else { return }
        gained = pools.subtracting(before)
        lost = before.subtracting(pools)
    }
}
