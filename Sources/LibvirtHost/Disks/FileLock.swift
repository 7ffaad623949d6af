import ComputeHost
import Glibc

/// A lock on a file: excludes other threads as well as other processes, and goes away with its holder.
enum FileLock {
    /// Runs `body` while no one else holds the lock on `path`, waiting for it.
    static func hold<T>(_ path: String, _ body: () throws(HostError) -> T) throws(HostError) -> T {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw FileSystem.failure("lock", path) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileSystem.failure("lock", path) }
        }
        return try body()
    }
}
