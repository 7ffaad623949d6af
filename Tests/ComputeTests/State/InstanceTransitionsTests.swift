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
        hardRebootRequested active/rebooting_hard +reboot, pauseRequested active/pausing +pause, \
        suspendRequested active/suspending +suspend, rescueRequested active/rescuing +rescue, \
        resizeRequested active/resize_prep +resize, rebuildRequested active/rebuilding +rebuild, \
        snapshotRequested active/image_snapshot +snapshot, shelveRequested active/shelving +shelve, \
        deleteRequested active/deleting +delete, off stopped/-, crashed stopped/-
        active/powering-off: off stopped/-, crashed stopped/-, deleteRequested active/deleting +delete, \
        failed active/-
        active/rebooting: rebooted active/-, deleteRequested active/deleting +delete, failed active/-
        active/rebooting_hard: rebooted active/-, deleteRequested active/deleting +delete, failed active/-
        active/pausing: paused paused/-, deleteRequested active/deleting +delete, failed active/-
        active/suspending: suspended suspended/-, deleteRequested active/deleting +delete, failed active/-
        active/rescuing: rescued rescued/-, deleteRequested active/deleting +delete, failed active/-
        active/resize_prep: resizePrepared active/resize_migrating, deleteRequested active/deleting +delete, \
        failed active/-
        active/resize_migrating: diskKept active/resize_finish, broken error/-, \
        deleteRequested active/deleting +delete, failed active/-
        active/resize_finish: resized resized/-, broken error/-, deleteRequested active/deleting +delete, \
        failed active/-
        active/rebuilding: guestRemoved active/rebuild_block_device_mapping, \
        deleteRequested active/deleting +delete, failed active/-
        active/rebuild_block_device_mapping: disksReady active/rebuild_spawning, \
        deleteRequested active/deleting +delete, failed error/-
        active/rebuild_spawning: rebuilt active/- +launched, deleteRequested active/deleting +delete, failed error/-
        active/image_snapshot: diskCopied active/image_uploading, deleteRequested active/deleting +delete, \
        failed active/-
        active/image_uploading: imageStored active/-, deleteRequested active/deleting +delete, failed active/-
        active/shelving: guestStopped active/shelving_image_uploading, deleteRequested active/deleting +delete, \
        failed active/-
        active/shelving_image_uploading: imageStored shelved/shelving_offloading, \
        deleteRequested active/deleting +delete, failed active/-
        active/deleting: domainGone deleted/- +deleted, failed error/-
        paused/-: unpauseRequested paused/unpausing +unpause, hardRebootRequested paused/rebooting_hard +reboot, \
        snapshotRequested paused/image_snapshot +snapshot, shelveRequested paused/shelving +shelve, \
        deleteRequested paused/deleting +delete, off stopped/-, crashed stopped/-, running active/-
        paused/unpausing: unpaused active/-, deleteRequested paused/deleting +delete, failed paused/-
        paused/rebooting_hard: rebooted active/-, deleteRequested paused/deleting +delete, failed paused/-
        paused/image_snapshot: diskCopied paused/image_uploading, deleteRequested paused/deleting +delete, \
        failed paused/-
        paused/image_uploading: imageStored paused/-, deleteRequested paused/deleting +delete, failed paused/-
        paused/shelving: guestStopped paused/shelving_image_uploading, deleteRequested paused/deleting +delete, \
        failed paused/-
        paused/shelving_image_uploading: imageStored shelved/shelving_offloading, \
        deleteRequested paused/deleting +delete, failed paused/-
        paused/deleting: domainGone deleted/- +deleted, failed error/-
        suspended/-: resumeRequested suspended/resuming +resume, \
        hardRebootRequested suspended/rebooting_hard +reboot, snapshotRequested suspended/image_snapshot +snapshot, \
        shelveRequested suspended/shelving +shelve, deleteRequested suspended/deleting +delete, running active/-, off stopped/-, crashed stopped/-
        suspended/resuming: resumed active/-, deleteRequested suspended/deleting +delete, failed suspended/-
        suspended/rebooting_hard: rebooted active/-, deleteRequested suspended/deleting +delete, failed suspended/-
        suspended/image_snapshot: diskCopied suspended/image_uploading, deleteRequested suspended/deleting +delete, \
        failed suspended/-
        suspended/image_uploading: imageStored suspended/-, deleteRequested suspended/deleting +delete, \
        failed suspended/-
        suspended/shelving: guestStopped suspended/shelving_image_uploading, \
        deleteRequested suspended/deleting +delete, failed suspended/-
        suspended/shelving_image_uploading: imageStored shelved/shelving_offloading, \
        deleteRequested suspended/deleting +delete, failed suspended/-
        suspended/deleting: domainGone deleted/- +deleted, failed error/-
        stopped/-: startRequested stopped/powering-on +start, hardRebootRequested stopped/rebooting_hard +reboot, \
        rescueRequested stopped/rescuing +rescue, resizeRequested stopped/resize_prep +resize, \
        rebuildRequested stopped/rebuilding +rebuild, snapshotRequested stopped/image_snapshot +snapshot, \
        shelveRequested stopped/shelving +shelve, deleteRequested stopped/deleting +delete, running active/-
        stopped/powering-on: running active/-, deleteRequested stopped/deleting +delete, failed stopped/-
        stopped/rebooting_hard: rebooted active/-, deleteRequested stopped/deleting +delete, failed stopped/-
        stopped/rescuing: rescued rescued/-, deleteRequested stopped/deleting +delete, failed stopped/-
        stopped/resize_prep: resizePrepared stopped/resize_migrating, deleteRequested stopped/deleting +delete, \
        failed stopped/-
        stopped/resize_migrating: diskKept stopped/resize_finish, broken error/-, \
        deleteRequested stopped/deleting +delete, failed stopped/-
        stopped/resize_finish: resized resized/-, broken error/-, deleteRequested stopped/deleting +delete, \
        failed stopped/-
        stopped/rebuilding: guestRemoved stopped/rebuild_block_device_mapping, \
        deleteRequested stopped/deleting +delete, failed stopped/-
        stopped/rebuild_block_device_mapping: disksReady stopped/rebuild_spawning, \
        deleteRequested stopped/deleting +delete, failed error/-
        stopped/rebuild_spawning: rebuilt stopped/- +launched, deleteRequested stopped/deleting +delete, \
        failed error/-
        stopped/image_snapshot: diskCopied stopped/image_uploading, deleteRequested stopped/deleting +delete, \
        failed stopped/-
        stopped/image_uploading: imageStored stopped/-, deleteRequested stopped/deleting +delete, failed stopped/-
        stopped/shelving: guestStopped stopped/shelving_image_uploading, deleteRequested stopped/deleting +delete, \
        failed stopped/-
        stopped/shelving_image_uploading: imageStored shelved/shelving_offloading, \
        deleteRequested stopped/deleting +delete, failed stopped/-
        stopped/deleting: domainGone deleted/- +deleted, failed error/-
        rescued/-: unrescueRequested rescued/unrescuing +unrescue, deleteRequested rescued/deleting +delete
        rescued/unrescuing: unrescued active/-, deleteRequested rescued/deleting +delete, failed rescued/-
        rescued/deleting: domainGone deleted/- +deleted, failed error/-
        resized/-: confirmResizeRequested resized/resize_confirming +confirm-resize, \
        revertResizeRequested resized/resize_reverting +revert-resize, deleteRequested resized/deleting +delete
        resized/resize_confirming: resizeConfirmed active/-, deleteRequested resized/deleting +delete, \
        failed resized/-
        resized/resize_reverting: resizeReverted active/-, deleteRequested resized/deleting +delete, \
        failed resized/-
        resized/deleting: domainGone deleted/- +deleted, failed error/-
        shelved/-: unshelveRequested shelved/unshelving +unshelve, deleteRequested shelved/deleting +delete
        shelved/shelving_offloading: offloaded shelved_offloaded/-, deleteRequested shelved/deleting +delete, \
        failed shelved/-
        shelved/unshelving: hostChosen shelved_offloaded/spawning, deleteRequested shelved/deleting +delete, \
        failed shelved/-
        shelved/deleting: domainGone deleted/- +deleted, failed error/-
        shelved_offloaded/-: unshelveRequested shelved_offloaded/unshelving +unshelve, \
        deleteRequested shelved_offloaded/deleting +delete
        shelved_offloaded/unshelving: hostChosen shelved_offloaded/spawning, \
        deleteRequested shelved_offloaded/deleting +delete, failed shelved_offloaded/-
        shelved_offloaded/spawning: domainStarted active/- +launched, \
        deleteRequested shelved_offloaded/deleting +delete, failed shelved_offloaded/-
        shelved_offloaded/deleting: domainGone deleted/- +deleted, failed error/-
        error/-: hardRebootRequested error/rebooting_hard +reboot, rebuildRequested error/rebuilding +rebuild, \
        deleteRequested error/deleting +delete
        error/rebooting_hard: rebooted active/-, deleteRequested error/deleting +delete, failed error/-
        error/rebuilding: guestRemoved error/rebuild_block_device_mapping, deleteRequested error/deleting +delete, \
        failed error/-
        error/rebuild_block_device_mapping: disksReady error/rebuild_spawning, \
        deleteRequested error/deleting +delete, failed error/-
        error/rebuild_spawning: rebuilt active/- +launched, deleteRequested error/deleting +delete, failed error/-
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
        ("active/pausing", "ACTIVE"), ("paused/-", "PAUSED"), ("paused/unpausing", "PAUSED"),
        ("suspended/-", "SUSPENDED"), ("suspended/resuming", "SUSPENDED"), ("rescued/-", "RESCUE"),
        ("active/resize_prep", "RESIZE"), ("stopped/resize_finish", "RESIZE"), ("resized/-", "VERIFY_RESIZE"),
        ("resized/resize_confirming", "VERIFY_RESIZE"), ("resized/resize_reverting", "REVERT_RESIZE"),
        ("active/rebuilding", "REBUILD"), ("error/rebuild_spawning", "REBUILD"), ("active/image_snapshot", "ACTIVE"),
        ("active/shelving", "ACTIVE"), ("shelved/shelving_offloading", "SHELVED"),
        ("shelved_offloaded/-", "SHELVED_OFFLOADED"), ("shelved_offloaded/spawning", "SHELVED_OFFLOADED"),
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
