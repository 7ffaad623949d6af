import ComputeHost
import Cryptography

extension GuestMetadata {
    /// Amazon's older versions are left out, as nova does by default.
    private static let driveVersions = ["2009-04-04", "latest"]

    /// The config drive that says the same as the metadata service: every version of nova's documents.
    /// - Parameters:
    ///   - seed: random bytes for the guest.
    ///   - adminPassword: for the guest's first user. It is no part of the metadata, so that the service, of which every
    ///     program in the guest may ask, can never tell it.
    func configDrive(seed: [UInt8], adminPassword: String? = nil) throws -> ConfigDriveSpec {
        var files: [String: [UInt8]] = [:]
        for version in Self.driveVersions {
            guard let tree = ec2(version: version), let metaData = tree.node(at: ["meta-data"]) else { continue }
            files["ec2/\(version)/meta-data.json"] = try MetadataJSON.encode(metaData)
            files["ec2/\(version)/user-data"] = tree.node(at: ["user-data"])?.content
        }
        for version in Self.openStackVersions + ["latest"] {
            for document in documents(version: version) ?? [] {
                files["openstack/\(version)/\(document.rawValue)"] = try content(
                    of: document, version: version, seed: seed, adminPassword: adminPassword)
            }
        }
        for (index, file) in self.files.enumerated() {
            files["openstack/content/\(InjectedFile.name(index))"] = file.contents
        }
        return ConfigDriveSpec(instanceID: instanceID, hostname: hostname, files: files)
    }

    /// Random bytes for a guest, as many as nova gives.
    public static func newSeed() -> [UInt8] { Random.bytes(512) }
}
