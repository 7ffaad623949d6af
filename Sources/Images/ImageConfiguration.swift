/// What an operator may decide about images.
public struct ImageConfiguration: Sendable {
    /// The largest image in bytes; Glance's `image_size_cap`, a tebibyte.
    public var sizeLimit: Int64 = 1 << 40
    /// What a project's images may hold in bytes, all together; Glance's `user_storage_quota`. Nil: no limit.
    public var projectQuota: Int64?
    /// Names and addresses that an image may be fetched from although they are this machine's or a private network's.
    public var trustedSources: Set<String> = []
    /// Whether this cloud's catalogue has this image service in a region; images of another region cannot be fetched.
    public var isServed: @Sendable (_ region: String) throws -> Bool = { $0 == "RegionOne" }
    /// The longest a download may take, in seconds.
    public var downloadTimeout: Int64 = 3600

    /// The defaults.
    public init() {}
}
