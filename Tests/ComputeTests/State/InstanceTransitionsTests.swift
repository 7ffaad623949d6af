import Testing

@testable import Compute

/// Every (state, event) pair, legal or refused, written out: the table is the specification.
@Suite struct InstanceTransitionsTests {
    /// One line per state; the events that are legal there and where they lead. All others are refused, except reports
    /// of the host, which change nothing where they are not listed.
    static let legal = """
        building/scheduling: hostChosen building/-, deleteRequested building/deleting +delete, failed error/-
        building/-: imageReady building/networking, deleteRequested building/deleting +delete, failed error/-
        building/networking: portsBound building/block_device_mapping, deleteRequested building/deleting +delete, failed error/-
        building/block_device_mapping: disksReady building/spawning, deleteRequested building/deleting +delete, failed error/-
        building/spawning: domainStarted active/- +launched, deleteRequested building/deleting +delete, failed error/-
        building/deleting: domainGone deleted/- +deleted, failed error/-
        active/-: stopRequested active/powering-off +stop, softRebootRequested active/rebooting +reboot, \
        hardRebootRequested active/rebooting_hard +reboot, deleteRequested active/deleting +delete, off stopped/-, crashed stopped/-
        active/powering-off: off stopped/-, crashed stopped/-, deleteRequested active/deleting +delete, failed active/-
        active/rebooting: rebooted active/-, deleteRequested active/deleting +delete, failed active/-
        active/rebooting_hard: rebooted active/-, deleteRequested active/deleting +delete, failed active/-
        active/deleting: domainGone deleted/- +deleted, failed error/-
        stopped/-: startRequested stopped/powering-on +start, hardRebootRequested stopped/rebooting_hard +reboot, \
        deleteRequested stopped/deleting +delete, running active/-
        stopped/powering-on: running active/-, deleteRequested stopped/deleting +delete, failed stopped/-
        stopped/rebooting_hard: rebooted active/-, deleteRequested stopped/deleting +delete, failed stopped/-
        stopped/deleting: domainGone deleted/- +deleted, failed error/-
        error/-: deleteRequested error/deleting +delete
        error/deleting: domainGone deleted/- +deleted, failed error/-
        deleted/-:
        """

    static let table: [String: [String: String]] = {
        var table: [String: [String: String]] = [:]
        for line in legal.split(separator: "\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            var row: [String: String] = [:]
            for cell in halves.dropFirst().joined().split(separator: ",") {
                let words = cell.split(separator: " ").map(String.init)
                row[words[0]] = words.dropFirst().joined(separator: " ")
            }
            table[String(halves[0])] = row
        }
        return table
    }()

    static func name(_ event: InstanceEvent) -> String {
        if case .powerObserved(let power) = event { power.rawValue } else { "\(event)" }
    }

    static func outcome(_ transition: InstanceTransition) -> String {
        let effects = transition.effects.map { effect in
            switch effect {
            case .enqueue(let job): " +" + job.rawValue.dropFirst("compute.".count)
            case .stampLaunchedAt: " +launched"
            case .stampDeletedAt: " +deleted"
            }
        }
        return "\(transition.state)" + effects.joined()
    }

    @Test func `the table lists exactly the reachable states`() {
        #expect(Set(Self.table.keys) == Set(InstanceState.reachable.map(\.description)))
    }

    @Test(arguments: InstanceState.reachable)
    func `every event is taken or refused as the table says`(state: InstanceState) {
        let row = Self.table[state.description] ?? [:]
        #expect(Set(row.keys).isSubset(of: Set(InstanceEvent.all.map(Self.name))))
        for event in InstanceEvent.all {
            let actual: String? = try? Self.outcome(state.after(event))
            if case .powerObserved = event {
                #expect(actual == row[Self.name(event)] ?? state.description, "\(state) on \(event)")
            } else {
                #expect(actual == row[Self.name(event)], "\(state) on \(event)")
            }
        }
    }

    @Test func `every state that can be reached is listed, and no other`() throws {
        var seen: Set<InstanceState> = []
        var open = [InstanceState.initial]
        while let state = open.popLast() {
            guard seen.insert(state).inserted else { continue }
            open += InstanceEvent.all.compactMap { try? state.after($0).state }
        }
        #expect(seen == Set(InstanceState.reachable))
    }

    @Test(arguments: InstanceState.reachable.filter { !$0.isSettled })
    func `a failure always leads to rest`(state: InstanceState) throws {
        #expect(try state.after(.failed).state.isSettled)
    }

    @Test(arguments: InstanceState.reachable.filter { $0.vm != .deleted && $0.task != .deleting })
    func `delete is always possible`(state: InstanceState) throws {
        #expect(try state.after(.deleteRequested).state.task == .deleting)
    }
}

@Suite struct InstanceStatusTests {
    @Test(arguments: [
        ("building/scheduling", "BUILD"), ("building/-", "BUILD"), ("building/deleting", "BUILD"),
        ("active/-", "ACTIVE"), ("active/powering-off", "ACTIVE"), ("active/deleting", "ACTIVE"),
        ("active/rebooting", "REBOOT"), ("active/rebooting_hard", "HARD_REBOOT"),
        ("stopped/rebooting_hard", "HARD_REBOOT"),
        ("stopped/-", "SHUTOFF"), ("stopped/powering-on", "SHUTOFF"), ("error/-", "ERROR"), ("error/deleting", "ERROR"),
        ("deleted/-", "DELETED"),
    ])
    func `status is derived as in nova`(state: String, status: String) throws {
        let state = try #require(InstanceState.reachable.first { $0.description == state })
        #expect(state.status.rawValue == status)
        #expect(InstanceState.states(of: state.status).contains(state))
    }
}
