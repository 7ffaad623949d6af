/// What is to change of a user; nil leaves as it is.
public struct UserUpdate: Sendable {
    /// 1 to 255 characters.
    public var name: String?
    /// May be empty.
    public var email: String?
    /// May be empty.
    public var description: String?
    /// Whether it can log in.
    public var isEnabled: Bool?
    /// `.some(nil)` leaves the user without a default project.
    public var defaultProjectID: String??
    /// The new password, set by an administrator; all tokens end.
    public var password: String?
    /// Added to keystone's user options; `null` takes one away.
    public var options = ExtraAttributes.none
    /// Added to what clients keep with it.
    public var extra = ExtraAttributes.none

    /// Describes a change.
    public init(
        name: String? = nil, email: String? = nil, description: String? = nil, isEnabled: Bool? = nil,
        defaultProjectID: String?? = nil
    ) {
        self.name = name
        self.email = email
        self.description = description
        self.isEnabled = isEnabled
        self.defaultProjectID = defaultProjectID
    }

    func applied(to user: User) -> User {
        User(
            id: user.id, domainID: user.domainID, name: name ?? user.name, email: email ?? user.email,
            description: description ?? user.description, isEnabled: isEnabled ?? user.isEnabled,
            defaultProjectID: defaultProjectID ?? user.defaultProjectID, options: user.options.merging(options),
            extra: user.extra.merging(extra))
    }
}
