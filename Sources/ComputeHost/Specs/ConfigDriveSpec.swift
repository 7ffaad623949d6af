/// What a guest is told about itself on its config drive.
public struct ConfigDriveSpec: Codable, Hashable, Sendable {
    /// A key that may log in.
    public struct PublicKey: Codable, Hashable, Sendable {
        /// The key pair's name.
        public var name: String
        /// One line in OpenSSH's form.
        public var text: String

        /// Takes each value as it is.
        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// The instance's UUID, lower case.
    public var instanceID: String
    /// The instance's running number.
    public var number: Int
    /// The name people gave.
    public var name: String
    /// A DNS label; the guest's host name.
    public var hostname: String
    /// The project that owns the instance.
    public var projectID: String
    /// The zone the guest is told.
    public var availabilityZone: String
    /// The place of this instance among those launched by one request, from 0.
    public var launchIndex: Int
    /// The keys that may log in.
    public var publicKeys: [PublicKey]
    /// What was given at launch for the guest to run or read.
    public var userData: [UInt8]?
    /// Names and values that people attached to the instance.
    public var metadata: [String: String]
    /// The interfaces, in the order in which the guest numbers them.
    public var interfaces: [InterfaceSpec]

    /// Takes each value as it is.
    public init(
        instanceID: String, number: Int, name: String, hostname: String, projectID: String,
        availabilityZone: String = "nova", launchIndex: Int = 0, publicKeys: [PublicKey] = [],
        userData: [UInt8]? = nil, metadata: [String: String] = [:], interfaces: [InterfaceSpec] = []
    ) {
        self.instanceID = instanceID
        self.number = number
        self.name = name
        self.hostname = hostname
        self.projectID = projectID
        self.availabilityZone = availabilityZone
        self.launchIndex = launchIndex
        self.publicKeys = publicKeys
        self.userData = userData
        self.metadata = metadata
        self.interfaces = interfaces
    }
}
