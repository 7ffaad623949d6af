import Database
import Networking
public import ServiceCore

extension ComputeService {
    /// Says what an instance's state is, whatever it was (nova: `os-resetState`). What its host sees later comes on top.
    /// - Throws: `ServiceError`: forbidden; notFound; conflict `instance_busy` while something is being done, since work
    ///   here always comes to an end.
    public func resetState(of id: ID<Instance>, toError: Bool, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try database.write { transaction in
                let instance = try visible(id, for: ComputePolicy.resetState, as: context, in: transaction)
                if !instance.state.isSettled, let busy = instance.state.busy {
                    throw ActionRefusal.busy(busy).error
                }
                try lifecycle.history.record("resetState", on: id, by: context, at: clock.now(), in: transaction)
                try lifecycle.update(instance, in: transaction) { $0.state = InstanceState(toError ? .error : .active) }
            }
        }
    }

    /// Puts an instance's ports into one more security group, or takes them out of one.
    /// - Parameter group: an id, or a name that only one group of the project has.
    /// - Throws: `ServiceError`: notFound, also when the ports are not in the group; as ``setSecurityGroups(_:of:as:)``.
    public func changeSecurityGroups(
        of id: ID<Instance>, _ group: String, isAdded: Bool, as context: RequestContext
    ) throws {
        let rule = InstanceAction.editSecurityGroups.rule
        _ = try ServiceError.wrapping { try database.read { try visible(id, for: rule, as: context, in: $0) } }
        let present = try networking.securityGroups(ofInstance: id.text, as: context)
        var groups = present.map(\.id.text)
        if isAdded {
            groups.append(group)
        } else {
            let without = present.filter { $0.id.text != group && $0.name != group }.map(\.id.text)
            guard without.count < groups.count else { throw ServiceError.notFound("Security group", group) }
            groups = without
        }
        try setSecurityGroups(groups, of: id, as: context)
    }
}
