import ComputeHost
import Synchronization

extension HypervisorContract {
    /// The whole contract.
    public static let all = definitions + guests + interfaces

    private static let definitions = [
        HypervisorContract("a defined domain is shut down and listed under its name") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            let status = try subject.hypervisor.status(of: spec.instanceID)
            try expect(status?.power == .shutdown, "a new domain must be shut down, is \(String(describing: status))")
            try expect(status?.domainName == spec.domainName, "the name must be \(spec.domainName)")
            let listed = try subject.hypervisor.domains().map(\.instanceID)
            try expect(listed.contains(spec.instanceID), "the domain must be listed")
        },
        HypervisorContract("defining again changes the definition") { subject in
            var spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            let before = try subject.hypervisor.domainXML(of: spec.instanceID)
            try subject.hypervisor.define(spec)
            spec.memoryMiB = 96
            spec.generation = 2
            try subject.hypervisor.define(spec)
            let after = try subject.hypervisor.domainXML(of: spec.instanceID)
            try expect(before != nil && after != nil && before != after, "the definition must have changed")
        },
        HypervisorContract("starting runs the domain, and starting it again is a success") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            let first = try subject.hypervisor.start(spec.instanceID)
            let second = try subject.hypervisor.start(spec.instanceID)
            try expect(first.power == .running && second.power == .running, "\(first) and \(second) must run")
        },
        HypervisorContract("powering off stops the domain, and doing it again is a success") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            try subject.hypervisor.powerOff(spec.instanceID)
            try subject.hypervisor.powerOff(spec.instanceID)
            let power = try subject.hypervisor.status(of: spec.instanceID)?.power
            try expect(power == .shutdown, "it must be shut down, is \(String(describing: power))")
        },
        HypervisorContract("undefining a running domain leaves nothing, and undefining nothing is a success") {
            subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            try subject.hypervisor.undefine(spec.instanceID)
            try subject.hypervisor.undefine(spec.instanceID)
            try expect(try subject.hypervisor.status(of: spec.instanceID) == nil, "there must be no status")
            try expect(try subject.hypervisor.domainXML(of: spec.instanceID) == nil, "there must be no definition")
            let listed = try subject.hypervisor.domains().map(\.instanceID)
            try expect(!listed.contains(spec.instanceID), "it must not be listed")
        },
        HypervisorContract("what is not there is not found, and powering it off is a success") { subject in
            let absent = try subject.makeSpec().instanceID
            try subject.hypervisor.powerOff(absent)
            try expectError("starting nothing", isNotFound) { () throws(HostError) in
                _ = try subject.hypervisor.start(absent)
            }
            try expectError("shutting nothing down", isNotFound) { () throws(HostError) in
                try subject.hypervisor.shutdown(absent)
            }
        },
        HypervisorContract("shutting down what is off is no error") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            try subject.hypervisor.shutdown(spec.instanceID)
        },
        HypervisorContract("a hard reboot leaves the domain running, and starts one that was off") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            try subject.hypervisor.reboot(spec.instanceID, hard: true)
            try subject.hypervisor.reboot(spec.instanceID, hard: true)
            let power = try subject.hypervisor.status(of: spec.instanceID)?.power
            try expect(power == .running, "it must run, is \(String(describing: power))")
        },
        HypervisorContract("a soft reboot of a domain that is off fails") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            try expectError("rebooting what is off", { !$0.isTransient }) { () throws(HostError) in
                try subject.hypervisor.reboot(spec.instanceID, hard: false)
            }
        },
        HypervisorContract("names that people give cannot break the definition") { subject in
            let spec = try subject.makeSpec(name: "</nova:name><evil a='\"'>&amp;\u{1}\u{1F600}")
            try subject.hypervisor.define(spec)
            let listed = try subject.hypervisor.domains().map(\.instanceID)
            try expect(listed.contains(spec.instanceID), "it must be listed")
        },
        HypervisorContract("an id that is not a UUID is refused") { subject in
            for text in ["../x", "", "00000000-0000-4000-8000-00000000000G"] {
                var spec = try subject.makeSpec()
                spec.instanceID = text
                try expectError("defining \(text)", { !$0.isTransient }) { () throws(HostError) in
                    try subject.hypervisor.define(spec)
                }
            }
        },
        HypervisorContract("capacity counts what runs") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            let capacity = try subject.hypervisor.capacity()
            try expect(capacity.vcpus > 0 && capacity.memoryMiB > 0, "the host must have a size: \(capacity)")
            try expect(capacity.runningDomains >= 1 && capacity.vcpusUsed >= 1, "one guest runs: \(capacity)")
            try expect(capacity.memoryMiBUsed >= 80, "its memory must be counted: \(capacity)")
        },
        HypervisorContract("observers see a domain started, destroyed and undefined, and nothing after they cancel") {
            subject in
            let seen = Mutex<[DomainEvent.Reason]>([])
            let spec = try subject.makeSpec()
            let subscription = subject.hypervisor.observe { event in
                guard event.instanceID == spec.instanceID, event.reason != .defined else { return }
                seen.withLock { $0.append(event.reason) }
            }
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            try eventually("started") { seen.withLock { $0.last == .started || $0.last == .resumed } }
            try subject.hypervisor.undefine(spec.instanceID)
            try eventually("undefined") { seen.withLock { $0.suffix(2) == [.destroyed, .undefined] } }
            subscription.cancel()
            try subject.hypervisor.define(spec)
            try expect(seen.withLock { $0.last } == .undefined, "a cancelled observer must be left alone")
        },
    ]

    static let isNotFound: @Sendable (HostError) -> Bool = { if case .notFound = $0 { true } else { false } }
}
