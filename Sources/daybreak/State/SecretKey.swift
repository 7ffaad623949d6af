import Cryptography
import Foundation

/// The key that signs and seals tokens and sessions.
enum SecretKey {
    /// The key from the settings, or the one generated into `STATE_PATH/secret_key` on the first start.
    ///
    /// - Throws: `StateFault` when the file cannot be used, or when others may read it.
    static func load(_ configured: String?, in directory: StateDirectory) throws -> [UInt8] {
        if let configured { return Array(configured.utf8) }
        let path = directory.path + "/secret_key"
        let new = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if new >= 0 {
            defer { close(new) }
            let text = Array((Random.token(bytes: 48) + "\n").utf8)
            guard write(new, text, text.count) == text.count, fsync(new) == 0 else {
                let fault = StateFault(path: path, errno: errno)
                unlink(path)
                throw fault
            }
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw StateFault(path: path, errno: errno) }
        guard status.st_mode & 0o077 == 0 else {
            throw StateFault(path: path, reason: "others may read this key; chmod 600 it, or remove it for a new one")
        }
        let text = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.utf8.count >= 32 else {
            throw StateFault(path: path, reason: "shorter than 32 characters; remove it for a new one")
        }
        return Array(text.utf8)
    }
}
