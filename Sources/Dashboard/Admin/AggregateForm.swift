import Compute
import HTTP
import ServiceCore

/// What was typed about a host aggregate.
struct AggregateForm: Sendable {
    let input: FormData

    init(input: FormData) { self.input = input }

    init(_ aggregate: Aggregate) {
        input = FormData(
            [("name", aggregate.name), ("availability_zone", aggregate.availabilityZone ?? "")]
                + aggregate.hosts.map { (Self.prefix + $0, "on") })
    }

    var name: String { input["name"] ?? "" }
    var zone: String { input["availability_zone"] ?? "" }
    /// Those that are ticked.
    var hosts: [String] {
        input.pairs.filter { $0.name.hasPrefix(Self.prefix) && !$0.value.isEmpty }
            .map { String($0.name.dropFirst(Self.prefix.count)) }
    }

    /// Each host has a box of its own: `host-linux-node1`.
    private static let prefix = "host-"

    static func names(_ fields: FormFields) -> [FormField] {
        [
            fields.text("name", Message("Name"), required: true),
            fields.text("availability_zone", Message("Availability Zone")),
        ]
    }

    static func hosts(_ hosts: [String], _ fields: FormFields) -> [FormField] {
        hosts.enumerated().map { index, host in
            // What is wrong with the hosts as a whole stands below the first.
            fields.checkbox(
                prefix + host, Message("{host}", ["host": host]), violation: index == 0 ? "hosts" : "-")
        }
    }
}
