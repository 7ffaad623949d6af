import ComputeHost

extension HypervisorContract {
    /// What is counted of guests, for every host; whether a counter moves depends on what stands behind it.
    public static let statistics = HypervisorContract("statistics are of the guests that run, with the time of reading")
    {
        subject in
        let running = try subject.makeSpec()
        let off = try subject.makeSpec()
        try subject.hypervisor.define(running)
        try subject.hypervisor.define(off)
        _ = try subject.hypervisor.start(running.instanceID)
        let first = try subject.hypervisor.statistics()
        let ids = first.map(\.instanceID)
        try expect(ids.contains(running.instanceID), "the guest that runs must be counted")
        try expect(!ids.contains(off.instanceID), "a guest that is off must not be")
        let second = try subject.hypervisor.statistics().first { $0.instanceID == running.instanceID }
        let before = first.first { $0.instanceID == running.instanceID }
        guard let before, let second else { throw ContractBreach(description: "it must be counted again") }
        try expect(second.takenAt >= before.takenAt, "time must not go back")
        if let old = before.cpuTime, let new = second.cpuTime {
            try expect(new >= old, "a counter must not go back while the guest runs")
        }
        try subject.hypervisor.powerOff(running.instanceID)
        let left = try subject.hypervisor.statistics().map(\.instanceID)
        try expect(!left.contains(running.instanceID), "a guest that was stopped must not be counted any more")
    }
}
