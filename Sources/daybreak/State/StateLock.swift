import Glibc

/// The claim on a state directory: two programs on one database and one set of guests would undo each other's work.
/// The kernel gives it up when the process ends, however it ends.
struct StateLock: ~Copyable {
    private let file: Int32

    /// - Throws: `StateFault` naming the process that holds the claim.
    init(_ directory: StateDirectory) throws {
        let path = directory.path + "/lock"
        // Not handed on to children: a memcached that outlives us must not go on holding the claim.
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StateFault(path: path, errno: errno) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(file)
            close(file)
            throw StateFault(
                path: directory.path,
                reason: "another daybreak\(holder) is at work here. Stop it, or give this one a STATE_PATH of its own.")
        }
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(file, 0)
        _ = pwrite(file, text, text.count, 0)
        self.file = file
    }

    private static func holder(_ file: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &buffer, buffer.count, 0)
        let digits = String(decoding: buffer.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self)
        return digits.isEmpty ? "" : " (process \(digits))"
    }

    deinit { close(file) }
}
