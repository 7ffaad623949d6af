import Compute
import ServiceCore

/// The lists of host aggregates and availability zones.
struct AggregateTable: Sendable {
    let compute: ComputeService
    let visitor: Visitor

    func aggregates() -> TableDefinition<Aggregate> {
        let (compute, context) = (compute, visitor.context)
        var table = TableDefinition<Aggregate>(
            id: "host_aggregates", url: .aggregates,
            columns: [
                Column(name: "name", title: Message("Name")) { .name($0.name, nil) },
                Column(name: "availability_zone", title: Message("Availability Zone")) {
                    .text($0.availabilityZone ?? "–")
                },
                Column(name: "hosts", title: Message("Hosts"), isSortable: false) { aggregate in
                    aggregate.hosts.isEmpty ? .text("–") : .lines(aggregate.hosts.map { Cell.Line(text: $0) })
                },
                Column(name: "metadata", title: Message("Metadata"), isSortable: false) { aggregate in
                    let pairs = aggregate.metadata.sorted { $0.key < $1.key }
                    return pairs.isEmpty
                        ? .text("–") : .lines(pairs.map { Cell.Line(text: "\($0.key) = \($0.value)") })
                },
            ], objectID: { "\($0.id)" }, name: \.name)
        table.filters = [.contains("name", Message("Name"), \.name)]
        table.rowActions = { aggregate in
            let id = "\(aggregate.id)"
            let inUse = Message("The host aggregate has hosts. Remove them before you delete it.")
            return [
                .open(Message("Edit Host Aggregate"), .updateAggregate(id)),
                .open(Message("Manage Hosts"), .manageHosts(id)),
                .open(Message("Update Metadata"), .aggregateMetadata(id)),
                .perform("delete", refused: aggregate.hosts.isEmpty ? nil : inUse),
            ]
        }
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete Host Aggregate"), batchTitle: Message("Delete Host Aggregates"),
                isDestructive: true, done: Message("Deleted host aggregate: {names}"),
                failed: Message("Unable to delete host aggregate: {names}")
            ) { id in
                guard let number = Int(id) else { throw ServiceError.notFound("Host aggregate", id) }
                try compute.deleteAggregate(number, as: context)
            }
        ]
        table.links = [TableLink(title: Message("Create Host Aggregate"), url: .createAggregate)]
        table.emptyTitle = Message("No host aggregates yet")
        table.emptyText = Message("All hosts are in one availability zone.")
        return table
    }

    func zones() -> TableDefinition<AvailabilityZone> {
        let wording = visitor.wording
        var table = TableDefinition<AvailabilityZone>(
            id: "availability_zones", url: .aggregates,
            columns: [
                Column(name: "name", title: Message("Availability Zone Name")) { .name($0.name, nil) },
                Column(name: "hosts", title: Message("Hosts"), isSortable: false) { zone in
                    .lines(
                        zone.hosts.map { host in
                            Cell.Line(
                                text: host.name,
                                note: wording(host.isUp ? Message("Services Up") : Message("Services Down")))
                        })
                },
                Column(name: "available", title: Message("Available")) { .text(wording.yesNo($0.isAvailable)) },
            ], objectID: \.name, name: \.name)
        table.filters = [.contains("name", Message("Name"), \.name)]
        return table
    }
}
