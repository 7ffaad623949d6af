import Compute

/// A path that a guest asks for, as nova reads it: a slash more or one at the end does not matter, and what begins with
/// neither `openstack` nor `ec2` is Amazon's.
struct MetadataPath {
    /// What a guest gets.
    struct Content {
        let bytes: [UInt8]
        let contentType: String
    }

    private let parts: [String]

    init(_ path: String) {
        // The server refuses a path with dot segments.
        parts = path.split(separator: "/").map(String.init)
    }

    /// - Parameter today: `2026-11-26`; later versions are not listed.
    /// - Returns: nil when nothing is there.
    func content(of guest: GuestMetadata, today: String) throws -> Content? {
        if parts.first == "openstack" { return try openStack(guest, Array(parts.dropFirst()), today) }
        let path = parts.first == "ec2" ? parts.dropFirst() : parts[...]
        guard let version = path.first else { return Self.list(GuestMetadata.ec2Versions + ["latest"]) }
        guard let node = guest.ec2(version: version)?.node(at: path.dropFirst()) else { return nil }
        if case .data(let bytes) = node { return Content(bytes: bytes, contentType: Self.bytes) }
        return Content(bytes: node.content, contentType: Self.text)
    }

    private func openStack(_ guest: GuestMetadata, _ path: [String], _ today: String) throws -> Content? {
        guard let version = path.first else {
            return Self.list(GuestMetadata.openStackVersions.filter { $0 <= today } + ["latest"])
        }
        guard path.count > 1 else { return guest.documents(version: version).map { Self.list($0.map(\.rawValue)) } }
        if version == "content" {
            return path.count == 2
                ? guest.content(ofFile: path[1]).map { Content(bytes: $0, contentType: Self.bytes) } : nil
        }
        guard path.count == 2, let document = GuestMetadata.Document(rawValue: path[1]),
            let bytes = try guest.content(of: document, version: version, seed: GuestMetadata.newSeed())
        else { return nil }
        return Content(bytes: bytes, contentType: document == .userData ? Self.bytes : "application/json")
    }

    private static let text = "text/plain; charset=utf-8"
    /// Whatever an owner gave: no promise is made about it.
    private static let bytes = "application/octet-stream"

    private static func list(_ lines: [String]) -> Content {
        Content(bytes: Array(lines.joined(separator: "\n").utf8), contentType: text)
    }
}
