/// What nova limits for a project; the raw value is nova's name.
public enum ComputeLimit: String, Sendable, CaseIterable {
    case instances, cores, ram
    case metadataItems = "metadata_items"
    case keyPairs = "key_pairs"
    case serverGroups = "server_groups"
    case serverGroupMembers = "server_group_members"
    case injectedFiles = "injected_files"
    case injectedFileContentBytes = "injected_file_content_bytes"
    case injectedFilePathBytes = "injected_file_path_bytes"
    case floatingIPs = "floating_ips"
    case fixedIPs = "fixed_ips"
    case securityGroups = "security_groups"
    case securityGroupRules = "security_group_rules"

    /// nova's defaults (nova/conf/quota.py). What belongs to the network has no limit here: Networking has its own.
    var standard: Int {
        switch self {
        case .instances: 10
        case .cores: 20
        case .ram: 51_200
        case .metadataItems: 128
        case .keyPairs: 100
        case .serverGroups, .serverGroupMembers: 10
        case .injectedFiles: 5
        case .injectedFileContentBytes: 10_240
        case .injectedFilePathBytes: 255
        case .floatingIPs, .fixedIPs, .securityGroups, .securityGroupRules: -1
        }
    }
}

/// A project's limits, and what it uses of them; a limit of −1 is no limit.
public struct ComputeLimits: Sendable, Hashable {
    /// Every limit.
    public let limits: [ComputeLimit: Int]
    /// What is counted.
    public let used: [ComputeLimit: Int]

    /// A limit; −1 for none.
    public subscript(limit: ComputeLimit) -> Int { limits[limit] ?? -1 }
}
