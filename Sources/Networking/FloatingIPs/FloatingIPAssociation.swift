import Database
import ServiceCore

/// Neutron's rules for where a floating IP may lead.
extension NetworkingService {
    func association(
        of floatingIP: FloatingIP, with portID: ID<Port>, _ typed: String?, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws -> FloatingIP.Association {
        let port = try visiblePort(portID, context, transaction)
        var faults = Faults()
        if port.projectID != floatingIP.projectID, !context.isAdmin {
            faults.add(
                Place("port_id"), "port_of_other_project", "The port {value} belongs to another project.",
                value: port.displayName)
        }
        try faults.throwIfAny()
        let fixed = try fixedIP(of: port, typed)
        guard let subnet = try subnetStore.find(fixed.subnetID, in: transaction),
            let routerID = try routerStore.router(from: subnet, to: floatingIP.networkID, in: transaction)
        else {
            throw ServiceError(
                .notFound, code: "external_gateway_for_floating_ip_not_found",
                Message(
                    "The external network {network} cannot be reached from the subnet of {port}: no router joins them.",
                    ["network": floatingIP.networkName, "port": port.displayName]))
        }
        let isTaken = try floatingIPStore.isTaken(
            portID, fixed.address, from: floatingIP.networkID, but: floatingIP.id, in: transaction)
        guard !isTaken else {
            throw ServiceError.conflict(
                code: "floating_ip_port_already_associated",
                Message(
                    "Another floating IP of this network leads to {address} already.",
                    ["address": fixed.address.description]))
        }
        return FloatingIP.Association(
            portID: portID, fixedAddress: fixed.address, routerID: routerID, deviceID: port.deviceID,
            deviceOwner: port.deviceOwner, name: port.name, networkID: port.networkID, macAddress: port.macAddress,
            adminStateUp: port.adminStateUp, status: port.status)
    }

    /// The port's address that is meant.
    private func fixedIP(of port: Port, _ typed: String?) throws -> FixedIP {
        let candidates = port.fixedIPs.filter { $0.address.version == .v4 }
        var faults = Faults()
        if let typed, !typed.isEmpty {
            let address = faults.address(typed, Place("fixed_ip_address"))
            if let fixed = candidates.first(where: { $0.address == address }) { return fixed }
            if address != nil {
                faults.add(
                    Place("fixed_ip_address"), "address_not_on_port", "{value} is not an IPv4 address of the port.",
                    value: typed)
            }
            throw ServiceError.invalid(faults.violations)
        }
        if let only = candidates.first, candidates.count == 1 { return only }
        if candidates.isEmpty {
            faults.add(
                Place("port_id"), "port_without_ipv4_address", "The port {value} has no IPv4 address.",
                value: port.displayName)
        } else {
            faults.add(
                Place("fixed_ip_address"), "fixed_ip_ambiguous",
                "The port {value} has several IPv4 addresses; choose one.", value: port.displayName)
        }
        throw ServiceError.invalid(faults.violations)
    }
}
