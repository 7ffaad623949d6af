import Compute
import HTTP
import ServiceCore

/// Placement's interface, as far as clients ask: what there is to read. What hosts have and promised is Compute's to know;
/// a provider is a compute host.
struct PlacementAPI: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        let versions = PlacementVersions()
        table.open(.get, "", versions.choices)
        ResourceProviderEndpoints(compute: compute).register(on: &table)
        AllocationEndpoints(compute: compute).register(on: &table)
        ResourceClassEndpoints(compute: compute).register(on: &table)
    }
}

/// The three kinds of resources that hosts here have.
enum ResourceClass: String, CaseIterable, Sendable {
    case vcpu = "VCPU"
    case memory = "MEMORY_MB"
    case disk = "DISK_GB"

    /// How much of it an instance takes.
    func amount(of flavor: InstanceFlavor) -> Int {
        switch self {
        case .vcpu: flavor.vcpus
        case .memory: flavor.memoryMiB
        case .disk: flavor.diskGiB + flavor.ephemeralGiB
        }
    }

    /// How much of it a host has, how much was promised, and how often it may be.
    func inventory(of record: HypervisorRecord) -> (total: Int, used: Int, ratio: Double) {
        let (use, ratios) = (record.use, record.allocationRatios)
        return switch self {
        case .vcpu: (use.vcpus, use.vcpusUsed, ratios.cpu)
        case .memory: (use.memoryMiB, use.memoryMiBUsed, ratios.memory)
        case .disk: (use.diskGiB, use.diskGiBUsed, ratios.disk)
        }
    }
}

extension APICall {
    /// `resources=VCPU:1,MEMORY_MB:512`.
    /// - Throws: `APIError` 400.
    func resources(_ text: String) throws -> [ResourceClass: Int] {
        try text.split(separator: ",").reduce(into: [:]) { resources, part in
            let pair = part.split(separator: ":")
            guard pair.count == 2, let amount = Int(pair[1]), amount > 0 else {
                throw APIError(.badRequest, "Badly formed resources parameter: \(part.prefix(80))")
            }
            guard let kind = ResourceClass(rawValue: String(pair[0])) else {
                throw APIError(.badRequest, "Invalid resource class in resources parameter: \(pair[0].prefix(80))")
            }
            resources[kind] = amount
        }
    }
}
