import Synchronization

extension InMemoryHost {
    /// See `Hypervisor`. The screen shows coloured bars, and a square for every key that is pressed.
    public func openDisplay(of instanceID: String) throws(HostError) -> ConsoleSocket {
        let spec = try running(instanceID, .openDisplay)
        let (socket, end) = try ConsoleSocket.pair()
        let connection = SimulatedConnection(end)
        endWithDomain(connection, instanceID)
        SimulatedThread.start { SimulatedDisplay(connection, name: spec.domainName).serve() }
        return socket
    }

    /// See `Hypervisor`. The port asks who is there, repeats what is typed, and lets nobody in.
    public func openSerial(of instanceID: String) throws(HostError) -> ConsoleSocket {
        let spec = try running(instanceID, .openSerial)
        let hostname = state.withLock { $0.drives[instanceID]?.hostname } ?? spec.domainName
        let (socket, end) = try ConsoleSocket.pair()
        let connection = SimulatedConnection(end)
        serialPorts.take(instanceID, connection)
        endWithDomain(connection, instanceID)
        let terminal = SimulatedTerminal(connection, hostname: hostname) { [weak self] bytes in
            self?.state.withLock { $0.consoles[instanceID]?.append(contentsOf: bytes) }
        }
        SimulatedThread.start { terminal.serve() }
        return socket
    }

    private func running(_ instanceID: String, _ verb: HostVerb) throws(HostError) -> DomainSpec {
        try perform(verb) { state, _ throws(HostError) in
            guard let domain = state.domains[instanceID] else {
                throw .notFound("the host has no domain of instance \(instanceID)")
            }
            guard domain.power == .running || domain.power == .paused else {
                throw .failed("\(domain.spec.domainName) is not running", remedy: "Start the instance.")
            }
            return domain.spec
        }
    }

    /// A guest that goes off takes its consoles with it.
    private func endWithDomain(_ connection: SimulatedConnection, _ instanceID: String) {
        let subscription = observers.add { [weak connection] event in
            guard event.instanceID == instanceID, event.power != .running, event.power != .paused else { return }
            connection?.end()
        }
        connection.hold(subscription)
    }
}

/// Who has each guest's serial port.
final class SimulatedSerialPorts: Sendable {
    private struct Holder: Sendable {
        weak let connection: SimulatedConnection?
    }

    private let holders = Mutex<[String: Holder]>([:])

    func take(_ instanceID: String, _ connection: SimulatedConnection) {
        let earlier = holders.withLock { holders in
            defer { holders[instanceID] = Holder(connection: connection) }
            return holders[instanceID]?.connection
        }
        earlier?.end()
    }
}
