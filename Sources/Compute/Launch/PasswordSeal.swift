import Cryptography

/// Keeps the password for a guest's first user on its way from the request to the config drive.
///
/// It waits in `instance_extra` and not in the job's payload: a finished job stays for a week to be looked at, and what a
/// killed program began may be ended by a later job. It is sealed, because SQLite leaves what was overwritten in its file
/// for a while, and it is forgotten in the transaction that ends the work.
struct PasswordSeal: Sendable {
    private let fernet: Fernet

    init(secretKey: [UInt8]) { fernet = Fernet(secret: secretKey, purpose: "compute passwords") }

    func seal(_ password: String) -> String { fernet.seal(Array(password.utf8)) }

    /// Nil for what another program's secret has sealed: the guest then gets no password.
    func open(_ sealed: String?) -> String? {
        guard let sealed, let bytes = try? fernet.open(sealed) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
