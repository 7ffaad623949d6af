import Database
import Networking
public import ServiceCore

extension ComputeService {
    /// Gives all interfaces of an instance these security groups and no others; what they let through changes at once.
    /// - Parameter groups: ids, or names that only one group of the instance's project has.
    /// - Throws: `ServiceError`: notFound for an instance or a group, forbidden; conflict `instance_state`,
    ///   `instance_busy`, `security_group_no_unique_match`.
    public func setSecurityGroups(_ groups: [String], of id: ID<Instance>, as context: RequestContext) throws {
        try ServiceError.wrapping {
            let rule = InstanceAction.editSecurityGroups.rule
            let instance = try database.read { try visible(id, for: rule, as: context, in: $0) }
            try requireAllowed(.editSecurityGroups, on: instance, as: context)
            try networking.setSecurityGroups(groups, ofInstance: id.text, as: context)
        }
    }
}
