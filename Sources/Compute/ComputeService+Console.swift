import ComputeHost
import Cryptography
import Database
public import ServiceCore

extension ComputeService {
    /// How long a console's token is good for, in seconds (nova: `[consoleauth] token_ttl`).
    public static let consoleTokenSeconds: Int64 = 600
    /// Tokens of one user that were not used yet.
    static let consoleTokenLimit = 100

    /// Why nobody can look at an instance's screen or serial port now; nil when the guest has them.
    public func consoleRefusal(of instance: Instance, as context: RequestContext) -> Message? {
        let console = availableActions(for: instance, as: context).first { $0.action == .console }
        return console?.reason
    }

    /// Makes a token that opens a console once. It survives a restart of this program, since its address may be in
    /// somebody's hands by then; what is stored is a digest.
    /// - Parameters:
    ///   - protocolName: nova's `protocol`: vnc, serial.
    ///   - type: nova's `type`, which must go with it: novnc, serial.
    ///   - session: a secret of the session it is asked for in; then the token is worth nothing without it. nil when it
    ///     is to be handed to a person who is logged in nowhere, as by `openstack console url show`.
    /// - Throws: `ServiceError`: invalid with violations on protocol, type; conflict `console_unavailable` when the
    ///   guest does not run; tooManyRequests.
    public func createConsole(
        of id: ID<Instance>, protocol protocolName: String, type: String, session: String? = nil,
        as context: RequestContext
    ) throws -> RemoteConsole {
        try ServiceError.wrapping {
            let type = try Self.consoleType(protocolName, type)
            let now = clock.now()
            let console = RemoteConsole(
                type: type, token: Random.token(bytes: 32), expiresAt: now.adding(seconds: Self.consoleTokenSeconds))
            try database.write { transaction in
                let instance = try visible(id, for: InstanceAction.console.rule, as: context, in: transaction)
                if let refusal = consoleRefusal(of: instance, as: context) {
                    throw ServiceError.conflict(code: "console_unavailable", refusal)
                }
                try consoleTokens.deleteExpired(at: now, in: transaction)
                guard try consoleTokens.count(ofUser: context.userID, in: transaction) < Self.consoleTokenLimit else {
                    throw ServiceError(
                        .tooManyRequests, code: "too_many_console_tokens",
                        "Too many consoles were asked for and not opened. Try again in some minutes.",
                        retryAfterSeconds: Int(Self.consoleTokenSeconds))
                }
                let grant = ConsoleGrant(
                    type: type, instanceID: id, userID: context.userID, projectID: context.projectID,
                    isOfSession: session != nil)
                try consoleTokens.insert(
                    Self.digest(console.token), grant, session: session.map(Self.digest),
                    expiresAt: console.expiresAt, in: transaction)
            }
            return console
        }
    }

    /// Opens the console a token stands for, and uses the token up.
    /// - Parameters:
    ///   - session: the secret of the session of whoever comes with it; nil without one.
    ///   - mayOpen: whether who asked for the token may still look; called before the guest is.
    /// - Throws: `ServiceError`: forbidden `console_token_invalid`; notFound when the instance is gone; conflict
    ///   `console_unavailable` when the guest has gone off; tooManyRequests when the instance has all the consoles it
    ///   may have; unavailable when its host does not answer.
    public func openConsole(
        token: String, session: String?, mayOpen: (ConsoleGrant) -> Bool = { _ in true }
    ) throws -> OpenConsole {
        try ServiceError.wrapping {
            let grant = try database.write { transaction in
                try consoleTokens.take(
                    Self.digest(token), session: session.map(Self.digest), at: clock.now(), in: transaction)
            }
            guard let grant, mayOpen(grant) else {
                throw ServiceError(
                    .forbidden, code: "console_token_invalid",
                    "This console's token is not valid: it was used already, is more than ten minutes old, or belongs to somebody else."
                )
            }
            guard let host = try host(of: grant) else { throw ServiceError.notFound("Instance", grant.instanceID.text) }
            guard let seat = consoleSeats.take(grant.instanceID.text) else {
                throw ServiceError(
                    .tooManyRequests, code: "too_many_consoles", "Too many consoles of this instance are open.")
            }
            return OpenConsole(grant: grant, socket: try connect(grant, on: host.hypervisor), seat: seat)
        }
    }

    private func connect(_ grant: ConsoleGrant, on hypervisor: any Hypervisor) throws -> ConsoleSocket {
        try asking {
            do {
                switch grant.type {
                case .novnc: return try hypervisor.openDisplay(of: grant.instanceID.text)
                case .serial: return try hypervisor.openSerial(of: grant.instanceID.text)
                }
            } catch HostError.failed(let reason, _) {
                throw ServiceError.conflict(
                    code: "console_unavailable", Message("The console cannot be opened: {reason}", ["reason": reason]))
            }
        }
    }

    /// Whether a console's instance is still there, and still the project's it was asked for in. A guest that goes off
    /// ends its consoles itself.
    public func mayGoOn(_ console: OpenConsole) -> Bool {
        do { return try host(of: console.grant) != nil } catch { return true }
    }

    /// Whether a caller may have such a console now: their role may have changed since it was opened.
    public func allowsConsoles(of grant: ConsoleGrant, as context: RequestContext) -> Bool {
        do {
            try ComputePolicy.policy.require(InstanceAction.console.rule, context)
            _ = try database.read { try visible(grant.instanceID, as: context, in: $0) }
            return true
        } catch {
            return false
        }
    }

    private func host(of grant: ConsoleGrant) throws -> HostServices? {
        let instance = try database.read { try lifecycle.instances.find(grant.instanceID, in: $0) }
        guard let instance, instance.state.vm != .deleted, let host = instance.host else { return nil }
        return work.hosts.services(on: host)
    }

    private static func consoleType(_ protocolName: String, _ type: String) throws -> ConsoleType {
        let known = ConsoleType(rawValue: type)
        if let known, known.protocolName == protocolName { return known }
        let (field, value) = known == nil ? ("type", type) : ("protocol", protocolName)
        let message = Message(
            "This cloud has consoles of protocol vnc and type novnc, and of protocol and type serial.")
        throw ServiceError.invalid([Violation(field: field, code: "unknown_console", message: message, value: value)])
    }

    private static func digest(_ secret: String) -> String { SHA256.hash(Array(secret.utf8)).hexadecimal }
}
