import Foundation

/// A file that an owner wants in the guest (nova's `personality`, until microversion 2.56). The guest finds it on its
/// config drive and at the metadata service, and puts it into its place itself.
public struct InjectedFile: Codable, Hashable, Sendable {
    /// Where it belongs in the guest.
    public let path: String
    /// What is in it.
    public let contents: [UInt8]

    /// Makes one.
    public init(path: String, contents: [UInt8]) {
        self.path = path
        self.contents = contents
    }

    private enum CodingKeys: String, CodingKey { case path, contents }

    /// As it is kept: the content in base64.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        path = try container.decode(String.self, forKey: .path)
        contents = Array(try container.decode(Data.self, forKey: .contents))
    }

    /// As it is kept: the content in base64.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(path, forKey: .path)
        try container.encode(Data(contents), forKey: .contents)
    }

    /// What the file of a place in the list is called where guests read it, as nova calls it: 0000, 0001, …
    static func name(_ index: Int) -> String {
        let digits = String(index)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
