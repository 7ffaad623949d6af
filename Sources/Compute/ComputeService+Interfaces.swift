import Database
public import Networking
public import ServiceCore

/// What is asked for when an interface is attached: a network to get a new port on, or a port that exists. Nothing in it
/// has been checked.
public struct InterfaceRequest: Sendable {
    /// A network's id; nil when a port is given.
    public var networkID: String?
    /// A free port's id; nil when a network is given.
    public var portID: String?
    /// An address on the network; nil for any.
    public var fixedIP: String?
    /// The groups of a new port, by name or id; a port that exists keeps its own.
    public var securityGroups = [SecurityGroup.defaultName]

    /// A new port on a network.
    public init(networkID: String, fixedIP: String? = nil) {
        self.networkID = networkID
        self.fixedIP = fixedIP
    }

    /// A port that exists.
    public init(portID: String) { self.portID = portID }
}

extension ComputeService {
    /// Gives an instance one more interface: its port is bound now, the guest gets it in the background, running or not.
    /// - Returns: the port.
    /// - Throws: `ServiceError`: invalid with violations on net_id, port_id, fixed_ip; notFound; conflict; overQuota.
    @discardableResult
    public func attachInterface(
        to id: ID<Instance>, _ request: InterfaceRequest, as context: RequestContext
    ) throws -> Port {
        let card = try Self.card(request)
        return try ServiceError.wrapping {
            return try database.write { transaction in
                let rule = InstanceAction.attachInterface.rule
                let instance = try visible(id, for: rule, as: context, in: transaction)
                try requireAllowed(.attachInterface, on: instance, as: context)
                let binding = InstanceBinding(
                    instanceID: id.text, projectID: instance.projectID, host: instance.host ?? "", cards: [card],
                    securityGroups: request.securityGroups)
                let port = try Self.namingFields(of: card) {
                    try networking.plugIn(binding, as: context, in: transaction)
                }
                try enqueue(.attachInterface, port.id, of: instance, as: context, in: transaction)
                return port
            }
        }
    }

    /// Takes an interface from an instance in the background; then its port, if it was made for the instance, is gone.
    /// - Throws: `ServiceError`: notFound when the instance has no such interface; conflict.
    public func detachInterface(
        portID: String, from id: ID<Instance>, as context: RequestContext
    ) throws {
        try ServiceError.wrapping {
            try database.write { transaction in
                let rule = InstanceAction.detachInterface.rule
                let instance = try visible(id, for: rule, as: context, in: transaction)
                try requireAllowed(.detachInterface, on: instance, as: context)
                guard let port = ID<Port>(untrusted: portID),
                    try networking.isPluggedIn(port, instanceID: id.text, in: transaction)
                else { throw ServiceError.notFound("Port", portID) }
                try enqueue(.detachInterface, port, of: instance, as: context, in: transaction)
            }
        }
    }

    private func enqueue(
        _ action: InstanceAction, _ port: ID<Port>, of instance: Instance, as context: RequestContext,
        in transaction: borrowing Transaction
    ) throws {
        let history = lifecycle.history
        let line = try history.beginAction(
            action.logName, on: instance.id, by: context, at: clock.now(), in: transaction)
        try lifecycle.enqueue(
            action == .attachInterface ? .attachInterface : .detachInterface, for: instance.id,
            requestID: context.requestID, with: ["port": port.text, "action": "\(line)"], in: transaction)
        lifecycle.announce(instance, .updated, in: transaction)
    }

    private static func card(_ request: InterfaceRequest) throws -> InstanceBinding.Card {
        func refuse(_ field: String, _ code: String, _ message: Message, _ value: String = "") -> ServiceError {
            .invalid([Violation(field: field, code: code, message: message, value: value)])
        }
        if let text = request.portID, !text.isEmpty {
            guard let port = ID<Port>(untrusted: text) else {
                throw refuse("port_id", "not_found", Message("This port does not exist."), text)
            }
            return .port(port)
        }
        guard let text = request.networkID, !text.isEmpty else {
            throw refuse("net_id", "required", Message("Choose a network or a port."))
        }
        guard let network = ID<Network>(untrusted: text) else {
            throw refuse("net_id", "not_found", Message("This network does not exist."), text)
        }
        let address = request.fixedIP?.trimmed ?? ""
        return address.isEmpty ? .network(network) : .address(network, address)
    }

    /// Networking names its own fields, or none; the form has these. The kind of the error stays what it is.
    private static func namingFields<T>(of card: InstanceBinding.Card, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as ServiceError {
            guard [.invalid, .notFound, .conflict].contains(error.kind) else { throw error }
            let (field, value) =
                switch card {
                case .network(let id): ("net_id", id.text)
                case .port(let id): ("port_id", id.text)
                case .address(_, let address): ("fixed_ip", address)
                }
            let alone = Violation(field: field, code: error.code, message: error.message, value: value)
            let violations = (error.violations.isEmpty ? [alone] : error.violations).map { violation in
                Violation(
                    field: violation.field.hasPrefix("fixed_ips") ? "fixed_ip" : field, code: violation.code,
                    message: violation.message, value: violation.value)
            }
            throw ServiceError(error.kind, code: error.code, error.message, violations: violations)
        }
    }
}
