/// What is asked for when instances are launched. Nothing in it has been checked.
public struct LaunchRequest: Sendable {
    /// 1 to 255 characters; white space at both ends is dropped.
    public var name: String
    /// At most 255 characters.
    public var description: String = ""
    /// How many; more than one are named with `-1`, `-2`, … at the end.
    public var count: Int = 1
    /// How many there must be at least, when the project's limits do not allow `count`; nil: all of them.
    public var minCount: Int?
    /// The flavor's id.
    public var flavorID: String
    /// The image's id.
    public var imageID: String
    /// In the order of the interfaces.
    public var networkIDs: [String] = []
    /// Existing free ports; their interfaces come after those of `networkIDs`.
    public var portIDs: [String] = []
    /// The interfaces in their order, those on a network with an address of their own among them; instead of
    /// `networkIDs` and `portIDs`.
    public var interfaces: [LaunchInterface]?
    /// Where the interfaces come from.
    public var networkChoice = NetworkChoice.listed
    /// One of the caller's keypairs, for the guest's first user.
    public var keypairName: String?
    /// Names; they act when there is a firewall to act in.
    public var securityGroups: [String] = ["default"]
    /// At most 48 KiB.
    public var userData: [UInt8]?
    /// Files for the guest.
    public var files: [InjectedFile] = []
    /// A zone, or `zone:host` by administrators; nil: any.
    public var availabilityZone: String?
    /// The server group's id; nil: none.
    public var serverGroupID: String?
    /// What the scheduler was told besides, by nova's names; kept and shown (microversion 2.100), the group among it.
    public var schedulerHints: [String: [String]] = [:]
    /// Whether the guest shall have a config drive whatever its network is.
    public var configDrive = false
    /// The owner's key-value pairs.
    public var metadata: [String: String] = [:]
    /// The owner's tags.
    public var tags: [String] = []
    /// An address to be shown, "" for none.
    public var accessIPv4 = ""
    /// An address to be shown, "" for none.
    public var accessIPv6 = ""
    /// Who sees to the disk's partitions; nil for what the image says, or the guest itself.
    public var diskConfig: DiskConfig?
    /// For the guest's first user, on its config drive when it has one; all instances of a request have the same.
    public var adminPassword: String?
    /// The guest's host name; nil: made of the name.
    public var hostname: String?

    /// All interfaces in their order.
    var cards: [LaunchInterface] {
        interfaces ?? networkIDs.map { .network($0, fixedIP: nil) } + portIDs.map { .port($0) }
    }

    /// Makes a request for one instance, yet without a network.
    public init(name: String, flavorID: String, imageID: String) {
        self.name = name
        self.flavorID = flavorID
        self.imageID = imageID
    }

    /// 64 KiB in base64, nova's limit, are 48 KiB of text.
    public static let userDataLimit = 48 * 1024
    /// nova's limit on names and descriptions.
    public static let nameLimit = 255
    /// A sane bound besides the quota, which an administrator may lift.
    public static let countLimit = 100
}

/// What one interface of a launch is plugged into. Nothing in it has been checked.
public enum LaunchInterface: Sendable, Hashable, Codable {
    /// A new port on a network, with this address or any.
    case network(String, fixedIP: String?)
    /// A free port.
    case port(String)

    /// The id of the network or the port.
    var id: String {
        switch self {
        case .network(let id, _), .port(let id): id
        }
    }
}

/// Where the interfaces of a launch come from (Compute API, "Create Server": `networks`).
public enum NetworkChoice: String, Sendable, CaseIterable {
    /// They are listed; there must be one.
    case listed
    /// The project's only network; none when it has none.
    case only
    /// The project's only network; there must be one.
    case auto
    /// There shall be none.
    case none
}
