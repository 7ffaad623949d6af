/// Chooses a host: filters, then weighs. A pure function of what is known, so that each decision can be stored with
/// every host's verdict and shown.
public struct Scheduler: Sendable {
    /// How far hosts may be promised away.
    public let ratios: AllocationRatios
    /// What speaks for one host rather than another.
    public let multipliers: WeightMultipliers

    /// Makes a scheduler.
    public init(ratios: AllocationRatios = AllocationRatios(), multipliers: WeightMultipliers = WeightMultipliers()) {
        self.ratios = ratios
        self.multipliers = multipliers
    }

    /// Judges every host, in the order given. Of those that no filter refuses the heaviest wins, of equal ones the
    /// first by name.
    public func decide(_ request: PlacementRequest, among hosts: [HostSnapshot]) -> SchedulingDecision {
        var verdicts: [HostVerdict] = []
        verdicts.reserveCapacity(hosts.count)
        var scale = WeightScale(request.group)
        let filters = HostFilters(request)
        for host in hosts {
            let room = host.room(ratios)
            let refusals = filters.refusals(of: host, with: room)
            if refusals.isEmpty { scale.add(room, host.name) }
            verdicts.append(HostVerdict(host: host.name, refusals: refusals))
        }
        var best: Int?
        var candidate = 0
        for index in verdicts.indices where verdicts[index].isAccepted {
            let weight = scale.weight(candidate, multipliers)
            candidate += 1
            verdicts[index].weight = weight
            guard let leader = best, let most = verdicts[leader].weight else {
                best = index
                continue
            }
            if weight > most || weight == most && verdicts[index].host < verdicts[leader].host { best = index }
        }
        return SchedulingDecision(chosen: best.map { verdicts[$0].host }, verdicts: verdicts)
    }
}
