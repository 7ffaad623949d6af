/// A realm of projects and users; their names are unique within it.
public struct Domain: Hashable, Sendable, Identifiable {
    /// The domain every cloud has, as keystone's bootstrap makes it.
    public static let defaultID = "default"

    /// `default`, or 32 hexadecimal digits.
    public let id: String
    /// Unique, whatever its case.
    public let name: String
    /// What it is for.
    public let description: String
    /// Users of a disabled domain cannot log in.
    public let isEnabled: Bool
}
