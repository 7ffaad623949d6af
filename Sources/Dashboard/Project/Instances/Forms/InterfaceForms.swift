import Compute
import HTTP
import Networking
import ServiceCore

/// Attach Interface: a new card on a network, or one for a port that exists. The fields are Horizon's.
struct AttachInterfaceForm: InstanceForm {
    static let action = InstanceAction.attachInterface
    static let template = "form"

    func initial(_ desk: InstanceDesk) -> FormData { FormData([("specification_method", "network")]) }

    func content(_ desk: InstanceDesk, _ fields: FormFields) throws -> FormContent {
        let wording = desk.wording
        var network = fields.select("network", Message("Network"), try networks(desk), violation: "net_id")
        network.group = "by-network"
        var address = fields.text(
            "fixed_ip", Message("Fixed IP Address"),
            help: Message("Left empty, the network gives the next free address of its allocation pools."))
        address.group = "by-network"
        var port = fields.select("port", Message("Port"), try ports(desk), violation: "port_id")
        port.group = "by-port"
        return desk.form(
            fields, verb: Message("Attach Interface"),
            [
                fields.select(
                    "specification_method", Message("The way to specify an interface"),
                    [
                        Choice(value: "network", title: wording(Message("by Network (and IP address)"))),
                        Choice(value: "port", title: wording(Message("by Port"))),
                    ]),
                network, address, port,
            ])
    }

    func send(_ input: FormData, _ desk: InstanceDesk) throws -> FormOutcome {
        let request =
            input["specification_method"] == "port"
            ? InterfaceRequest(portID: input["port"] ?? "")
            : InterfaceRequest(networkID: input["network"] ?? "", fixedIP: input["fixed_ip"])
        _ = try desk.services.compute.attachInterface(to: desk.instance.id, request, as: desk.context)
        return .done(Message("Attaching an interface to instance \"{name}\".", ["name": desk.instance.name]))
    }

    func next(_ desk: InstanceDesk) -> SiteURL { InstanceTab.interfaces.url(desk.area, desk.instance.id) }

    /// Those the instance's project may use and that have an address to give.
    private func networks(_ desk: InstanceDesk) throws -> [Choice] {
        let scope: NetworkFilter.Scope = desk.context.isAdmin ? .everything : .project
        let project = desk.instance.projectID
        return try desk.services.networking.networks(as: desk.context, filter: NetworkFilter(scope))
            .filter { !$0.subnets.isEmpty && ($0.projectID == project || $0.shared || $0.external) }
            .map { Choice(value: $0.id.text, title: $0.displayName) }
            .orNone(desk.wording(Message("No networks available")))
    }

    /// Those of the instance's project that nothing is plugged into.
    private func ports(_ desk: InstanceDesk) throws -> [Choice] {
        let project = desk.instance.projectID
        return try desk.services.networking.ports(as: desk.context, filter: PortFilter(deviceID: ""))
            .filter { $0.projectID == project && $0.deviceID.isEmpty }
            .map { Choice(value: $0.id.text, title: $0.title) }
            .orNone(desk.wording(Message("No ports available")))
    }
}

/// Detach Interface: which card goes.
struct DetachInterfaceForm: InstanceForm {
    static let action = InstanceAction.detachInterface
    static let template = "form"

    func initial(_ desk: InstanceDesk) -> FormData { FormData([]) }

    func content(_ desk: InstanceDesk, _ fields: FormFields) throws -> FormContent {
        let ports = try desk.services.networking.ports(
            as: desk.context, filter: PortFilter(deviceID: desk.instance.id.text))
        return desk.form(
            fields, verb: Message("Detach Interface"),
            [
                fields.select(
                    "port", Message("Port"),
                    ports.map { Choice(value: $0.id.text, title: $0.title) }
                        .orNone(desk.wording(Message("No ports available"))),
                    violation: "port_id")
            ],
            notes: [Message("Its address is free for others at once, unless the port existed before the instance.")])
    }

    func send(_ input: FormData, _ desk: InstanceDesk) throws -> FormOutcome {
        try desk.services.compute.detachInterface(
            portID: input["port"] ?? "", from: desk.instance.id, as: desk.context)
        return .done(Message("Detaching an interface from instance \"{name}\".", ["name": desk.instance.name]))
    }

    func next(_ desk: InstanceDesk) -> SiteURL { InstanceTab.interfaces.url(desk.area, desk.instance.id) }
}

extension Port {
    /// What people know a port by: `192.168.56.3 · provider · fa:16:3e:…`.
    fileprivate var title: String {
        let addresses = fixedIPs.map(\.address.description).joined(separator: ", ")
        let parts = [addresses, name, networkName, macAddress.description]
        return parts.filter { !$0.isEmpty }.joined(separator: " · ")
    }
}

extension [Choice] {
    /// A choice of nothing, when there is nothing to choose.
    fileprivate func orNone(_ title: String) -> [Choice] { isEmpty ? [Choice(value: "", title: title)] : self }
}
