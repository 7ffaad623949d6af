/// A guest as it is to be: everything a host needs to define it, and nothing that only one machine could honour.
public struct DomainSpec: Codable, Hashable, Sendable {
    /// The instance's UUID, lower case; also the domain's.
    public var instanceID: String
    /// The instance's running number; the domain is named after it.
    public var number: Int
    /// The name people gave. It is shown, never used as a name on the host.
    public var name: String
    /// The number of virtual processors.
    public var vcpus: Int
    /// Memory in MiB.
    public var memoryMiB: Int
    /// The root disk in GiB.
    public var diskGiB: Int
    /// The flavor's name, for the domain's metadata.
    public var flavorName: String
    /// The image that the root disk began as.
    public var imageID: String
    /// That image's name.
    public var imageName: String
    /// The project that owns the instance.
    public var projectID: String
    /// The project's name, for the domain's metadata.
    public var projectName: String
    /// Who launched it.
    public var userID: String
    /// That user's name.
    public var userName: String
    /// Milliseconds since 1970-01-01 UTC.
    public var createdAt: Int64
    /// The interfaces, in the order in which the guest numbers them.
    public var interfaces: [InterfaceSpec]
    /// Whether `DiskBackend.createConfigDrive` was called for this instance.
    public var configDrive: Bool
    /// The image to rescue the instance with: the guest boots from the rescue disk
    /// (`DiskBackend.createRescueDisk`) and finds its root disk as the second one. Nil boots from the root disk.
    public var rescueImageID: String?
    /// Counts the changes of this specification.
    public var generation: Int

    /// Takes each value as it is.
    public init(
        instanceID: String, number: Int, name: String, vcpus: Int, memoryMiB: Int, diskGiB: Int, flavorName: String,
        imageID: String, imageName: String, projectID: String, projectName: String, userID: String, userName: String,
        createdAt: Int64, interfaces: [InterfaceSpec] = [], configDrive: Bool = false, rescueImageID: String? = nil,
        generation: Int = 1
    ) {
        self.instanceID = instanceID
        self.number = number
        self.name = name
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.diskGiB = diskGiB
        self.flavorName = flavorName
        self.imageID = imageID
        self.imageName = imageName
        self.projectID = projectID
        self.projectName = projectName
        self.userID = userID
        self.userName = userName
        self.createdAt = createdAt
        self.interfaces = interfaces
        self.configDrive = configDrive
        self.rescueImageID = rescueImageID
        self.generation = generation
    }

    /// `instance-` and the number in eight hexadecimal digits, nova's default `instance_name_template`.
    public var domainName: String { DomainName.text(for: number) }
}

/// The names of our domains.
public enum DomainName {
    /// The name of the domain of the instance with this number.
    public static func text(for number: Int) -> String {
        let digits = String(number, radix: 16)
        return "instance-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    /// The number in a domain's name, or nil when the name is not one of ours.
    public static func number(in name: String) -> Int? {
        guard name.hasPrefix("instance-"), let number = Int(name.dropFirst(9), radix: 16), text(for: number) == name
        else { return nil }
        return number
    }
}
