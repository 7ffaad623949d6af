import Synchronization

extension InMemoryHost {
    /// See `Hypervisor`. The numbers are made up from the time and the instance.
    public func statistics() throws(HostError) -> [DomainStatistics] {
        try perform(.statistics) { state, _ throws(HostError) in
            state.meters.read(state.domains.values.sorted { $0.spec.number < $1.spec.number })
        }
    }

    /// Statistics are as of this moment from now on, in milliseconds since 1970-01-01 UTC; nil returns to the machine's
    /// clock.
    public func setTime(_ milliseconds: Int64?) {
        state.withLock { $0.meters.now = milliseconds }
    }
}
