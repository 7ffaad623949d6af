import ComputeHost
import Synchronization

extension HypervisorContract {
    /// What is done to a guest that runs or could go on.
    static let guests = [
        HypervisorContract("a paused guest is paused until it is unpaused, and doing either twice is a success") {
            subject in
            let id = try started(subject)
            try subject.hypervisor.pause(id)
            try subject.hypervisor.pause(id)
            try expectPower(.paused, of: id, subject)
            try subject.hypervisor.unpause(id)
            try subject.hypervisor.unpause(id)
            try expectPower(.running, of: id, subject)
        },
        HypervisorContract("starting a paused guest lets it go on") { subject in
            let id = try started(subject)
            try subject.hypervisor.pause(id)
            let status = try subject.hypervisor.start(id)
            try expect(status.power == .running, "it must run, is \(status.power)")
        },
        HypervisorContract("a suspended guest is off and goes on with the next start") { subject in
            let id = try started(subject)
            try subject.hypervisor.suspend(id)
            try subject.hypervisor.suspend(id)
            try expectPower(.suspended, of: id, subject)
            let running = try subject.hypervisor.capacity().runningDomains
            try subject.hypervisor.powerOff(id)
            try expectPower(.suspended, of: id, subject)
            let status = try subject.hypervisor.start(id)
            try expect(status.power == .running, "it must run, is \(status.power)")
            let after = try subject.hypervisor.capacity().runningDomains
            try expect(after == running + 1, "a suspended guest does not count as running")
            try subject.hypervisor.powerOff(id)
            try expectPower(.shutdown, of: id, subject)
        },
        HypervisorContract("a paused guest can be suspended, and runs when it is started") { subject in
            let id = try started(subject)
            try subject.hypervisor.pause(id)
            try subject.hypervisor.suspend(id)
            try expectPower(.suspended, of: id, subject)
            let status = try subject.hypervisor.start(id)
            try expect(status.power == .running, "it must run, is \(status.power)")
        },
        HypervisorContract("saved memory can be thrown away, and a hard reboot does so") { subject in
            let id = try started(subject)
            try subject.hypervisor.discardSavedState(id)
            try expectPower(.running, of: id, subject)
            try subject.hypervisor.suspend(id)
            try subject.hypervisor.discardSavedState(id)
            try subject.hypervisor.discardSavedState(id)
            try expectPower(.shutdown, of: id, subject)
            _ = try subject.hypervisor.start(id)
            try subject.hypervisor.suspend(id)
            try subject.hypervisor.reboot(id, hard: true)
            try expectPower(.running, of: id, subject)
            try subject.hypervisor.suspend(id)
            try subject.hypervisor.undefine(id)
            try expect(try subject.hypervisor.status(of: id) == nil, "there must be no status")
        },
        HypervisorContract("a guest that is off can be neither paused nor suspended") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            let verbs: [(String, (String) throws(HostError) -> Void)] = [
                ("pausing", subject.hypervisor.pause), ("unpausing", subject.hypervisor.unpause),
                ("suspending", subject.hypervisor.suspend),
            ]
            for (name, verb) in verbs {
                try expectError("\(name) what is off", { !$0.isTransient && !isNotFound($0) }) { () throws(HostError) in
                    try verb(spec.instanceID)
                }
            }
            let absent = try subject.makeSpec().instanceID
            for (name, verb) in verbs {
                try expectError("\(name) nothing", isNotFound) { () throws(HostError) in try verb(absent) }
            }
            try subject.hypervisor.discardSavedState(absent)
        },
        HypervisorContract("observers see a guest paused, resumed and suspended") { subject in
            let seen = Mutex<[DomainEvent.Reason]>([])
            let id = try started(subject)
            let subscription = subject.hypervisor.observe { event in
                if event.instanceID == id { seen.withLock { $0.append(event.reason) } }
            }
            defer { subscription.cancel() }
            try subject.hypervisor.pause(id)
            try eventually("paused") { seen.withLock { $0.last == .paused } }
            try subject.hypervisor.unpause(id)
            try eventually("resumed") { seen.withLock { $0.last == .resumed } }
            try subject.hypervisor.suspend(id)
            try eventually("suspended") { seen.withLock { $0.last == .suspended } }
        },
    ]

    /// Interfaces that are plugged in and out.
    static let interfaces = [
        HypervisorContract("an interface is attached to what is off, once, and detached again") { subject in
            let spec = try subject.makeSpec()
            let id = spec.instanceID
            try subject.hypervisor.define(spec)
            let interface = second(of: spec)
            try subject.hypervisor.attachInterface(interface, to: id)
            try subject.hypervisor.attachInterface(interface, to: id)
            try expectPorts([spec.interfaces[0], interface], of: id, subject)
            _ = try subject.hypervisor.start(id)
            try subject.hypervisor.powerOff(id)
            try subject.hypervisor.detachInterface(portID: spec.interfaces[0].portID, from: id)
            try subject.hypervisor.detachInterface(portID: spec.interfaces[0].portID, from: id)
            try expectPorts([interface], of: id, subject)
            _ = try subject.hypervisor.start(id)
        },
        HypervisorContract("an interface is attached to a running guest and detached from it") { subject in
            let spec = try subject.makeSpec()
            let id = spec.instanceID
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(id)
            let interface = second(of: spec)
            try subject.hypervisor.attachInterface(interface, to: id)
            try subject.hypervisor.attachInterface(interface, to: id)
            try expectPower(.running, of: id, subject)
            try subject.hypervisor.detachInterface(portID: interface.portID, from: id)
            try subject.hypervisor.detachInterface(portID: interface.portID, from: id)
            try subject.hypervisor.powerOff(id)
            try expectPorts([spec.interfaces[0]], of: id, subject)
        },
        HypervisorContract("a guest with an interface attached while it ran is suspended and goes on") { subject in
            let spec = try subject.makeSpec()
            let id = spec.instanceID
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(id)
            try subject.hypervisor.attachInterface(second(of: spec), to: id)
            try subject.hypervisor.suspend(id)
            let status = try subject.hypervisor.start(id)
            try expect(status.power == .running, "it must run, is \(status.power)")
        },
        HypervisorContract("an interface needs a domain, and detaching from none is a success") { subject in
            let spec = try subject.makeSpec()
            try expectError("attaching to nothing", isNotFound) { () throws(HostError) in
                try subject.hypervisor.attachInterface(second(of: spec), to: spec.instanceID)
            }
            try subject.hypervisor.detachInterface(portID: spec.interfaces[0].portID, from: spec.instanceID)
        },
    ]

    private static func started(_ subject: HypervisorUnderTest) throws -> String {
        let spec = try subject.makeSpec()
        try subject.hypervisor.define(spec)
        _ = try subject.hypervisor.start(spec.instanceID)
        return spec.instanceID
    }

    private static func second(of spec: DomainSpec) -> InterfaceSpec {
        var interface = spec.interfaces[0]
        interface.portID = "00000002" + interface.portID.dropFirst(8)
        interface.macAddress = "fa:16:3f" + interface.macAddress.dropFirst(8)
        return interface
    }

    private static func expectPower(_ power: PowerState, of id: String, _ subject: HypervisorUnderTest) throws {
        let found = try subject.hypervisor.status(of: id)?.power
        try expect(found == power, "it must be \(power), is \(String(describing: found))")
    }

    private static func expectPorts(
        _ interfaces: [InterfaceSpec], of id: String, _ subject: HypervisorUnderTest
    ) throws {
        let definition = try subject.hypervisor.domainXML(of: id) ?? ""
        for interface in interfaces {
            let count = definition.components(of: interface.portID)
            try expect(count == 1, "port \(interface.portID) must be in the definition once, is \(count) times")
        }
        let all = definition.components(of: interfaces[0].portID.dropFirst(8))
        try expect(all == interfaces.count, "there must be \(interfaces.count) interfaces, there are \(all)")
    }
}

extension String {
    /// How often `part` is in the text.
    fileprivate func components(of part: some StringProtocol) -> Int { ranges(of: part).count }
}
