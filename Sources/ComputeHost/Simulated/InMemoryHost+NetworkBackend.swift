extension InMemoryHost: NetworkBackend {
    public func attachment(for port: PortSpec) throws(HostError) -> InterfaceMode {
        try perform(.attachment) { _, _ throws(HostError) in .user }
    }

    public func apply(_ network: NetworkSpec) throws(HostError) {
        try perform(.applyNetwork) { state, _ throws(HostError) in
            if let known = state.networks[network.networkID], known.generation > network.generation { return }
            state.networks[network.networkID] = network
        }
    }

    public func remove(networkID: String) throws(HostError) {
        try perform(.removeNetwork) { state, _ throws(HostError) in
            state.networks[networkID] = nil
        }
    }
}
