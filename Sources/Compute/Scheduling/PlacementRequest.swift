/// What an instance needs of a host.
public struct PlacementRequest: Hashable, Sendable {
    /// Processors.
    public var vcpus: Int
    /// Memory in MiB.
    public var memoryMiB: Int
    /// Root disk in GiB.
    public var diskGiB: Int
    /// Nil: any.
    public var availabilityZone: String?
    /// The host an administrator names; nil: any.
    public var forcedHost: String?
    /// The flavor's extra specs. Those in the scope `aggregate_instance_extra_specs` are held against the metadata of the
    /// host's aggregates.
    public var extraSpecs: [String: String] = [:]
    /// What the image's properties ask for.
    public var image = ImageRequirements()
    /// The server group the instance belongs to.
    public var group: GroupRequirement?

    /// Makes a request.
    public init(vcpus: Int, memoryMiB: Int, diskGiB: Int, availabilityZone: String? = nil) {
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.diskGiB = diskGiB
        self.availabilityZone = availabilityZone
    }
}

/// What the properties of an image say about hosts.
public struct ImageRequirements: Hashable, Sendable, Codable {
    /// `hw_architecture`: x86_64, …; nil: any.
    public var architecture: String?
    /// `img_hv_type`: qemu, kvm, …; nil: any.
    public var hypervisorType: String?

    /// Nothing is asked for.
    public init() {}

    /// From an image's properties, in their present and their older names.
    public init(properties: [String: String]) {
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { properties[$0] }.first { !$0.isEmpty }?.lowercased()
        }
        architecture = value("hw_architecture", "architecture")
        hypervisorType = value("img_hv_type", "hypervisor_type")
    }
}

/// The server group of an instance, and where its other members are.
public struct GroupRequirement: Hashable, Sendable {
    /// The group's name, for people.
    public var name: String
    /// What the group wants.
    public var policy: ServerGroupPolicy
    /// How many members of an anti-affinity group may share a host.
    public var mostPerHost: Int
    /// How many members are on each host; hosts without any are left out.
    public var members: [String: Int]

    /// Makes a requirement.
    public init(name: String, policy: ServerGroupPolicy, mostPerHost: Int = 1, members: [String: Int] = [:]) {
        self.name = name
        self.policy = policy
        self.mostPerHost = mostPerHost
        self.members = members
    }
}
