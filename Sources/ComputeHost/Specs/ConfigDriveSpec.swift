/// The files that a guest finds on its config drive. What they say is the affair of whoever makes them; a host packs them.
public struct ConfigDriveSpec: Codable, Hashable, Sendable {
    /// The instance's UUID, lower case.
    public var instanceID: String
    /// The guest's host name, which the files say too.
    public var hostname: String
    /// Contents by relative path: `openstack/latest/meta_data.json`.
    public var files: [String: [UInt8]]

    /// Takes each value as it is.
    public init(instanceID: String, hostname: String, files: [String: [UInt8]]) {
        self.instanceID = instanceID
        self.hostname = hostname
        self.files = files
    }

    /// Whether every path stays below the drive's root.
    public var hasSafePaths: Bool {
        files.keys.allSatisfy { path in
            path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && Substring(part) != "." && Substring(part) != ".." && !part.contains(0)
            }
        }
    }
}
