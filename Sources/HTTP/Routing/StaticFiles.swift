import CLinux
import Glibc

/// Serves the files below one directory.
///
/// The directory is read once, at start. A request names a key in that list and nothing else: no text of a client's
/// ever reaches the file system, so there is nothing to walk out of. Symbolic links that lead outside are left out
/// when the list is made. Every file is known by a hash of its content, which is its ETag and, in the query, lets
/// browsers keep it for good. A file that changes on disk is noticed at its next request.
public struct StaticFiles: Sendable {
    private let prefix: String
    private let root: OpenFile
    private let files: [String: StaticFile]

    /// Reads the directory and hashes every file.
    /// - Parameters:
    ///   - directory: files whose names begin with a dot are left out.
    ///   - prefix: where it lives on the site; begins and ends with a slash: "/static/".
    /// - Throws: ``SystemError`` when the directory or a file cannot be read.
    public init(directory: String, prefix: String) throws {
        precondition(prefix.hasPrefix("/") && prefix.hasSuffix("/"), "static prefix \(prefix) must be /…/")
        self.prefix = prefix
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError.last("open \(directory)") }
        root = OpenFile(descriptor)
        var files: [String: StaticFile] = [:]
        try StaticFiles.collect(directory, "", root, depth: 0, into: &files)
        self.files = files
    }

    /// The address of a file with its content hash: "css/base.css" → "/static/css/base.css?v=3f2a…". A file that is
    /// not there gets its plain address, which answers 404.
    public func url(for path: String) -> String {
        let plain = prefix + path.split(separator: "/").map { PercentCoding.encode($0) }.joined(separator: "/")
        guard let version = try? files[path]?.current() else { return plain }
        return "\(plain)?v=\(version.hash)"
    }

    /// Adds the route that serves the files.
    public func register(on router: inout Router) {
        let notFound = Response.text("Not found\n", status: .notFound)
        router.on(
            .get, prefix + "{path...}", .none,
            .loop { request in
                guard let file = files[request.parameters["path"]] else { return notFound }
                do {
                    return try file.response(to: request)
                } catch let error as SystemError {
                    // Removed since the start.
                    guard error.code == ENOENT else { throw error }
                    return notFound
                }
            })
    }

    private static func collect(
        _ directory: String, _ prefix: String, _ root: OpenFile, depth: Int, into files: inout [String: StaticFile]
    ) throws {
        // A loop of links inside the root would go on for ever.
        guard depth < 16 else { throw SystemError(call: "open \(directory)", code: ELOOP) }
        guard let stream = opendir(directory) else { throw SystemError.last("opendir \(directory)") }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            let path = prefix + name
            let descriptor = cl_open_beneath(root.descriptor, path)
            // EXDEV is the kernel's word for a way out of the root; ENOENT a link to nothing.
            guard descriptor >= 0 else { continue }
            let file = OpenFile(descriptor)
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw SystemError.last("fstat \(path)") }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try collect("\(directory)/\(name)", path + "/", root, depth: depth + 1, into: &files)
            case S_IFREG: files[path] = try StaticFile(path: path, root: root, file: file, status: status)
            default: continue
            }
        }
    }
}
