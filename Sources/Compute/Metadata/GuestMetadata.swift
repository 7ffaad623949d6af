public import ComputeHost

/// What a guest is told about itself, by the metadata service and on its config drive.
public struct GuestMetadata: Hashable, Sendable {
    /// The key that may log in.
    public struct PublicKey: Hashable, Sendable {
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
    public var availabilityZone = "nova"
    /// The place of this instance among those launched by one request, from 0.
    public var launchIndex = 0
    /// What one launch request made has one reservation id.
    public var reservationID = ""
    /// The flavor's name.
    public var flavorName = ""
    /// The image that the root disk began as.
    public var imageID = ""
    /// Nil when nobody may log in with a key.
    public var publicKey: PublicKey?
    /// What was given at launch for the guest to run or read.
    public var userData: [UInt8]?
    /// What the owner wants in the guest.
    public var files: [InjectedFile] = []
    /// Names and values that people attached to the instance.
    public var metadata: [String: String] = [:]
    /// The interfaces, in the order in which the guest numbers them.
    public var interfaces: [InterfaceSpec] = []
    /// The subnets that the interfaces' addresses are of.
    public var subnets: [SubnetSpec] = []
    /// The addresses under which it is reached from outside.
    public var floatingIPs: [String] = []

    /// An instance without a key, an image or a network.
    public init(instanceID: String, number: Int, name: String, hostname: String, projectID: String) {
        self.instanceID = instanceID
        self.number = number
        self.name = name
        self.hostname = hostname
        self.projectID = projectID
    }
}

/// Something in a tree of metadata.
public indirect enum MetadataNode: Hashable, Sendable {
    /// Something in a directory.
    public struct Entry: Hashable, Sendable {
        /// What it is found by.
        public let name: String
        /// How it is listed, when not by its name.
        let label: String?
        /// What it is.
        public let node: MetadataNode

        init(_ name: String, _ node: MetadataNode, label: String? = nil) {
            self.name = name
            self.label = label
            self.node = node
        }
    }

    case text(String)
    case number(Int)
    case data([UInt8])
    case directory([Entry])

    /// What lies below at a path; nil when nothing does.
    public func node(at path: some Sequence<String>) -> MetadataNode? {
        var node = self
        for name in path {
            guard case .directory(let entries) = node, let entry = entries.first(where: { $0.name == name }) else {
                return nil
            }
            node = entry.node
        }
        return node
    }

    /// What a guest reads there: a directory is listed, one entry a line, with a slash behind the directories.
    public var content: [UInt8] {
        switch self {
        case .text(let text): return Array(text.utf8)
        case .number(let number): return Array(String(number).utf8)
        case .data(let bytes): return bytes
        case .directory(let entries):
            let lines = entries.map { entry in
                if let label = entry.label { return label }
                if case .directory = entry.node { return entry.name + "/" }
                return entry.name
            }
            return Array(lines.joined(separator: "\n").utf8)
        }
    }
}
