import Synchronization

extension InMemoryHost: NetworkBackend {
    /// See `NetworkBackend`.
    public var abilities: NetworkAbilities { NetworkAbilities(bridges: false, missing: [identity.reason]) }

    /// See `NetworkBackend`.
    public func attachment(for port: PortSpec) throws(HostError) -> InterfaceMode {
        try perform(.attachment) { _, _ throws(HostError) in .user }
    }

    /// See `NetworkBackend`.
    public func apply(_ network: NetworkSpec) throws(HostError) {
        try perform(.applyNetwork) { state, _ throws(HostError) in
            if let known = state.networks[network.networkID], known.generation > network.generation { return }
            state.networks[network.networkID] = network
        }
    }

    /// See `NetworkBackend`.
    public func remove(networkID: String) throws(HostError) {
        try perform(.removeNetwork) { state, _ throws(HostError) in
            state.networks[networkID] = nil
        }
    }

    /// See `NetworkBackend`.
    public func apply(_ router: RouterSpec) throws(HostError) {
        try perform(.applyRouter) { state, _ throws(HostError) in
            if let known = state.routers[router.routerID], known.generation > router.generation { return }
            state.routers[router.routerID] = router
        }
    }

    /// See `NetworkBackend`.
    public func remove(routerID: String) throws(HostError) {
        try perform(.removeRouter) { state, _ throws(HostError) in
            state.routers[routerID] = nil
        }
    }

    /// See `NetworkBackend`.
    public func removeUnused(keepingNetworks networks: Set<String>, routers: Set<String>) throws(HostError) {
        try perform(.removeUnusedNetworks) { state, _ throws(HostError) in
            state.networks = state.networks.filter { networks.contains($0.key) }
            state.routers = state.routers.filter { routers.contains($0.key) }
        }
    }

    /// See `NetworkBackend`.
    public func openMetadataListener(networkID: String) throws(HostError) -> Int32? {
        try perform(.openMetadataListener) { _, _ throws(HostError) in nil }
    }

    /// See `NetworkBackend`. What was applied last stands for what the kernel would have.
    public func inspect(_ network: NetworkSpec, port: PortSpec?) throws(HostError) -> [NetworkCheck] {
        try perform(.inspectNetwork) { state, _ throws(HostError) in
            let applied = state.networks[network.networkID]
            var checks = [
                NetworkCheck(
                    .bridge, name: network.bridgeName, expected: "up, MTU \(network.mtu)",
                    found: applied.map { "up, MTU \($0.mtu)" }, isRight: applied?.mtu == network.mtu)
            ]
            if let port {
                let known = applied?.ports.first { $0.portID == port.portID }
                checks.append(
                    NetworkCheck(
                        .rules, name: port.tapName, expected: port.securityGroupIDs.joined(separator: ", "),
                        found: known?.securityGroupIDs.joined(separator: ", "),
                        isRight: known?.securityGroupIDs == port.securityGroupIDs))
            }
            return checks
        }
    }

    /// What was applied last for a network.
    public func appliedNetwork(_ id: String) -> NetworkSpec? { state.withLock { $0.networks[id] } }

    /// What was applied last for a router.
    public func appliedRouter(_ id: String) -> RouterSpec? { state.withLock { $0.routers[id] } }
}
