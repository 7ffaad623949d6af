/// How a domain is, how it is to be, and where the two differ.
public struct DomainDrift: Codable, Hashable, Sendable {
    /// The definition as the hypervisor holds it; of a guest that runs, with what was added to it since.
    public var xml: String
    /// The definition that would be given to the hypervisor now.
    public var expectedXML: String
    /// Where they differ in what matters, in the order of the definition.
    public var differences: [DomainDifference]

    /// Takes each value as it is.
    public init(xml: String, expectedXML: String, differences: [DomainDifference]) {
        self.xml = xml
        self.expectedXML = expectedXML
        self.differences = differences
    }
}

/// One thing about a domain that is not as it is to be.
public struct DomainDifference: Codable, Hashable, Sendable {
    /// What differs.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// How the processors are provided.
        case domainType
        /// The number of virtual processors.
        case vcpus
        /// The memory in MiB.
        case memory
        /// A disk, by the guest's name for it.
        case disk
        /// A network interface, by its MAC address.
        case interface
        /// How the guest's screen is reached.
        case display
        /// Where the guest's serial port is written to.
        case console
        /// A device that nobody here defined, by the name of its element.
        case device
    }

    /// Where the difference is.
    public enum Place: String, Codable, Hashable, Sendable, CaseIterable {
        /// In the guest that runs; gone with its next start.
        case running
        /// In the persistent definition, which somebody has changed by hand; the next start through this program
        /// defines the domain anew.
        case definition
    }

    /// What differs.
    public var kind: Kind
    /// Which one of several: `vda`, a MAC address, `hostdev`; empty where there is only one.
    public var name: String
    /// How it is to be; nil when it is not to be there.
    public var expected: String?
    /// How it is; nil when it is not there.
    public var found: String?
    /// Where it is so.
    public var place: Place

    /// Takes each value as it is.
    public init(kind: Kind, name: String = "", expected: String?, found: String?, place: Place) {
        self.kind = kind
        self.name = name
        self.expected = expected
        self.found = found
        self.place = place
    }
}
