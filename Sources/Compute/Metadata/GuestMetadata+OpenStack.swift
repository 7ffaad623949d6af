import Cryptography
import Foundation
import ServiceCore

/// OpenStack's own documents, by nova's rules.
extension GuestMetadata {
    /// nova's versions, oldest first: each is the day of a release.
    public static let openStackVersions = [
        "2012-08-10", "2013-04-04", "2013-10-17", "2015-10-15", "2016-06-30", "2016-10-06", "2017-02-22", "2018-08-27",
        "2020-10-14", "2025-04-04",
    ]

    /// A file of `/openstack/<version>/`.
    public enum Document: String, Sendable, CaseIterable {
        case metaData = "meta_data.json"
        case userData = "user_data"
        case vendorData = "vendor_data.json"
        case networkData = "network_data.json"
        case vendorData2 = "vendor_data2.json"

        /// The version that it came with.
        fileprivate var firstVersion: String {
            switch self {
            case .metaData, .userData: "2012-08-10"
            case .vendorData: "2013-10-17"
            case .networkData: "2015-10-15"
            case .vendorData2: "2016-10-06"
            }
        }
    }

    /// The files that a version has, in the order in which nova lists them; nil for a version that there is not.
    public func documents(version: String) -> [Document]? {
        guard let version = Self.canonical(version) else { return nil }
        return Document.allCases.filter { $0.firstVersion <= version && ($0 != .userData || userData != nil) }
    }

    /// What is in a file; nil when the version has no such file, or there is no such version.
    /// - Parameter seed: random bytes for the guest, new each time.
    public func content(of document: Document, version: String, seed: [UInt8]) throws -> [UInt8]? {
        try content(of: document, version: version, seed: seed, adminPassword: nil)
    }

    /// As it lies on a config drive, which alone may tell a password.
    func content(
        of document: Document, version: String, seed: [UInt8], adminPassword: String?
    ) throws -> [UInt8]? {
        guard documents(version: version)?.contains(document) == true, let version = Self.canonical(version) else {
            return nil
        }
        return switch document {
        case .metaData: try MetadataJSON.encode(MetaDataDocument(self, version, seed, adminPassword))
        case .userData: userData
        // No operator's file is handed on.
        case .vendorData: Array("{}".utf8)
        case .vendorData2: Array(#"{"static":{}}"#.utf8)
        case .networkData: try MetadataJSON.encode(NetworkDataDocument(interfaces, subnets))
        }
    }

    /// What is in a file that `meta_data.json` names; nil when it names none so.
    public func content(ofFile name: String) -> [UInt8]? {
        files.indices.first { InjectedFile.name($0) == name }.map { files[$0].contents }
    }

    private static func canonical(_ version: String) -> String? {
        version == "latest" ? openStackVersions.last : openStackVersions.first { $0 == version }
    }
}

/// `meta_data.json`.
private struct MetaDataDocument: Encodable {
    struct Key: Encodable {
        let name: String
        let type = "ssh"
        let data: String
    }

    struct File: Encodable {
        let path: String
        let content_path: String
    }

    let uuid: String
    let name: String
    let hostname: String
    let availability_zone: String
    let launch_index: Int
    let meta: [String: String]?
    let public_keys: [String: String]?
    let keys: [Key]?
    let files: [File]?
    let random_seed: String?
    let project_id: String?
    let devices: [String]?
    let dedicated_cpus: [Int]?
    let admin_pass: String?

    init(_ guest: GuestMetadata, _ version: String, _ seed: [UInt8], _ adminPassword: String?) {
        uuid = guest.instanceID
        name = guest.name
        hostname = guest.hostname
        availability_zone = guest.availabilityZone
        launch_index = guest.launchIndex
        meta = guest.metadata.isEmpty ? nil : guest.metadata
        public_keys = guest.publicKey.map { [$0.name: $0.text] }
        keys = guest.publicKey.map { [Key(name: $0.name, data: $0.text)] }
        files =
            guest.files.isEmpty
            ? nil
            : guest.files.enumerated().map { index, file in
                File(path: file.path, content_path: "/content/" + InjectedFile.name(index))
            }
        random_seed = version >= "2013-04-04" ? Base64.standard.encode(seed) : nil
        project_id = version >= "2015-10-15" ? guest.projectID : nil
        // Nothing is tagged and no processor dedicated.
        devices = version >= "2016-06-30" ? [] : nil
        dedicated_cpus = version >= "2020-10-14" ? [] : nil
        admin_pass = adminPassword
    }
}

enum MetadataJSON {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
