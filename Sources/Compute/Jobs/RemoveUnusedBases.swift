import ComputeHost
import Database
import Logging
import ServiceCore

/// Has each host remove the base files that nothing lies over any more; nova's image cache manager, with its interval
/// (`image_cache.manager_interval`). Which files are in use is for the host to see, on its disks.
struct RemoveUnusedBases: JobHandler {
    let kind = "compute.remove-unused-bases"
    let period: Duration? = .seconds(2_400)
    let work: InstanceWork

    func run(_ job: Job) throws {
        // Between the fetch of a base file and the disk over it, only the row says that it is needed.
        let wanted = try work.database.read { transaction in
            try work.lifecycle.instances.unsettled(in: transaction).reduce(into: Set<String>()) { wanted, instance in
                let extra = try work.lifecycle.extras.find(instance.id, in: transaction)
                let chosen = [
                    extra.rescueImage?.id, extra.rebuildImage?.id, extra.replacedImage?.id, extra.shelvedImageID,
                ]
                wanted.formUnion([instance.imageID.text] + chosen.compactMap(\.self))
            }
        }
        for host in work.hosts.hosts {
            guard let disks = work.hosts.services(on: host)?.disks else { continue }
            do {
                let removed = try disks.removeUnusedBases(keeping: wanted)
                guard !removed.isEmpty else { continue }
                work.log.notice(
                    "base files that nothing used were removed",
                    metadata: ["host": "\(host)", "files": "\(removed.joined(separator: " "))"])
            } catch {
                work.log.warning(
                    "unused base files could not be removed", metadata: ["host": "\(host)", "error": "\(error)"])
            }
        }
    }
}
