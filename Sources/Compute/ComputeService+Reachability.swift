import ComputeHost
import Database
public import Networking
public import ServiceCore

/// One port of an instance, held against the host that has it.
public struct PortDiagnosis: Sendable {
    /// The port.
    public let port: Port
    /// What is compared, from the guest outwards. What things are called and the kernel's own words are there for
    /// administrators only.
    public let steps: [PathStep]
    /// What is wrong whoever the guest talks to.
    public let causes: [ReachabilityCause]
    /// Why the host could not be asked.
    public let problem: Message?
}

extension ComputeService {
    /// Every port of an instance, held against its host.
    /// - Throws: `ServiceError`: notFound. A host that does not answer is a `PortDiagnosis/problem`.
    public func networkDiagnosis(of id: ID<Instance>, as context: RequestContext) throws -> [PortDiagnosis] {
        try ServiceError.wrapping {
            let instance = try instanceToDiagnose(id, as: context)
            return try networking.ports(as: .system("compute"), filter: PortFilter(deviceID: id.text))
                .filter { $0.nicIndex != nil }.sorted { ($0.nicIndex ?? 0) < ($1.nicIndex ?? 0) }
                .map { port in
                    guard let look = try look(at: port, of: instance) else {
                        return PortDiagnosis(port: port, steps: [], causes: [], problem: nil)
                    }
                    return PortDiagnosis(
                        port: port, steps: look.end.checks.compactMap { PathStep($0, isWhole: context.isAdmin) },
                        causes: look.end.causes(isAtTarget: false), problem: look.problem)
                }
        }
    }

    /// Why something is not reached from a port, or the port's guest from outside; empty when nothing is known to stand
    /// in the way.
    /// - Throws: `ServiceError`: notFound for an instance that the caller may not see, and when the port is not the
    ///   instance's; invalid for a TCP or UDP port out of range, and for the instance itself as target.
    public func reachability(
        of question: ReachabilityQuestion, port: ID<Port>, of id: ID<Instance>, as context: RequestContext
    ) throws -> [ReachabilityCause] {
        try ServiceError.wrapping {
            try question.check()
            let instance = try instanceToDiagnose(id, as: context)
            guard let port = try cards(of: id).first(where: { $0.id == port }),
                let look = try look(at: port, of: instance)
            else { throw ServiceError.notFound("Port", port.text) }
            var facts = ReachabilityFacts(here: look.end)
            if case .instance(let other) = question.target {
                guard other != id else {
                    throw ServiceError.invalid([
                        Violation(
                            field: "target_instance", code: "same", message: Message("Choose another instance."),
                            value: other.text)
                    ])
                }
                let target = try instanceToDiagnose(other, as: context)
                // The port that is on the same network, where there is one.
                let cards = try cards(of: other)
                let near = cards.first { $0.networkID == port.networkID } ?? cards.first
                facts.there = try near.flatMap { try self.look(at: $0, of: target) }?.end
            }
            return facts.causes(of: question)
        }
    }

    private func instanceToDiagnose(_ id: ID<Instance>, as context: RequestContext) throws -> Instance {
        try ComputePolicy.policy.require(ComputePolicy.get, context)
        return try database.read { try visible(id, as: context, in: $0) }
    }

    private func cards(of id: ID<Instance>) throws -> [Port] {
        try networking.ports(as: .system("compute"), filter: PortFilter(deviceID: id.text))
            .filter { $0.nicIndex != nil }
    }

    /// What is stored about a port and what its host says. Nil while its network is being deleted.
    private func look(
        at port: Port, of instance: Instance
    ) throws -> (end: ReachabilityFacts.End, problem: Message?)? {
        guard let network = try networking.networkSpec(port.networkID),
            let spec = network.ports.first(where: { $0.portID == port.id.text })
        else { return nil }
        let hasPower = instance.powerState == .running || instance.powerState == .paused
        var end = ReachabilityFacts.End(
            port: spec, network: network, isRunning: hasPower, route: try route(of: port, network))
        guard let host = instance.host, let services = work.hosts.services(on: host) else {
            return (end, Message("The instance is not on a host."))
        }
        do {
            let hasRouter = end.route.hasRouter
            // Without a router of ours the gateway is somebody else's, or nobody's: no fault of the host.
            end.checks = try services.networks.inspect(network, port: spec)
                .filter { $0.subject != .gateway || $0.isRight || hasRouter }
            return (end, nil)
        } catch {
            return (end, Message("The host does not answer: {reason}", ["reason": error.reason]))
        }
    }

    /// What lies behind the network's gateway, told by the ports that routers have.
    private func route(of port: Port, _ network: NetworkSpec) throws -> ReachabilityFacts.Route {
        var route = ReachabilityFacts.Route()
        let gateways = Set(network.subnets.compactMap(\.gateway))
        let ports = try networking.ports(as: .system("compute"), filter: PortFilter(networkID: port.networkID))
        let interface = ports.first { other in
            other.deviceOwner == DeviceOwner.routerInterface
                && other.fixedIPs.contains { gateways.contains($0.address.description) }
        }
        guard let interface else { return route }
        route.hasRouter = true
        for other in try networking.ports(as: .system("compute"), filter: PortFilter(deviceID: interface.deviceID)) {
            if other.deviceOwner == DeviceOwner.routerGateway { route.hasExternalGateway = true }
            if other.deviceOwner == DeviceOwner.routerInterface { route.joined.insert(other.networkID.text) }
        }
        route.hasFloatingIP = try !networking.guestPlugs(ofInstance: port.deviceID).floatingIPs.isEmpty
        return route
    }
}

extension ReachabilityQuestion {
    fileprivate func check() throws {
        guard let port = traffic.port, !(1...65_535).contains(port) else { return }
        throw ServiceError.invalid([
            Violation(
                field: "port_number", code: "out_of_range",
                message: Message("A port is a whole number from 1 to 65535."), value: "\(port)")
        ])
    }
}
