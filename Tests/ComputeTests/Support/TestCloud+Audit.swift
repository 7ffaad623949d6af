import Database
import Images
import Networking
import ServiceCore
import Synchronization

@testable import Compute
@testable import ComputeHost

extension TestCloud {
    /// What rows, host, ports, images and quota say against each other; empty when they agree. For a cloud in which
    /// nothing is being done.
    func contradictions() throws -> [String] {
        var filter = InstanceFilter()
        filter.allProjects = true
        let rows = try compute.instances(filter, page: PageRequest(limit: 1000), as: Self.admin).items
        return try rows.filter { !$0.state.isSettled }.map { "\($0.name) is \($0.state)" }
            + contradictions(onHost: rows)
            + contradictions(inPorts: rows) + contradictions(inImages: rows) + contradictions(inQuota: rows)
            + unfinished()
    }

    private func contradictions(onHost rows: [Instance]) throws -> [String] {
        // An instance in error, or shelved with its host in the way, may have anything there, but only its own.
        let unsure: [VMState] = [.error, .shelved]
        let living = rows.filter { $0.host != nil && !unsure.contains($0.state.vm) }
        let may = Set(
            rows.filter { $0.host != nil && unsure.contains($0.state.vm) && $0.launchedAt != nil }.map(\.id.text))
        let ids = Set(living.map(\.id.text))
        var all: [String] = []
        func expect(_ what: String, _ has: some Sequence<String>, _ should: Set<String>) {
            let has = Set(has).subtracting(may)
            if has == should { return }
            all.append("\(what): left over \(has.subtracting(should)), missing \(should.subtracting(has))")
        }
        let (disks, kept, rescue) = host.state.withLock {
            (Array($0.disks.keys), Array($0.keptDisks.keys), Array($0.rescueDisks.keys))
        }
        expect("domains", try host.domains().map(\.instanceID), ids)
        expect("directories", try host.instances(), ids)
        expect("disks", disks, ids)
        expect("kept disks", kept, Set(living.filter { $0.state.vm == .resized }.map(\.id.text)))
        expect("rescue disks", rescue, Set(living.filter { $0.state.vm == .rescued }.map(\.id.text)))
        for row in living {
            let power = try host.status(of: row.id.text)?.power
            let expected: [PowerState] =
                switch row.state.vm {
                case .active: [.running]
                case .rescued, .resized: [.running, .shutdown]
                case .paused: [.paused]
                case .suspended: [.suspended]
                default: [.shutdown]
                }
            if power.map(expected.contains) != true || row.powerState != power {
                all.append("\(row.name) is \(row.state), shown as \(row.powerState), and on the host \(power as Any)")
            }
        }
        return all
    }

    private func contradictions(inPorts rows: [Instance]) throws -> [String] {
        let ports = try networking.ports(as: Self.admin).filter { $0.deviceOwner == DeviceOwner.instance }
        let owners = Set(rows.filter { $0.state.vm != .error || $0.launchedAt != nil }.map(\.id.text))
        return ports.filter { !owners.contains($0.deviceID) }.map { "port \($0.id) belongs to nobody" }
            + rows.filter { $0.host != nil && $0.state.vm != .error && $0.state.vm != .shelved }.compactMap { row in
                let wanted = Set(ports.filter { $0.deviceID == row.id.text }.map(\.id.text))
                let cards = host.state.withLock { $0.domains[row.id.text]?.spec.interfaces ?? [] }
                return Set(cards.map(\.portID)) == wanted ? nil : "\(row.name) has \(cards.count) cards for \(wanted)"
            }
            + rows.compactMap { row in
                let hosts = Set(ports.filter { $0.deviceID == row.id.text }.map(\.bindingHost))
                return hosts.isSubset(of: [row.host ?? ""]) ? nil : "\(row.name) has ports on \(hosts)"
            }
    }

    private func contradictions(inImages rows: [Instance]) throws -> [String] {
        let all = try images.images(page: PageRequest(limit: 1000), as: Self.admin).items
        let shelved = try database.read { transaction in
            try rows.compactMap { row in
                let extra = try compute.lifecycle.extras.find(row.id, in: transaction)
                let isShelved = row.state.vm == .shelved || row.state.vm == .shelvedOffloaded
                return isShelved ? extra.shelvedImageID : nil
            }
        }
        return all.filter { $0.status != .active }.map { "image \($0.name) is \($0.status)" }
            + all.filter { $0.name.hasSuffix("-shelved") && !shelved.contains($0.id.text) }.map {
                "image \($0.name) is nobody's"
            }
    }

    private func contradictions(inQuota rows: [Instance]) throws -> [String] {
        try Dictionary(grouping: rows, by: \.projectID).compactMap { project, rows in
            let used = try compute.quota(projectID: project, as: Self.admin).used
            let sum = ComputeResources(
                instances: rows.count, cores: rows.map(\.claim.vcpus).reduce(0, +),
                memoryMiB: rows.map(\.claim.memoryMiB).reduce(0, +))
            return used == sum ? nil : "the quota of \(project) says \(used), the rows \(sum)"
        }
    }

    private func unfinished() throws -> [String] {
        try database.read { transaction in
            try transaction.map(
                "SELECT action FROM instance_actions WHERE outcome = 'running'"
            ) { "\(try $0[0] as String) runs for ever" }
                + transaction.map("SELECT event FROM instance_action_events WHERE outcome = 'running'") {
                    "\(try $0[0] as String) runs for ever"
                }
        }
    }
}
