import Cryptography

/// Encrypts and signs what leaves the program: whoever reads memcached or a cookie learns nothing and changes nothing.
struct Seal: Sendable {
    private let fernet: Fernet

    /// - Parameter purpose: makes a key of its own, so that a value sealed for one thing opens nothing else.
    init(secretKey: [UInt8], purpose: String) {
        fernet = Fernet(key: Array(HMACSHA256.authenticate(Array(purpose.utf8), key: secretKey)))
    }

    func seal(_ plain: [UInt8]) -> String { fernet.seal(plain) }

    /// What was sealed, or nil when this is no value sealed under the same key and purpose.
    func open(_ sealed: String) -> [UInt8]? { try? fernet.open(sealed) }
}
