/// Somebody, or some program, that can log in.
public struct User: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// The domain it is in.
    public let domainID: String
    /// Unique within the domain, whatever its case.
    public let name: String
    /// May be empty.
    public let email: String
    /// May be empty.
    public let description: String
    /// A disabled user cannot log in, and its tokens stop working.
    public let isEnabled: Bool
    /// The project chosen at login when nothing else is asked for.
    public let defaultProjectID: String?
}

/// A user to be made.
public struct NewUser: Sendable {
    /// The domain it will be in.
    public var domainID: String
    /// 1 to 255 characters.
    public var name: String
    /// 1 to 4096 bytes.
    public var password: String
    /// May be empty.
    public var email: String
    /// May be empty.
    public var description: String
    /// Whether it can log in.
    public var isEnabled: Bool
    /// The project chosen at login when nothing else is asked for.
    public var defaultProjectID: String?

    /// Describes a user.
    public init(
        domainID: String = Domain.defaultID, name: String, password: String, email: String = "",
        defaultProjectID: String? = nil
    ) {
        self.domainID = domainID
        self.name = name
        self.password = password
        self.email = email
        self.description = ""
        self.isEnabled = true
        self.defaultProjectID = defaultProjectID
    }
}
