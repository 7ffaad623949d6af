public import ServiceCore

/// Lets a project use what another one owns.
public struct RBACPolicy: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<RBACPolicy>
    /// Whose the policy is: not always the object's owner, as administrators share what others own.
    public let projectID: String
    /// What kind of object it is.
    public let objectType: SharedObject
    /// The object's identifier.
    public let objectID: String
    /// Who may use it: a project, or "*" for every project.
    public var targetProject: String
    /// What as.
    public let action: SharingAction

    /// Neutron's target for every project.
    public static let everybody = "*"
}

/// What can be shared; the raw value is neutron's `object_type`.
public enum SharedObject: String, Sendable, CaseIterable {
    case network
    case securityGroup = "security_group"
    case subnetPool = "subnetpool"
    case addressScope = "address_scope"

    /// What it can be shared as.
    public var actions: [SharingAction] { self == .network ? [.shared, .external] : [.shared] }
}

/// What an object is shared as; the raw value is neutron's `action`.
public enum SharingAction: String, Sendable, CaseIterable {
    case shared = "access_as_shared"
    case external = "access_as_external"
}

/// An RBAC policy that is wanted. Text is taken as typed: the service says every rule.
public struct NewRBACPolicy: Sendable {
    /// A ``SharedObject``.
    public var objectType: String
    /// The object's identifier.
    public var objectID: String
    /// A ``SharingAction``.
    public var action: String
    /// A project, or "*"; that is administrators' to choose.
    public var targetProject: String
    /// Whose the policy is; nil is the caller's project. Others are administrators' to choose.
    public var projectID: String?

    /// A policy as it was typed.
    public init(
        objectType: String, objectID: String, action: String, targetProject: String, projectID: String? = nil
    ) {
        self.objectType = objectType
        self.objectID = objectID
        self.action = action
        self.targetProject = targetProject
        self.projectID = projectID
    }
}
