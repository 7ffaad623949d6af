/// A size instances can have.
public struct Flavor: Sendable, Hashable {
    /// Text, as in nova: `0` is a flavor's id as well as a UUID is.
    public let id: String
    /// Unique.
    public let name: String
    /// Virtual processors.
    public let vcpus: Int
    /// Memory in MiB.
    public let memoryMiB: Int
    /// Size of the root disk; 0 means as large as the image.
    public let diskGiB: Int
    /// Whether every project may use it.
    public let isPublic: Bool
    /// What hosts must be like, as nova's scheduler reads it: `aggregate_instance_extra_specs:<key>` is held against the
    /// metadata of host aggregates.
    public var extraSpecs: [String: String] = [:]

    /// The flavors of a new cloud: the seed's m1.nano, and nova's classical ones with their classical ids.
    static let seeds = [
        Flavor(id: "0", name: "m1.nano", vcpus: 1, memoryMiB: 64, diskGiB: 1, isPublic: true),
        Flavor(id: "42", name: "m1.micro", vcpus: 1, memoryMiB: 128, diskGiB: 1, isPublic: true),
        Flavor(id: "1", name: "m1.tiny", vcpus: 1, memoryMiB: 512, diskGiB: 1, isPublic: true),
        Flavor(id: "2", name: "m1.small", vcpus: 1, memoryMiB: 2048, diskGiB: 20, isPublic: true),
        Flavor(id: "3", name: "m1.medium", vcpus: 2, memoryMiB: 4096, diskGiB: 40, isPublic: true),
        Flavor(id: "4", name: "m1.large", vcpus: 4, memoryMiB: 8192, diskGiB: 80, isPublic: true),
    ]
}
