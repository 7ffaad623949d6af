/// A secret that keystone keeps for somebody and gives back: an EC2 key, the seed of one-time passwords, a certificate.
public struct Credential: Hashable, Sendable, Identifiable {
    /// 64 hexadecimal digits made of the access key for an EC2 key (keystone finds it so), 32 for others.
    public let id: String
    /// Whose it is.
    public let userID: String
    /// The project it is for; an EC2 key has one.
    public let projectID: String?
    /// What it is: `ec2`, `totp`, `cert` or anything else.
    public let type: String
    /// The secret itself, for an EC2 key a JSON object of `access` and `secret`.
    public let blob: String
}

/// A credential to be kept.
public struct NewCredential: Sendable {
    /// Whose it will be; nil for that of who makes it.
    public var userID: String?
    /// The project it is for.
    public var projectID: String?
    /// 1 to 255 characters.
    public var type: String
    /// The secret itself.
    public var blob: String

    /// Describes a credential.
    public init(userID: String? = nil, projectID: String? = nil, type: String, blob: String) {
        self.userID = userID
        self.projectID = projectID
        self.type = type
        self.blob = blob
    }
}

/// An EC2 key pair: what stands in the blob of a credential of type `ec2`.
public struct EC2Key: Hashable, Sendable {
    /// The public half, 32 hexadecimal digits.
    public let access: String
    /// The secret half.
    public let secret: String
    /// Whose it is.
    public let userID: String
    /// The project it is for.
    public let projectID: String
}
