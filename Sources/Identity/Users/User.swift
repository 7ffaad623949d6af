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
    /// keystone's user options (``UserOption``), the JSON text of each by its name.
    public let options: ExtraAttributes
    /// What clients keep with it.
    public let extra: ExtraAttributes

    init(
        id: String, domainID: String, name: String, email: String, description: String, isEnabled: Bool,
        defaultProjectID: String?, options: ExtraAttributes = .none, extra: ExtraAttributes = .none
    ) {
        self.id = id
        self.domainID = domainID
        self.name = name
        self.email = email
        self.description = description
        self.isEnabled = isEnabled
        self.defaultProjectID = defaultProjectID
        self.options = options
        self.extra = extra
    }
}

/// The options a user can have (Identity API v3, "User options").
public enum UserOption: String, CaseIterable, Sendable {
    /// The user may keep the password that an administrator has set.
    case ignoreChangePasswordUponFirstUse = "ignore_change_password_upon_first_use"
    /// The password does not expire.
    case ignorePasswordExpiry = "ignore_password_expiry"
    /// Wrong passwords do not slow the account down.
    case ignoreLockoutFailureAttempts = "ignore_lockout_failure_attempts"
    /// Only an administrator may change the password.
    case lockPassword = "lock_password"
    /// The account is not disabled for being idle.
    case ignoreUserInactivity = "ignore_user_inactivity"
    /// One of the rules has to be met at login.
    case multiFactorAuthEnabled = "multi_factor_auth_enabled"
    /// Lists of methods; a login has to use all of one list.
    case multiFactorAuthRules = "multi_factor_auth_rules"
}

/// A user to be made.
public struct NewUser: Sendable {
    /// The domain it will be in; nil for that of who makes it.
    public var domainID: String?
    /// 1 to 255 characters.
    public var name: String
    /// 1 to 4096 bytes; nil for a user that cannot log in with a password.
    public var password: String?
    /// May be empty.
    public var email: String
    /// May be empty.
    public var description: String
    /// Whether it can log in.
    public var isEnabled: Bool
    /// The project chosen at login when nothing else is asked for.
    public var defaultProjectID: String?
    /// keystone's user options.
    public var options = ExtraAttributes.none
    /// What clients keep with it.
    public var extra = ExtraAttributes.none

    /// Describes a user.
    public init(
        domainID: String? = Domain.defaultID, name: String, password: String?, email: String = "",
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

/// Which users are wanted; nil is any.
public struct UserFilter: Sendable {
    /// In this domain.
    public var domainID: String?
    /// Of this name, whatever its case.
    public var name: String?
    /// Enabled or disabled.
    public var isEnabled: Bool?

    /// Describes a choice.
    public init(domainID: String? = nil, name: String? = nil, isEnabled: Bool? = nil) {
        self.domainID = domainID
        self.name = name
        self.isEnabled = isEnabled
    }
}
