/// What a guest is told about itself on its config drive.
public struct ConfigDriveSpec: Codable, Hashable, Sendable {
    /// A key that opens the guest to its owner: its name and its line as in `authorized_keys`.
    public struct PublicKey: Codable, Hashable, Sendable {
        public var name: String
        /// One line in OpenSSH's form.
        public var text: String

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    public var instanceID: String
    public var number: Int
    public var name: String
    /// A DNS label; the guest's host name.
    public var hostname: String
    public var projectID: String
    public var availabilityZone: String
    /// The place of this instance among those launched by one request, from 0.
    public var launchIndex: Int
    public var publicKeys: [PublicKey]
    public var userData: [UInt8]?
    public var metadata: [String: String]
    public var interfaces: [InterfaceSpec]

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
