import Compute
import ServiceCore

/// A list of servers with details: rows that are kept, and those that have to be written.
struct ServerDetailList {
    let call: APICall
    let compute: ComputeService
    let rows: ServerRows

    /// A row for each instance of a page; those that have gone meanwhile have none.
    func page(_ filter: InstanceFilter, _ page: PageRequest) throws -> Page<[UInt8]> {
        // What has changed is asked first: whatever is read later is no older.
        let changes = try compute.changes(since: rows.version)
        rows.heed(changes)
        let page = try compute.instanceIDs(filter, page: page, as: call.context)
        let view = ServerRows.View(
            version: call.version, seesHosts: compute.seesHosts(call.context), base: call.base)
        let statuses = try compute.hostStatuses(as: call.context)
        let kept = rows.rows(of: page.items, as: view).map { row in
            row.flatMap { $0.hostStatus == statuses[$0.host] ? $0 : nil }
        }
        let missing = zip(page.items, kept).compactMap { id, row in row == nil ? id : nil }
        let written = try write(missing)
        rows.keep(written, as: view, at: changes.version)
        let json = zip(page.items, kept).compactMap { id, row in (row ?? written[id])?.json }
        return Page(items: json, next: page.next, previous: page.previous)
    }

    private func write(_ ids: [ID<Instance>]) throws -> [ID<Instance>: ServerRows.Row] {
        let instances = try compute.instances(ids, as: call.context)
        let details = try compute.details(of: instances, as: call.context)
        let facts = call.isAtLeast(2, 98) ? try compute.launchFacts(of: instances, as: call.context) : [:]
        let document = ServerDocument(call, compute)
        let rows = instances.map { instance in
            var json = JSONWriter(capacity: 2048)
            let details = details[instance.id]
            document.full(instance, details, facts[instance.id], &json)
            let row = ServerRows.Row(
                json: json.bytes, host: details?.internals?.host, hostStatus: details?.hostStatus ?? "")
            return (instance.id, row)
        }
        return Dictionary(rows) { first, _ in first }
    }
}
