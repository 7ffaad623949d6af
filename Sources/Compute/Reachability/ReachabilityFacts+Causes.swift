import ComputeHost
import Networking
import ServiceCore

extension ReachabilityFacts {
    /// What stands in the way of an answer to a question, the nearest to the guest first; empty when nothing is known
    /// to.
    func causes(of question: ReachabilityQuestion) -> [ReachabilityCause] {
        var causes = here.causes(isAtTarget: false)
        if let there { causes += there.causes(isAtTarget: true) }
        switch question.target {
        case .fromOutside:
            causes += rules(.ingress, at: here, question, remote: nil)
            causes += wayOut(of: here, isAsked: true)
        case .metadata: causes += metadata()
        case .instance:
            guard let there else { break }
            causes += between(here, there, question)
        case .address(let address):
            causes += rules(.egress, at: here, question, remote: address.description)
            if !isNear(address.description) { causes += wayOut(of: here, isAsked: false) }
        }
        return causes
    }

    /// Between two instances, addresses of one version are tried, of version 4 first.
    private func between(
        _ here: End, _ there: End, _ question: ReachabilityQuestion
    ) -> [ReachabilityCause] {
        let pairs = [false, true].compactMap { isIPv6 -> (String, String)? in
            func address(of end: End) -> String? {
                end.port.fixedIPs.map(\.address).first { AddressText.isIPv6($0) == isIPv6 }
            }
            guard let one = address(of: here), let other = address(of: there) else { return nil }
            return (one, other)
        }
        guard let (one, other) = pairs.first else { return [] }
        var causes = rules(.egress, at: here, question, remote: other)
        causes += rules(.ingress, at: there, question, remote: one, isAtTarget: true)
        let isJoined = here.route.hasRouter && here.route.joined.contains(there.network.networkID)
        if here.network.networkID != there.network.networkID, !isJoined, !(here.isPhysical && there.isPhysical) {
            causes.append(
                .init(
                    .noRoute, Message("No router joins the two networks."),
                    Message("Create a router with an interface on each of them.")))
        }
        return causes
    }

    private func rules(
        _ direction: SecurityGroupRuleSpec.Direction, at end: End, _ question: ReachabilityQuestion, remote: String?,
        isAtTarget: Bool = false
    ) -> [ReachabilityCause] {
        let own = end.port.fixedIPs.first?.address
        let isIPv6 = AddressText.isIPv6(remote ?? own ?? "")
        let packet = FilteredPacket(
            isIPv6: isIPv6, protocolNumber: question.traffic.protocolNumber(isIPv6: isIPv6),
            port: question.traffic.port, remote: remote)
        guard !end.allows(direction, packet) else { return [] }
        let values = ["traffic": question.traffic.text, "remote": remote ?? "0.0.0.0/0"]
        let reason =
            direction == .ingress
            ? Message("No rule of the port's security groups lets {traffic} from {remote} in.", values)
            : Message("No rule of the port's security groups lets {traffic} to {remote} out.", values)
        let cure =
            end.port.securityGroupIDs.isEmpty
            ? Message("The port has no security group: give it one that allows it.")
            : Message("Add such a rule to one of its security groups.")
        return [.init(.noRule, reason, cure, isAtTarget: isAtTarget)]
    }

    private func isNear(_ address: String) -> Bool {
        here.subnets.contains { AddressText.isInside(address, $0.subnet.cidr) }
    }

    /// - Parameter isAsked: whether it is the outside that begins.
    private func wayOut(of end: End, isAsked: Bool) -> [ReachabilityCause] {
        let gateways = end.subnets.compactMap(\.subnet.gateway)
        func cause(_ reason: Message, _ cure: Message) -> [ReachabilityCause] { [.init(.noRoute, reason, cure)] }
        guard !gateways.isEmpty else {
            return cause(
                Message("The subnet has no gateway, so nothing leaves it."),
                Message("Set a gateway on the subnet, and renew the guest's lease."))
        }
        if let wrong = end.wrong(.gateway) {
            return cause(
                Message("The gateway {address} does not answer as it should.", ["address": wrong.name]),
                Message("It is mended within a minute. If not, an administrator looks at the program's log."))
        }
        if end.isPhysical { return [] }
        guard end.route.hasRouter else {
            return cause(
                Message("No router has the gateway's address {address}.", ["address": gateways[0]]),
                Message("Add an interface of a router to the subnet."))
        }
        guard end.route.hasExternalGateway else {
            return cause(
                Message("The router has no gateway to an external network."),
                Message("Set the router's gateway."))
        }
        guard isAsked, !end.route.hasFloatingIP else { return [] }
        return cause(
            Message("Nobody outside knows the address: the port has no floating IP."),
            Message("Associate a floating IP with the port."))
    }

