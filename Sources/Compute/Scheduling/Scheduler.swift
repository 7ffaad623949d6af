public import ServiceCore

/// Chooses a host: filters, then weighs. A pure function of what is known, so that each decision can be stored with
/// every host's verdict and shown.
public struct Scheduler: Sendable {
    /// How far hosts may be promised away.
    public let ratios: AllocationRatios

    /// Makes a scheduler.
    public init(ratios: AllocationRatios = AllocationRatios()) {
        self.ratios = ratios
    }

    /// Judges every host, in the order given. The accepted host with the most free memory wins (nova's RAM weigher
    /// spreads instances), then the one with the most free processors, then the first by name.
    public func decide(_ request: PlacementRequest, among hosts: [HostSnapshot]) -> SchedulingDecision {
        let verdicts = hosts.map { HostVerdict(host: $0.name, reasons: refusals(of: $0, for: request)) }
        let accepted = zip(hosts, verdicts).filter { $1.isAccepted }.map(\.0)
        let best = accepted.max { left, right in
            let (l, r) = (room(on: left), room(on: right))
            if l.memoryMiB != r.memoryMiB { return l.memoryMiB < r.memoryMiB }
            if l.vcpus != r.vcpus { return l.vcpus < r.vcpus }
            return left.name > right.name
        }
        return SchedulingDecision(chosen: best?.name, verdicts: verdicts)
    }

    /// Every reason against a host, not only the first: the reader of a failed launch wants them all.
    private func refusals(of host: HostSnapshot, for request: PlacementRequest) -> [Message] {
        guard host.isUp else { return [Message("The host does not answer.")] }
        var reasons: [Message] = []
        if let why = host.disabledReason {
            reasons.append(Message("The host is disabled: {why}", ["why": why]))
        }
        if let zone = request.availabilityZone, zone != host.availabilityZone {
            reasons.append(
                Message("The host is in zone {has}, asked is {asked}.", ["has": host.availabilityZone, "asked": zone]))
        }
        let free = room(on: host)
        if request.vcpus > free.vcpus {
            reasons.append(Self.tooLittle("Too few vCPUs: asks {asks}, free {free}.", request.vcpus, free.vcpus))
        }
        if request.memoryMiB > free.memoryMiB {
            reasons.append(
                Self.tooLittle("Too little memory: asks {asks} MB, free {free} MB.", request.memoryMiB, free.memoryMiB))
        }
        if request.diskGiB > free.diskGiB {
            reasons.append(
                Self.tooLittle("Too little disk: asks {asks} GB, free {free} GB.", request.diskGiB, free.diskGiB))
        }
        return reasons
    }

    private func room(on host: HostSnapshot) -> HostResources {
        HostResources(
            vcpus: Int(Double(host.total.vcpus) * ratios.cpu) - host.used.vcpus,
            memoryMiB: Int(Double(host.total.memoryMiB) * ratios.memory) - host.used.memoryMiB,
            diskGiB: Int(Double(host.total.diskGiB) * ratios.disk) - host.used.diskGiB)
    }

    private static func tooLittle(_ text: String, _ asks: Int, _ free: Int) -> Message {
        Message(text, ["asks": "\(asks)", "free": "\(max(0, free))"])
    }
}

/// How far a host may be promised away beyond what it has (nova: cpu_allocation_ratio and its sisters, with the values
/// nova had before placement).
public struct AllocationRatios: Hashable, Sendable {
    /// Virtual processors for each processor.
    public var cpu: Double
    /// Promised memory for each MiB.
    public var memory: Double
    /// Promised disk for each GiB.
    public var disk: Double

    /// Makes ratios; the default values are nova's.
    public init(cpu: Double = 16, memory: Double = 1.5, disk: Double = 1) {
        self.cpu = cpu
        self.memory = memory
        self.disk = disk
    }
}

/// What an instance needs of a host.
public struct PlacementRequest: Hashable, Sendable {
    /// Processors.
    public var vcpus: Int
    /// Memory in MiB.
    public var memoryMiB: Int
    /// Root disk in GiB.
    public var diskGiB: Int
    /// Nil: any.
    public var availabilityZone: String?

    /// Makes a request.
    public init(vcpus: Int, memoryMiB: Int, diskGiB: Int, availabilityZone: String? = nil) {
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.diskGiB = diskGiB
        self.availabilityZone = availabilityZone
    }
}

/// Processors, memory and disk of a host, in all or in use.
public struct HostResources: Hashable, Sendable {
    /// Processors.
    public var vcpus: Int
    /// Memory in MiB.
    public var memoryMiB: Int
    /// Disk in GiB.
    public var diskGiB: Int

    /// Makes an amount.
    public init(vcpus: Int, memoryMiB: Int, diskGiB: Int) {
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.diskGiB = diskGiB
    }
}

/// What the scheduler knows of a host when it decides.
public struct HostSnapshot: Hashable, Sendable {
    /// As in `Instance.host`.
    public var name: String
    /// The zone the host belongs to.
    public var availabilityZone: String
    /// Whether it answers.
    public var isUp: Bool
    /// Why an administrator took it out of service; nil when it is in service.
    public var disabledReason: String?
    /// What it has.
    public var total: HostResources
    /// Promised to instances, whether they run or not.
    public var used: HostResources

    /// Makes a snapshot; unless said otherwise, of a host in service.
    public init(
        name: String, availabilityZone: String = "nova", isUp: Bool = true, disabledReason: String? = nil,
        total: HostResources, used: HostResources
    ) {
        self.name = name
        self.availabilityZone = availabilityZone
        self.isUp = isUp
        self.disabledReason = disabledReason
        self.total = total
        self.used = used
    }
}

/// Why a host was taken or not.
public struct HostVerdict: Hashable, Sendable {
    /// Which host.
    public let host: String
    /// Everything that speaks against it; empty when it could take the instance.
    public let reasons: [Message]
    /// Whether it could take the instance.
    public var isAccepted: Bool { reasons.isEmpty }
}

/// The scheduler's answer for one instance.
public struct SchedulingDecision: Hashable, Sendable {
    /// Nil when no host could take it.
    public let chosen: String?
    /// One for each host, in the order of the hosts.
    public let verdicts: [HostVerdict]
}
