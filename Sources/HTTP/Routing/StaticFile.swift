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
        /// Small files are kept: answering costs no system call but the send.
        let content: [UInt8]?

        var etag: String { "\"\(hash)\"" }
    }

    private static let memoryLimit: Int64 = 64 << 10

    private let path: String
    private let contentType: String
    private let version: Lock<(version: Version, checked: UInt64)>

    init(path: String, file: OpenFile, status: stat) throws(SystemError) {
        self.path = path
        contentType = ContentTypes.type(of: path)
        version = Lock((try StaticFile.read(file, status), Clock.monotonic()))
    }

    /// What the file is now. Looks at the disk once a second at most.
    func current(_ root: OpenFile) throws(SystemError) -> Version {
        let now = Clock.monotonic()
        let (known, checked) = version.withLock { $0 }
        guard now > checked + 1_000_000 else { return known }
        var status = stat()
        guard fstatat(root.descriptor, path, &status, 0) == 0 else { throw SystemError.last("stat") }
        let isSame =
            Int64(status.st_size) == known.size && status.st_mtim.tv_sec == known.modified.tv_sec
            && status.st_mtim.tv_nsec == known.modified.tv_nsec
        let fresh = isSame ? known : try StaticFile.read(try open(root), status)
        version.withLock { $0 = (fresh, now) }
        return fresh
    }

    /// GET and HEAD with conditions and ranges (RFC 9110 sections 13 and 14).
    func response(to request: Request, _ root: OpenFile) throws -> Response {
        let version = try current(root)
        var response = Response()
        response.fields.add("ETag", version.etag)
        let isVersioned = request.query["v"] == version.hash
        response.fields.add("Cache-Control", isVersioned ? "public, max-age=31536000, immutable" : "no-cache")
        if let condition = request.fields["If-None-Match"], EntityTag.matches(condition, version.etag) {
            response.status = .notModified
            return response
        }
        response.fields.add("Content-Type", contentType)
        response.fields.add("Accept-Ranges", "bytes")
        switch range(request, version) {
        case .whole: response.body = try body(version, 0..<version.size, root)
        case .part(let range):
            response.status = .partialContent
            response.fields.add("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(version.size)")
            response.body = try body(version, range, root)
        case .unsatisfiable:
            response.status = .rangeNotSatisfiable
            response.fields.add("Content-Range", "bytes */\(version.size)")
        }
        return response
    }

    private func range(_ request: Request, _ version: Version) -> ByteRange {
        guard request.method == .get, let text = request.fields["Range"] else { return .whole }
        // If-Range with anything but the current strong tag asks for the whole (RFC 9110 section 13.1.5).
        if let condition = request.fields["If-Range"], condition != version.etag { return .whole }
        return ByteRange(text, size: version.size)
    }

    private func body(_ version: Version, _ range: Range<Int64>, _ root: OpenFile) throws -> Response.Body {
        if let content = version.content {
            return .bytes(
                range.count == content.count ? content : Array(content[Int(range.lowerBound)..<Int(range.upperBound)]))
        }
        return .file(FileRegion(file: try open(root), offset: range.lowerBound, length: Int64(range.count)))
    }

    private func open(_ root: OpenFile) throws(SystemError) -> OpenFile {
        let descriptor = cl_open_beneath(root.descriptor, path)
        guard descriptor >= 0 else { throw SystemError.last("open") }
        return OpenFile(descriptor)
    }

    private static func read(_ file: OpenFile, _ status: stat) throws(SystemError) -> Version {
        let size = Int64(status.st_size)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var content: [UInt8] = []
        var offset: Int64 = 0
        while offset < size {
            let piece = try FileRegion(file: file, offset: offset, length: min(1 << 20, size - offset)).read()
            for byte in piece { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            if size <= memoryLimit { content += piece }
            offset += Int64(piece.count)
        }
        let digits = String(hash, radix: 16)
        return Version(
            hash: String(repeating: "0", count: 16 - digits.count) + digits, size: size, modified: status.st_mtim,
            content: size <= memoryLimit ? content : nil)
    }
}
