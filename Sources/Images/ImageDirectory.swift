import Foundation
import ServiceCore

/// The files of the images: `<directory>/<image id>`, complete or not there at all. What is being written is named
/// `<image id>.part`.
struct ImageDirectory: Sendable {
    let path: String
    private static let partial = ".part"

    func create() throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    func path(of id: ID<Image>) -> String { path + "/" + id.text }
    func partialPath(of id: ID<Image>) -> String { path(of: id) + Self.partial }

    /// Gives a complete partial file its final name; both file and name are on disk when this returns.
    func publish(_ id: ID<Image>) throws {
        try posix(rename(partialPath(of: id), path(of: id)), "rename", path(of: id))
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try posix(directory, "open", path)
        defer { close(directory) }
        try posix(fsync(directory), "fsync", path)
    }

    /// Absent is a success.
    func remove(_ id: ID<Image>) throws {
        for path in [path(of: id), partialPath(of: id)] where unlink(path) != 0 && errno != ENOENT {
            try posix(-1, "remove", path)
        }
    }

    func removePartials() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(Self.partial) {
            unlink(path + "/" + name)
        }
    }

    /// Turns the -1 of a C function into an error that names call and path.
    @discardableResult
    func posix(_ result: Int32, _ call: String, _ path: String) throws -> Int32 {
        guard result < 0 else { return result }
        throw ImageFileError(call: call, path: path, code: errno)
    }
}

/// The file system refused.
struct ImageFileError: Error, CustomStringConvertible {
    let call: String
    let path: String
    let code: Int32

    /// No room, or a quota on the disk.
    var isFull: Bool { code == ENOSPC || code == EDQUOT }
    var description: String { "cannot \(call) \(path): \(String(cString: strerror(code)))" }
}
