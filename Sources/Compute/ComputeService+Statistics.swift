import Database
public import ServiceCore

extension ComputeService {
    /// What an instance used, back to `range` ago.
    /// - Throws: `ServiceError`: notFound when it does not exist or belongs to another project.
    public func statistics(
        of id: ID<Instance>, over range: StatisticsRange, as context: RequestContext
    ) throws -> InstanceStatistics {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            let now = clock.now()
            let archive = range.archive
            let end = now.seconds / archive.step
            let slots = end - Int64(archive.kept)..<end
            let newest = now.seconds / StatisticsArchive.finest.step
            return try database.read { transaction in
                let number = try visible(id, as: context, in: transaction).number
                return InstanceStatistics(
                    range, slots: slots, rows: try rows(archive, slots, of: number, in: transaction),
                    finest: try rows(.finest, newest - 3..<newest, of: number, in: transaction), now: now)
            }
        }
    }

    private func rows(
        _ archive: StatisticsArchive, _ slots: Range<Int64>, of number: Int, in transaction: borrowing Transaction
    ) throws -> [Int64: StatisticsChunk] {
        let chunks = archive.place(of: slots.lowerBound).chunk...archive.place(of: slots.upperBound).chunk
        return try statisticsStore.chunks(of: number, archive, chunks, in: transaction)
    }

    /// The processor use of the instances of one list, in one read. Instances of other projects, and those of which
    /// nothing was measured within the hour, are missing.
    /// - Throws: `ServiceError`.
    public func loads(of ids: [ID<Instance>], as context: RequestContext) throws -> [ID<Instance>: InstanceLoad] {
        guard !ids.isEmpty else { return [:] }
        return try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            let project = context.isAdmin ? nil : try context.requireProject()
            let slot = clock.now().seconds / InstanceLoad.archive.step - 1
            let loads = try database.read { try statisticsStore.loads(of: ids, project: project, in: $0) }
            // The newest value is made some moments after its two minutes are over.
            return Dictionary(loads.map { ($0, $1.slot == slot - 1 ? $1 : $1.advanced(to: slot)) }) { first, _ in first
            }
            .filter { $0.value.isKnown }
        }
    }

    /// What the guests of each host use now, by the host's name. A host that does not answer is missing.
    /// - Throws: `ServiceError`.
    public func hostLoads(as context: RequestContext) throws -> [String: HostLoad] {
        try ComputePolicy.policy.require(ComputePolicy.hypervisors, context)
        return sampler.loads
    }

    /// Reads now what the guests have used; the program does so every ten seconds once it is started.
    /// - Throws: `ServiceError` when it could not be written.
    public func sampleStatistics() throws {
        try ServiceError.wrapping { try sampler.sample() }
    }
}
