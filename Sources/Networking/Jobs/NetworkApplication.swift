public import ComputeHost
import Database
import ServiceCore
import Synchronization

/// The only way from the stored networks to the hosts. The rows are read and the host is told in one turn, so that what a
/// host was told last is never older than what another thread told it before.
final class NetworkApplication: Sendable {
    private let database: DatabasePool
    private let events: EventBus
    private let clock: any WallClock
    private let faults = NetworkFaultStore()
    private let turn = Mutex<Void>(())

    init(database: DatabasePool, events: EventBus, clock: any WallClock) {
        self.database = database
        self.events = events
        self.clock = clock
    }

    /// Has `body` make a host's part of a network so, or remove it when the network is gone (nil). That the host refuses
    /// is kept, and thrown on; that it is busy or away says nothing about the network.
    func apply(_ id: ID<Network>, on host: String, _ body: (NetworkSpec?) throws -> Void) throws {
        do {
            try apply(id, body)
        } catch let error as HostError {
            if !error.isTransient { try note(error, of: id, on: host) }
            throw error
        }
        try note(nil, of: id, on: host)
    }

    private func note(_ error: HostError?, of id: ID<Network>, on host: String) throws {
        func isKnown(_ transaction: borrowing Transaction) throws -> Bool {
            let known = try faults.faults(of: id, in: transaction).first { $0.host == host }
            return known?.reason == error?.reason && known?.remedy == error?.remedy
        }
        guard try !database.read(isKnown) else { return }
        try database.write { transaction in
            guard try !isKnown(transaction), let network = try NetworkStore().find(id, in: transaction) else { return }
            let fault = error.map {
                NetworkFault(host: host, reason: $0.reason, remedy: $0.remedy, since: clock.now())
            }
            try faults.replace(fault, of: id, on: host, in: transaction)
            events.publish(.change(of: network), in: transaction)
        }
    }

    /// Has `body` make a host's part of a network so, or remove it when the network is gone (nil).
    func apply(_ id: ID<Network>, _ body: (NetworkSpec?) throws -> Void) throws {
        try turn.withLock { _ in
            try body(try database.read { try NetworkSpecBuilder().spec(of: id, in: $0) })
        }
    }

    /// Has `body` make a host's part of a router so, after that of the networks it joins, or remove it when the router is
    /// gone (nil).
    func apply(_ id: ID<NetworkRouter>, _ body: (RouterSpec?, [NetworkSpec]) throws -> Void) throws {
        try turn.withLock { _ in
            let builder = NetworkSpecBuilder()
            let (router, networks) = try database.read { transaction in
                let router = try RouterSpecBuilder().spec(of: id, in: transaction)
                let ports = (router?.interfaces ?? []) + (router?.gateway.map { [$0] } ?? [])
                let networks = try Set(ports.map(\.networkID)).sorted().compactMap {
                    try builder.spec(of: ID($0), in: transaction)
                }
                return (router, networks)
            }
            try body(router, networks)
        }
    }

    /// Runs `body` with all networks and routers there are, none of which is made or told to a host meanwhile.
    func withAll(_ body: ([ID<Network>], [ID<NetworkRouter>]) throws -> Void) throws {
        try turn.withLock { _ in
            let (networks, routers) = try database.read {
                (try NetworkStore().allIDs(in: $0), try RouterStore().allIDs(in: $0))
            }
            try body(networks, routers)
        }
    }
}

extension NetworkingService {
    /// Has `body` make a host's part of each network that an instance has a card on, as they are now: for the moment
    /// before its guest is plugged in. What `body` throws is thrown on.
    /// - Throws: also `ServiceError`.
    public func applyNetworks(ofInstance instanceID: String, _ body: (NetworkSpec) throws -> Void) throws {
        let cards = try read { try portStore.cards(ofInstance: instanceID, in: $0) }
        for id in Set(cards.map(\.networkID)).sorted(by: { $0.text < $1.text }) {
            try application.apply(id) { spec in
                if let spec { try body(spec) }
            }
        }
    }
}
