extension InMemoryHost: NetworkBackend {
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
}
