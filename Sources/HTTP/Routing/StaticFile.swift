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
        let plain: Form
        /// The same, compressed, once it is.
        var gzip: Form?
    }

    /// One form of a version, for each of the two ways it is asked for: by an address that names the version, so that it
    /// may be kept for good, and by one that does not. Made once, so that a request only has to take it.
    struct Form: Sendable {
        let named: Representation
        let unnamed: Representation

        /// - Parameter make: makes a representation with these fields.
        init(varies: Bool, _ make: (Fields) -> Representation) {
            func fields(_ cacheControl: String) -> Fields {
                var fields = Fields()
                fields.add("Cache-Control", cacheControl)
                if varies { fields.add("Vary", "Accept-Encoding") }
                return fields
            }
            named = make(fields("public, max-age=31536000, immutable"))
            unnamed = make(fields("no-cache"))
        }
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
        var (first, text) = try StaticFile.read(file, status, path, root)
        first.gzip = text.flatMap { StaticFile.compressed($0, of: first, path) }
        version = Lock((first, Clock.monotonic()))
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
        guard !isSame else {
            version.withLock { $0.checked = now }
            return known
        }
        let (fresh, text) = try StaticFile.read(try StaticFile.open(path, root), status, path, root)
        version.withLock { $0 = (fresh, now) }
        if let text { compress(text, of: fresh) }
        return fresh
    }

    /// Compresses a file that has changed. Until that is done the file is sent as it is: whoever asks is on a loop,
    /// which has no time to compress. A file changes when somebody works on it, so a thread for each time is no waste.
    private func compress(_ text: [UInt8], of fresh: Version) {
        let thread = Thread.start(named: "gzip") { [self] in
            guard let gzip = StaticFile.compressed(text, of: fresh, path) else { return }
            version.withLock { if $0.version.hash == fresh.hash { $0.version.gzip = gzip } }
        }
        if let thread { pthread_detach(thread) }
    }

    /// Answers GET and HEAD.
    func response(to request: Request) throws -> Response {
        let version = try current()
        let form = version.form(for: request)
        return try (request.query["v"] == version.hash ? form.named : form.unnamed).response(to: request)
    }

    private static func open(_ path: String, _ root: OpenFile) throws(SystemError) -> OpenFile {
        let descriptor = cl_open_beneath(root.descriptor, path)
        guard descriptor >= 0 else { throw SystemError.last("open") }
        return OpenFile(descriptor)
    }

    /// The file as it is now and, where a compressed form is worth having, its text.
    private static func read(
        _ file: OpenFile, _ status: stat, _ path: String, _ root: OpenFile
    ) throws(SystemError) -> (Version, text: [UInt8]?) {
        let size = Int64(status.st_size)
        let contentType = ContentTypes.type(of: path)
        let isKept = size <= memoryLimit
        let isCoded = codedSizes.contains(size) && ContentTypes.isText(contentType)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var content: [UInt8] = []
        var offset: Int64 = 0
        while offset < size {
            let piece = try FileRegion(file: file, offset: offset, length: min(1 << 20, size - offset)).read()
            for byte in piece { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            if isKept || isCoded { content += piece }
            offset += Int64(piece.count)
        }
        let digits = String(hash, radix: 16)
        let name = String(repeating: "0", count: 16 - digits.count) + digits
        let plain = Form(varies: isCoded) { [kept = isKept ? content : nil] fields in
            Representation(
                size: size, contentType: contentType, etag: EntityTag(name), lastModified: status.st_mtim.tv_sec,
                fields: fields
            ) {
                if let kept { return .bytes(kept) }
                return .file(FileRegion(file: try open(path, root), offset: 0, length: size))
            }
        }
        let version = Version(hash: name, size: size, modified: status.st_mtim, plain: plain)
        return (version, isCoded ? content : nil)
    }
}
