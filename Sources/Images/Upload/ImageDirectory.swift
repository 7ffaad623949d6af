import Foundation
import ServiceCore

/// The files of the images: `<directory>/<image id>`, complete or not there at all. What is being written is named
/// `<image id>.part`, what has come whole and waits for its import `<image id>.staged`.
struct ImageDirectory: Sendable {
    let path: String
    private static let partial = ".part"
    private static let staged = ".staged"

    func create() throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    func path(of id: ID<Image>) -> String { path + "/" + id.text }
    func partialPath(of id: ID<Image>) -> String { path(of: id) + Self.partial }

    func stagedPath(of id: ID<Image>) -> String { path(of: id) + Self.staged }

    /// Gives a complete partial file its final name; both file and name are on disk when this returns.
    func publish(_ id: ID<Image>) throws { try move(partialPath(of: id), to: path(of: id)) }

    /// The same for one that is still to be imported.
    func stage(_ id: ID<Image>) throws { try move(partialPath(of: id), to: stagedPath(of: id)) }

    /// Gives a file, which never changes, a second name under which it waits to be imported by another image.
    func share(_ source: ID<Image>, with id: ID<Image>) throws {
        guard link(path(of: source), stagedPath(of: id)) != 0, errno != EEXIST else { return }
        try posix(-1, "link", path(of: source))
    }

    /// Where the bytes of an import are: under the image's name already when the import was interrupted late.
    func importedPath(of id: ID<Image>) -> String { isStaged(id) ? stagedPath(of: id) : path(of: id) }

    /// Gives a file that was kept for its import the image's name. Absent is a success: it has it already.
    func publishImported(_ id: ID<Image>) throws {
        guard isStaged(id) else { return }
        try move(stagedPath(of: id), to: path(of: id))
    }

    private func isStaged(_ id: ID<Image>) -> Bool { access(stagedPath(of: id), F_OK) == 0 }

    private func move(_ source: String, to destination: String) throws {
        try posix(rename(source, destination), "rename", destination)
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try posix(directory, "open", path)
        defer { close(directory) }
        try posix(fsync(directory), "fsync", path)
    }

    /// Absent is a success.
    func remove(_ id: ID<Image>) throws {
        for path in [path(of: id), partialPath(of: id), stagedPath(of: id)] where unlink(path) != 0 && errno != ENOENT {
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
