import Database
public import ServiceCore

/// What later microversions of nova's API tell of a launch.
public struct LaunchFacts: Sendable, Hashable {
    /// What the scheduler was told, by nova's names (microversion 2.100).
    public let schedulerHints: [String: [String]]
    /// What the image said of how guests run, when the disk was made of it (microversion 2.98).
    public let imageProperties: [String: String]
}

/// The properties of images that nova heeds (nova/objects/image_meta.py); others are the owner's own.
enum KnownImageProperties {
    private static let older: Set = [
        "architecture", "auto_disk_config", "hypervisor_type", "hypervisor_version_requires", "root_device_name",
        "vm_mode",
    ]

    static func among(_ properties: [String: String]) -> [String: String] {
        properties.filter { name, _ in
            ["hw_", "img_", "os_"].contains { name.hasPrefix($0) } || older.contains(name)
        }
    }
}

extension ComputeService {
    /// What was asked for when instances were launched, for a page of them.
    /// - Throws: `ServiceError`.
    public func launchFacts(
        of instances: [Instance], as context: RequestContext
    ) throws -> [ID<Instance>: LaunchFacts] {
        guard !instances.isEmpty else { return [:] }
        return try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            let ids = instances.filter { context.canSee(projectID: $0.projectID) }.map(\.id)
            return try database.read { try lifecycle.specs.placements(of: ids, in: $0) }.mapValues {
                LaunchFacts(schedulerHints: $0.hints ?? [:], imageProperties: $0.imageProperties ?? [:])
            }
        }
    }
}
