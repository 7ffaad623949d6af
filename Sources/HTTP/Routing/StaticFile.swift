import CLinux
import Glibc

/// One file of ``StaticFiles``: what is known of it, and how it answers.
final class StaticFile: Sendable {
    /// The file as it was last read.
    struct Version: Sendable {
        /// 16 hexadecimal digits of FNV-1a over the content: names a version, proves nothing.
        let hash: String
        let size: Int64
        let modified: timespec
        let representation: Representation
    }

    /// Smaller files are kept in memory: answering costs no system call but the send.
    private static let memoryLimit: Int64 = 64 << 10

    private let path: String
    private let root: OpenFile
    private let version: Lock<(version: Version, checked: UInt64)>

    /// - Parameter path: below the root.
    init(path: String, root: OpenFile, file: OpenFile, status: stat) throws(SystemError) {
        self.path = path
        self.root = root
        version = Lock((try StaticFile.read(file, status, path, root), Clock.monotonic()))
    }

    /// What the file is now. Looks at the disk once a second at most.
    func current() throws(SystemError) -> Version {
        let now = Clock.monotonic()
        let (known, checked) = version.withLock { $0 }
        guard now > checked + 1_000_000 else { return known }
        var status = stat()
        guard fstatat(root.descriptor, path, &status, 0) == 0 else { throw SystemError.last("stat") }
        let isSame =
            Int64(status.st_size) == known.size && status.st_mtim.tv_sec == known.modified.tv_sec
            && status.st_mtim.tv_nsec == known.modified.tv_nsec
        let fresh = isSame ? known : try StaticFile.read(try StaticFile.open(path, root), status, path, root)
        version.withLock { $0 = (fresh, now) }
        return fresh
    }

    /// Answers GET and HEAD.
    func response(to request: Request) throws -> Response {
        let version = try current()
        let isVersioned = request.query["v"] == version.hash
        var fields = Fields()
        fields.add("Cache-Control", isVersioned ? "public, max-age=31536000, immutable" : "no-cache")
        return try version.representation.response(to: request, fields: fields)
    }

    private static func open(_ path: String, _ root: OpenFile) throws(SystemError) -> OpenFile {
        let descriptor = cl_open_beneath(root.descriptor, path)
        guard descriptor >= 0 else { throw SystemError.last("open") }
        return OpenFile(descriptor)
    }

    private static func read(
        _ file: OpenFile, _ status: stat, _ path: String, _ root: OpenFile
    ) throws(SystemError) -> Version {
        let size = Int64(status.st_size)
        let isKept = size <= memoryLimit
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var content: [UInt8] = []
        var offset: Int64 = 0
        while offset < size {
            let piece = try FileRegion(file: file, offset: offset, length: min(1 << 20, size - offset)).read()
            for byte in piece { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            if isKept { content += piece }
            offset += Int64(piece.count)
        }
        let digits = String(hash, radix: 16)
        let name = String(repeating: "0", count: 16 - digits.count) + digits
        let representation = Representation(
            size: size, contentType: ContentTypes.type(of: path), etag: EntityTag(name),
            lastModified: status.st_mtim.tv_sec
        ) { [content] in
            if isKept { return .bytes(content) }
            return .file(FileRegion(file: try open(path, root), offset: 0, length: size))
        }
        return Version(hash: name, size: size, modified: status.st_mtim, representation: representation)
    }
}
