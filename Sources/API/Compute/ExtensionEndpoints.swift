import Compute
import HTTP
import ServiceCore

/// `/extensions`, and what nova has given up.
struct ExtensionEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/extensions", list)
        table.on(.get, "/v2.1/extensions/{alias}", show)
        for name in Self.gone {
            for method in [Method.get, .post, .put, .delete] {
                table.on(method, "/v2.1/" + name, gone)
                table.on(method, "/v2.1/" + name + "/{id}", gone)
            }
        }
    }

    /// Extensions are part of every nova since 2.1; clients ask for them by name all the same.
    private static let aliases = [
        "OS-DCF", "OS-EXT-AZ", "OS-EXT-IMG-SIZE", "OS-EXT-IPS", "OS-EXT-IPS-MAC", "OS-EXT-SRV-ATTR", "OS-EXT-STS",
        "OS-FLV-DISABLED", "OS-FLV-EXT-DATA", "OS-SCH-HNT", "OS-SRV-USG", "flavors", "image-metadata", "image-size",
        "images", "ips", "limits", "os-access-ips", "os-admin-actions", "os-aggregates", "os-attach-interfaces",
        "os-availability-zone", "os-config-drive", "os-console-output", "os-consoles", "os-create-backup",
        "os-deferred-delete", "os-disk-config", "os-evacuate", "os-extended-availability-zone",
        "os-extended-server-attributes", "os-extended-status", "os-extended-volumes", "os-flavor-access",
        "os-flavor-extra-specs", "os-flavor-manage", "os-floating-ips", "os-hosts", "os-hypervisors",
        "os-instance-actions", "os-instance-usage-audit-log", "os-keypairs", "os-lock-server", "os-migrate-server",
        "os-migrations", "os-multiple-create", "os-networks", "os-pause-server", "os-quota-class-sets",
        "os-quota-sets", "os-remote-consoles", "os-rescue", "os-scheduler-hints", "os-security-groups",
        "os-server-diagnostics", "os-server-external-events", "os-server-groups", "os-server-password",
        "os-server-usage", "os-services", "os-shelve", "os-simple-tenant-usage", "os-suspend-server",
        "os-tenant-networks", "os-user-data", "os-volumes", "server-metadata", "server-migrations", "servers",
        "versions",
    ]

    func list(_ call: APICall) throws -> Response {
        try compute.require(.look, as: call.context)
        return call.answer { json in json.list("extensions", Self.aliases) { $0.nova(extension: $1) } }
    }

    func show(_ call: APICall) throws -> Response {
        try compute.require(.look, as: call.context)
        let alias = call[parameter: "alias"]
        guard Self.aliases.contains(alias) else {
            throw APIError(.notFound, "There is no extension \(alias.prefix(80)).")
        }
        return call.answer { json in json.entry("extension") { $0.nova(extension: alias) } }
    }

    private static let gone = [
        "os-agents", "os-cells", "os-certificates", "os-cloudpipe", "os-fixed-ips", "os-floating-ip-dns",
        "os-floating-ips-bulk", "os-fping", "os-baremetal-nodes",
        "os-security-group-default-rules", "os-consoles",
    ]

    func gone(_ call: APICall) throws -> Response { throw APIError(.gone, "This resource is no longer available.") }
}

extension JSONWriter {
    /// What it is called for people: `os-server-groups` is `ServerGroups`, as in nova.
    private static func name(ofExtension alias: String) -> String {
        let words = alias.hasPrefix("os-") ? alias.dropFirst(3) : alias[...]
        return words.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    fileprivate mutating func nova(extension alias: String) {
        object {
            $0.member("alias", alias)
            $0.member("name", Self.name(ofExtension: alias))
            $0.member("description", "")
            $0.member("namespace", "http://docs.openstack.org/compute/ext/fake_xml")
            $0.member("updated", "2014-12-03T00:00:00Z")
            $0.list("links", [] as [String])
        }
    }
}
