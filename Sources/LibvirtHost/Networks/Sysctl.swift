import ComputeHost
import Glibc

/// The kernel's settings below /proc/sys/net: those of the namespace that the calling thread is in.
enum Sysctl {
    /// Gives a setting its value, and says whether it had another. A kernel without it is left as it is.
    @discardableResult
    static func set(_ name: String, to value: Int) throws(HostError) -> Bool {
        let path = "/proc/sys/" + name
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return false }
            throw FileSystem.failure("open", path)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = max(0, read(descriptor, &bytes, bytes.count))
        let present = String(decoding: bytes.prefix(count), as: UTF8.self).filter { !$0.isWhitespace }
        if present == String(value) { return false }
        let text = Array(String(value).utf8)
        guard pwrite(descriptor, text, text.count, 0) == text.count else { throw FileSystem.failure("write", path) }
        return true
    }
}
