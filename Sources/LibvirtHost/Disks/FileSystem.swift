import ComputeHost
import Foundation

/// The few things done with files, each either done whole or not at all.
enum FileSystem {
    static func createDirectory(_ path: String, mode: mode_t = 0o755) throws(HostError) {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw failure("make the directory", path)
        }
        try createDirectory(String(path[..<slash]))
        if mkdir(path, mode) != 0, errno != EEXIST { throw failure("make the directory", path) }
    }

    /// Writes a file under another name and moves it into place, so that a reader sees the old or the new one.
    ///
    /// - Parameter isLasting: false for what is not needed after a power cut: the disk is not waited for.
    static func write(
        _ bytes: [UInt8], to path: String, mode: mode_t = 0o644, isLasting: Bool = true
    ) throws(HostError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw failure("write", path) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                close(descriptor)
                throw failure("write", path)
            }
            written += count
        }
        if isLasting { fsync(descriptor) }
        close(descriptor)
        try move(temporary, to: path)
    }

    static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(HostError) {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    /// Makes a file that takes no room where it holds nothing but zeros.
    static func writeSparsely(_ bytes: [UInt8], to path: String) throws(HostError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw failure("write", path) }
        defer { close(descriptor) }
        let page = 4_096
        for start in stride(from: 0, to: bytes.count, by: page) {
            let part = bytes[start..<min(start + page, bytes.count)]
            guard part.contains(where: { $0 != 0 }) else { continue }
            let count = part.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(start)) }
            guard count == part.count else { throw failure("write", path) }
        }
        guard ftruncate(descriptor, off_t(bytes.count)) == 0, fsync(descriptor) == 0 else {
            throw failure("write", path)
        }
    }

    static func move(_ path: String, to target: String) throws(HostError) {
        guard rename(path, target) == 0 else { throw failure("move into place", target) }
    }

    /// At most the last `limit` bytes of a file; nil when there is none.
    static func readEnd(of path: String, limit: Int) throws(HostError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read", path)
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw failure("read", path) }
        var bytes = [UInt8](repeating: 0, count: min(limit, Int(facts.st_size)))
        let count = pread(descriptor, &bytes, bytes.count, off_t(max(0, Int(facts.st_size) - limit)))
        return Array(bytes.prefix(max(0, count)))
    }

    /// At most `limit` bytes of a file from `offset` on; nil when there is none.
    static func readStart(of path: String, offset: Int = 0, limit: Int) throws(HostError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read", path)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = pread(descriptor, &bytes, bytes.count, off_t(offset))
        guard count >= 0 else { throw failure("read", path) }
        return Array(bytes.prefix(count))
    }

    /// Has a file's content on the disk when it returns.
    static func synchronize(_ path: String) throws(HostError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure("write", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("write", path) }
    }

    /// Says that a file was needed now.
    static func touch(_ path: String) { utimensat(AT_FDCWD, path, nil, 0) }

    /// How long ago a file was written or touched; nil when there is none.
    static func age(of path: String) -> Duration? {
        var facts = stat()
        var now = timespec()
        guard stat(path, &facts) == 0, clock_gettime(CLOCK_REALTIME, &now) == 0 else { return nil }
        return .seconds(now.tv_sec - facts.st_mtim.tv_sec)
    }

    static func readText(_ path: String) -> String? {
        guard let bytes = try? readEnd(of: path, limit: 1 << 20) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Bytes a file holds; nil when there is none.
    static func size(of path: String) -> Int64? {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int64(facts.st_size) : nil
    }

    /// Bytes a file takes on the disk; nil when there is none.
    static func allocatedSize(of path: String) -> Int64? {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int64(facts.st_blocks) * 512 : nil
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Removes a file or a whole directory. Absent is a success.
    static func remove(_ path: String) throws(HostError) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw .failed("\(path) cannot be removed: \(error.localizedDescription)", remedy: nil)
        }
    }

    static func names(in directory: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory))?.sorted() ?? []
    }

    static func failure(_ doing: String, _ path: String) -> HostError {
        let code = errno
        let remedy = code == ENOSPC ? "Free space on the disk that holds \(path)." : nil
        return .failed("cannot \(doing) \(path): \(String(cString: strerror(code)))", remedy: remedy)
    }
}
