/// What is asked for when instances are launched. Nothing in it has been checked.
public struct LaunchRequest: Sendable {
    /// 1 to 255 characters; white space at both ends is dropped.
    public var name: String
    /// At most 255 characters.
    public var description: String = ""
    /// How many; more than one are named with `-1`, `-2`, … at the end.
    public var count: Int = 1
    /// The flavor's id.
    public var flavorID: String
    /// The image's id.
    public var imageID: String
    /// In the order of the interfaces.
    public var networkIDs: [String] = []
    /// Existing free ports; their interfaces come after those of `networkIDs`.
    public var portIDs: [String] = []
    /// One of the caller's keypairs, for the guest's first user.
    public var keypairName: String?
    /// Names; they act when there is a firewall to act in.
    public var securityGroups: [String] = ["default"]
    /// At most 48 KiB.
    public var userData: [UInt8]?
    /// A zone, or `zone:host` by administrators; nil: any.
    public var availabilityZone: String?
    /// The server group's id; nil: none.
    public var serverGroupID: String?
    /// Whether the guest shall have a config drive whatever its network is.
    public var configDrive = false

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
    /// nova's default quota of metadata items.
    public static let metadataLimit = 128
    /// A sane bound besides the quota, which an administrator may lift.
    public static let countLimit = 100
}