    private func metadata() -> [ReachabilityCause] {
        func cause(_ reason: Message, _ cure: Message) -> [ReachabilityCause] {
            [.init(.metadataRefused, reason, cure)]
        }
        guard here.network.dhcpPort != nil else {
            return cause(
                Message("The network has no DHCP server, and with it no metadata service."),
                Message("Enable DHCP on one of its subnets, or launch with a configuration drive."))
        }
        guard here.wrong(.metadata) == nil else {
            return cause(
                Message("The metadata service does not listen on this network."),
                Message("It is opened again within a minute. If not, an administrator looks at the program's log."))
        }
        return []
    }
}

extension ReachabilityFacts.End {
    /// What is wrong with one end whoever it talks to.
    func causes(isAtTarget: Bool) -> [ReachabilityCause] {
        var causes: [ReachabilityCause] = []
        func add(_ fault: ReachabilityCause.Fault, _ reason: Message, _ cure: Message) {
            causes.append(.init(fault, reason, cure, isAtTarget: isAtTarget))
        }
        if !isRunning {
            add(.guestOff, Message("The instance does not run."), Message("Start the instance."))
        }
        device(add)
        addressing(add)
        if spoofed > 0 {
            add(
                .spoofedAddress,
                Message("The guest sends from an address that is not its port's; such packets are dropped."),
                Message(
                    "Let the guest take its address by DHCP, or add the other one to the port's allowed address pairs.")
            )
        }
        if wrong(.rules) != nil || wrong(.antispoofing) != nil {
            add(
                .rulesNotApplied, Message("The host does not filter yet as the security groups say."),
                Message("It is mended within a minute. If not, an administrator looks at the program's log."))
        }
        return causes
    }

    /// Packets under an address that is not the port's, since its filters were loaded.
    private var spoofed: Int {
        checks.filter { $0.subject == .antispoofing }.flatMap(\.dropped.values).reduce(0, +)
    }

    private typealias Add = (ReachabilityCause.Fault, Message, Message) -> Void

    private func device(_ add: Add) {
        if !network.adminStateUp {
            add(.portDown, Message("The network is switched off."), Message("Set its admin state to UP."))
        } else if !port.adminStateUp {
            add(.portDown, Message("The port is switched off."), Message("Set its admin state to UP."))
        }
        guard isRunning, let tap = wrong(.tap) else { return bridge(add) }
        let isInBridge = tap.found?.contains(network.bridgeName) == true
        // Without a device there is nothing that could be in a bridge.
        if tap.found != nil, !isInBridge {
            add(
                .notInBridge, Message("The guest's interface is not connected to its network."),
                Message("It is mended within a minute; a hard reboot of the instance does it at once."))
        } else if port.adminStateUp, network.adminStateUp {
            add(
                .portDown, Message("The guest's interface is down."),
                Message("It is mended within a minute; a hard reboot of the instance does it at once."))
        }
    }

    private func bridge(_ add: Add) {
        guard wrong(.bridge) != nil || wrong(.uplink) != nil else { return }
        add(
            .portDown, Message("The network is not up on the instance's host."),
            Message("It is mended within a minute. If not, an administrator looks at the program's log."))
    }

    private func addressing(_ add: Add) {
        guard subnets.contains(where: \.subnet.enableDHCP) else { return }
        let server: [NetworkCheck.Subject] = [.namespace, .dhcpInterface, .dhcpServer, .reservation]
        if server.contains(where: { wrong($0) != nil }) {
            add(
                .dhcpServerDead, Message("The network's DHCP server does not run as it should."),
                Message("It is started again within a minute. If not, an administrator looks at the program's log."))
        } else if isRunning, wrong(.lease) != nil {
            add(
                .noLease, Message("The guest has not taken the address that is kept for it."),
                Message("Have the guest ask for it, for instance by a reboot, and look at its log."))
        }
    }
}

extension ReachabilityCause {
    init(_ fault: Fault, _ reason: Message, _ cure: Message, isAtTarget: Bool = false) {
        self.init(fault: fault, reason: reason, cure: cure, isAtTarget: isAtTarget)
    }
}

extension ReachabilityQuestion.Traffic {
    var port: Int? {
        switch self {
        case .ping: nil
        case .tcp(let port), .udp(let port): port
        }
    }

    /// "TCP 22".
    var text: String {
        switch self {
        case .ping: "ICMP"
        case .tcp(let port): "TCP \(port)"
        case .udp(let port): "UDP \(port)"
        }
    }
}
