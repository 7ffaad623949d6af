import Glibc

/// Reads the sizes out of an image's first bytes, without any program: for hosts that have no qemu-img.
///
/// It knows raw, ISO 9660 and qcow2; other formats are refused, because their sizes cannot be trusted unread.
public struct ImageHeaderInspector: ImageInspector {
    /// Needs nothing but the files it is given.
    public init() {}

    /// See `ImageInspector`.
    public func inspect(path: String, format: DiskFormat) throws(HostError) -> ImageInformation {
        let (header, actualSize) = try read(path)
        switch format {
        case .raw, .iso:
            return ImageInformation(format: format, virtualSize: actualSize, actualSize: actualSize)
        case .qcow2:
            let size = try QCOW2Header(header).virtualSize
            return ImageInformation(format: .qcow2, virtualSize: size, actualSize: actualSize)
        case .vmdk, .vdi, .vhd, .vhdx:
            throw .failed(
                "images of format \(format.rawValue) cannot be inspected here",
                remedy: "Install qemu-utils, or convert the image to qcow2.")
        }
    }

    private func read(_ path: String) throws(HostError) -> (header: [UInt8], size: Int64) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw .notFound("the image's file cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw .failed("the image is not a plain file", remedy: nil)
        }
        var header = [UInt8](repeating: 0, count: QCOW2Header.length)
        let count = pread(descriptor, &header, header.count, 0)
        return (Array(header.prefix(max(0, count))), Int64(facts.st_size))
    }
}

/// The fixed part of a qcow2 file's header (QEMU, docs/interop/qcow2.txt).
public struct QCOW2Header: Sendable, Hashable {
    /// The bytes that are looked at.
    public static let length = 104

    /// Bytes a guest would see.
    public let virtualSize: Int64

    /// Throws `.failed` when the bytes are not a qcow2 header, name a backing file or an external data file, or
    /// say that the content is encrypted.
    public init(_ bytes: [UInt8]) throws(HostError) {
        guard bytes.count >= 72, Array(bytes[0..<4]) == [0x51, 0x46, 0x49, 0xfb] else {
            throw .failed("the file is not a qcow2 image", remedy: "Choose the format that the file really has.")
        }
        let version = Self.number(bytes[4..<8])
        guard version == 2 || version == 3 else {
            throw .failed("qcow2 version \(version) is not known", remedy: "Convert the image with qemu-img.")
        }
        guard Self.number(bytes[8..<16]) == 0 else {
            throw .failed("the image refers to a backing file", remedy: "Flatten it: qemu-img convert -O qcow2 IN OUT.")
        }
        if version == 3, bytes.count >= 80, Self.number(bytes[72..<80]) & 0b100 != 0 {
            throw .failed(
                "the image keeps its data in another file", remedy: "Flatten it: qemu-img convert -O qcow2 IN OUT.")
        }
        guard Self.number(bytes[32..<36]) == 0 else {
            throw .failed("the image is encrypted", remedy: "Decrypt it: qemu-img convert -O qcow2 IN OUT.")
        }
        guard let size = Int64(exactly: Self.number(bytes[24..<32])), size > 0 else {
            throw .failed("the image's size is not usable", remedy: nil)
        }
        virtualSize = size
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
