import Compute
import HTTP
import Networking
import ServiceCore

/// `/limits`: what a project may have and has.
struct LimitsEndpoints: Sendable {
    let compute: ComputeService
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/limits", limits)
    }

    func limits(_ call: APICall) throws -> Response {
        let query = call.query
        _ = query.has("reserved")
        let own = try call.context.requireProject()
        let project = query.text("tenant_id") ?? own
        try query.finish(call)
        let limits = try compute.limits(projectID: project, as: call.context)
        let network = try networking.quotas(projectID: project, as: call.context)
        return call.answer { json in
            json.object("limits") {
                $0.list("rate", [] as [String])
                $0.object("absolute") { absolute(limits, network.limits, network.used, call, &$0) }
            }
        }
    }

    private func absolute(
        _ limits: ComputeLimits, _ network: QuotaLimits, _ use: QuotaUse, _ call: APICall, _ json: inout JSONWriter
    ) {
        json.member("maxTotalInstances", limits[.instances])
        json.member("maxTotalCores", limits[.cores])
        json.member("maxTotalRAMSize", limits[.ram])
        json.member("maxServerMeta", limits[.metadataItems])
        json.member("maxTotalKeypairs", limits[.keyPairs])
        json.member("maxServerGroups", limits[.serverGroups])
        json.member("maxServerGroupMembers", limits[.serverGroupMembers])
        if !call.isAtLeast(2, 57) {
            json.member("maxPersonality", limits[.injectedFiles])
            json.member("maxPersonalitySize", limits[.injectedFileContentBytes])
        }
        if !call.isAtLeast(2, 39) { json.member("maxImageMeta", limits[.metadataItems]) }
        json.member("totalInstancesUsed", limits.used[.instances] ?? 0)
        json.member("totalCoresUsed", limits.used[.cores] ?? 0)
        json.member("totalRAMUsed", limits.used[.ram] ?? 0)
        json.member("totalServerGroupsUsed", limits.used[.serverGroups] ?? 0)
        guard !call.isAtLeast(2, 36) else { return }
        json.member("maxTotalFloatingIps", network["floatingip"] ?? -1)
        json.member("maxSecurityGroups", network["security_group"] ?? -1)
        json.member("maxSecurityGroupRules", network["security_group_rule"] ?? -1)
        json.member("totalFloatingIpsUsed", use["floatingip"])
        json.member("totalSecurityGroupsUsed", use["security_group"])
    }
}
