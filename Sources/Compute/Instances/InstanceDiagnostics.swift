import ComputeHost
import Database
public import ServiceCore

/// What a host counts about a guest, for who looks for a fault (nova: `diagnostics`).
public struct InstanceDiagnostics: Sendable {
    /// The instance.
    public let instance: Instance
    /// nova's word for what the guest does: pending, running, paused, shutdown, crashed, suspended.
    public let state: String
    /// Processor time in nanoseconds; nil when the host does not count it.
    public let cpuTime: Int?
    /// What the guest takes of the host's memory, in MiB.
    public let memoryUsedMiB: Int?
    /// What went through its interfaces.
    public let interfaces: [Traffic]
    /// What went to and from its disks; requests in place of packets.
    public let disks: [Traffic]

    /// What went in both directions: received or read, sent or written.
    public struct Traffic: Sendable, Hashable {
        /// Bytes received or read.
        public let bytesIn: Int
        /// Packets received or read requests.
        public let countIn: Int
        /// Bytes sent or written.
        public let bytesOut: Int
        /// Packets sent or write requests.
        public let countOut: Int
        /// Packets lost on the way in.
        public let errorsIn: Int
        /// Packets lost on the way out.
        public let errorsOut: Int
    }
}

extension ComputeService {
    /// Asks the instance's host what it counts.
    /// - Throws: `ServiceError`: forbidden; notFound; conflict when the instance is on no host; unavailable.
    public func diagnostics(of id: ID<Instance>, as context: RequestContext) throws -> InstanceDiagnostics {
        try ServiceError.wrapping {
            let instance = try instance(id, as: context)
            try ComputePolicy.policy.require(ComputePolicy.diagnostics, context)
            guard let name = instance.host, let host = work.hosts.services(on: name) else {
                throw ServiceError.conflict(code: "no_host", Message("The instance is not on a host."))
            }
            let all = try asking { try host.hypervisor.statistics() }
            return InstanceDiagnostics(instance, all.first { $0.instanceID == id.text })
        }
    }
}

extension InstanceDiagnostics {
    init(_ instance: Instance, _ statistics: DomainStatistics?) {
        self.instance = instance
        state =
            switch instance.powerState {
            case .noState: "pending"
            case .running: "running"
            case .paused: "paused"
            case .shutdown: "shutdown"
            case .crashed: "crashed"
            case .suspended: "suspended"
            }
        cpuTime = statistics?.cpuTime.map { Int(clamping: $0) }
        memoryUsedMiB = statistics?.memory.resident.map { Int(clamping: $0 / 1024) }
        interfaces = (statistics?.interfaces ?? []).map { card in
            Traffic(
                bytesIn: Int(clamping: card.receivedBytes), countIn: Int(clamping: card.receivedPackets),
                bytesOut: Int(clamping: card.sentBytes), countOut: Int(clamping: card.sentPackets),
                errorsIn: Int(clamping: card.receiveErrors), errorsOut: Int(clamping: card.sendErrors))
        }
        disks = (statistics?.disks ?? []).map { disk in
            Traffic(
                bytesIn: Int(clamping: disk.readBytes), countIn: Int(clamping: disk.readRequests),
                bytesOut: Int(clamping: disk.writtenBytes), countOut: Int(clamping: disk.writeRequests), errorsIn: 0,
                errorsOut: 0)
        }
    }
}

extension Instance {
    /// nova's number of what the hypervisor last said.
    public var powerStateNumber: Int { powerState.rawValue }
}
