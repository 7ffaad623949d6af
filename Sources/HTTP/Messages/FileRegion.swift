import CLinux
import Glibc

/// A range of an open file. The descriptor is closed when the last region of it goes.
public struct FileRegion: Sendable {
    let file: OpenFile
    /// First byte.
    public let offset: Int64
    /// How many bytes.
    public let length: Int64

    /// The whole file at `path`.
    /// - Throws: ``SystemError`` with errno, for example ENOENT; EISDIR when it is no regular file.
    public init(path: String) throws(SystemError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw SystemError.last("open") }
        let file = OpenFile(descriptor)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError.last("fstat") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(call: "open", code: EISDIR) }
        self.init(file: file, offset: 0, length: Int64(status.st_size))
    }

    init(file: OpenFile, offset: Int64, length: Int64) {
        self.file = file
        self.offset = offset
        self.length = length
    }

    /// Reads it all: for tests and small files.
    func read() throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(length))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                let rest = UnsafeMutableRawBufferPointer(rebasing: $0[done...])
                return pread(file.descriptor, rest.baseAddress, rest.count, off_t(offset) + done)
            }
            guard count > 0 else { throw SystemError.last("pread") }
            done += count
        }
        return bytes
    }
}

/// Owns a file descriptor.
final class OpenFile: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }
}
