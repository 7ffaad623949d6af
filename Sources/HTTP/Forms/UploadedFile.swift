import CLinux
import Glibc

/// A file that came with a form. It lies in a temporary file which is removed when the last value that knows it goes,
/// that is, when the request ends, unless it was moved away.
public struct UploadedFile: Sendable {
    /// The form field it came with.
    public let fieldName: String
    /// The name it had on the client: a label to show, never a path to use.
    public let fileName: String
    /// The media type the client claims.
    public let contentType: String
    /// Bytes.
    public let size: Int64
    let file: TemporaryFile

    /// Where it lies now.
    public var path: String { file.path }

    /// Moves it to its final place, which must be on the same file system for this to be one atomic step.
    /// - Throws: ``SystemError`` with errno, for example EXDEV.
    public func move(to destination: String) throws {
        guard rename(path, destination) == 0 else { throw SystemError.last("rename") }
    }
}

/// A file with a name nobody can guess, removed when this object goes.
final class TemporaryFile: Sendable {
    let path: String
    let descriptor: Int32

    /// Creates it, mode 0600, in `directory`.
    init(in directory: String) throws(SystemError) {
        var template = Array("\(directory)/daybreak-upload-XXXXXX".utf8CString)
        descriptor = cl_temporary_file(&template)
        guard descriptor >= 0 else { throw SystemError.last("mkostemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether a file of `size` bytes could be written in `directory` and leave `reserve` bytes free; also true when
    /// nobody knows. It asks the kernel, not the disk, and so may run on the event loop.
    static func hasRoom(for size: Int64, in directory: String, reserve: Int64) -> Bool {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { return true }
        let (free, overflows) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflows || free >= UInt64(max(0, size)) + UInt64(max(0, reserve))
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// Appends bytes.
    func write(_ bytes: borrowing Span<UInt8>) throws(SystemError) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { all in
                let rest = UnsafeRawBufferPointer(rebasing: all[offset...])
                return Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw SystemError.last("write") }
            offset += written
        }
    }
}
