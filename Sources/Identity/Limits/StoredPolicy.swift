/// A policy that a service keeps here for itself; keystone does not read it.
public struct StoredPolicy: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// What kind of text it is: a media type.
    public let type: String
    /// The policy itself.
    public let blob: String
}

/// Endpoints that have something in common, to be shown to some projects (OS-EP-FILTER).
public struct EndpointGroup: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// 1 to 255 characters.
    public let name: String
    /// What it is for.
    public let description: String?
    /// What they have in common: `service_id`, `region_id`, `interface`.
    public let filters: ExtraAttributes
}
