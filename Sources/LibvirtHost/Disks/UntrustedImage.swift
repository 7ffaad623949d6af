import ComputeHost

/// Looks at the structures of an untrusted image before any program does.
///
/// A disk image can say that its content is in another file; qemu-img would open that file even to describe the image.
/// Whoever uploaded it could so read, through a guest, whatever the host may read (CVE-2024-32498).
enum UntrustedImage {
    /// - Throws: `.failed` when the file leads to another one, or is evidently not of that format.
    static func check(_ path: String, _ format: DiskFormat) throws(HostError) {
        let header = try FileHeader.read(path)
        switch format {
        case .raw, .iso:
            let fixed = try fixedDiskFormat(path)
            if let found = header.recognizedFormat ?? fixed {
                throw .failed(
                    "the file is a \(found) image, not \(format.rawValue)", remedy: "Choose \(found) as the format.")
            }
        case .qcow2: _ = try QCOW2Header(header.bytes)
        case .vmdk: try VMDKFile(path, header).check()
        case .vhd: try checkVirtualPC(path, header)
        case .vdi, .vhdx: break  // QEMU knows no images of these formats that need others, and refuses them.
        }
    }

    static func needsAnotherFile(_ what: String) -> HostError {
        .failed("the image \(what)", remedy: "Flatten it: qemu-img convert -O qcow2 IN OUT.")
    }

    /// A VHD ends with its header (Virtual Hard Disk Image Format Specification, "Hard Disk Footer Format"), and one of
    /// fixed size has it only there.
    private static func footer(_ path: String) throws(HostError) -> [UInt8] {
        guard let size = FileSystem.size(of: path), size >= 512 else { return [] }
        return try FileSystem.readStart(of: path, offset: Int(size) - 512, limit: 512) ?? []
    }

    private static func fixedDiskFormat(_ path: String) throws(HostError) -> String? {
        try footer(path).starts(with: Array("conectix".utf8)) ? "vhd" : nil
    }

    private static func checkVirtualPC(_ path: String, _ header: FileHeader) throws(HostError) {
        for bytes in [header.bytes, try footer(path)] where bytes.starts(with: Array("conectix".utf8)) {
            // Type 4 is a differencing disk.
            guard bytes.count >= 64, bytes[60..<64] != [0, 0, 0, 4] else {
                throw needsAnotherFile("refers to a backing file")
            }
        }
    }
}

/// A VMDK file (VMware Virtual Disk Format 1.1). Only the two kinds that are one file are accepted, as in nova
/// (`vmdk_allowed_types`): `monolithicSparse` and `streamOptimized`.
struct VMDKFile {
    private let path: String
    private let header: [UInt8]
    private static let allowedTypes = ["monolithicsparse", "streamoptimized"]
    /// QEMU looks for the parent's name in these bytes, wherever the header says that the descriptor is.
    private static let fixedPlace = (offset: 512, length: 20 * 512)
    private static let longestDescriptor = 1 << 20

    init(_ path: String, _ header: FileHeader) {
        self.path = path
        self.header = header.bytes
    }

    func check() throws(HostError) {
        guard header.count >= 512, header.starts(with: Array("KDMV".utf8)) else {
            let isDescriptor = String(decoding: header, as: UTF8.self).hasPrefix("# Disk DescriptorFile")
            if isDescriptor { throw UntrustedImage.needsAnotherFile("keeps its data in another file") }
            throw .failed("the file is not a vmdk image", remedy: "Choose the format that the file really has.")
        }
        // Without a capacity QEMU takes the descriptor for the image and opens the files it names.
        guard number(at: 12, length: 8) > 0 else {
            throw UntrustedImage.needsAnotherFile("keeps its data in another file")
        }
        guard number(at: 28, length: 8) <= 1 << 22, number(at: 36, length: 8) <= UInt64(Self.longestDescriptor / 512)
        else {
            throw .failed("the image's descriptor is not where one can be", remedy: nil)
        }
        let offset = Int(number(at: 28, length: 8)) * 512
        let length = Int(number(at: 36, length: 8)) * 512
        guard offset > 0, length > 0 else { throw .failed("the image has no descriptor", remedy: nil) }
        try checkDescriptor(try read(offset, length))
        try checkParent(try read(Self.fixedPlace.offset, Self.fixedPlace.length))
    }

    private func checkDescriptor(_ text: String) throws(HostError) {
        try checkParent(text)
        let type = Self.value(of: "createtype", in: text)
        guard let type, Self.allowedTypes.contains(type) else {
            throw .failed(
                "vmdk images of the type \(type ?? "unknown") are not accepted",
                remedy: "Convert the image: qemu-img convert -O vmdk -o subformat=streamOptimized IN OUT.")
        }
        let extents = Self.lines(of: text).filter { line in
            ["rw ", "rdonly ", "noaccess "].contains { line.hasPrefix($0) }
        }
        for extent in extents where extent.split(separator: " ").dropFirst(2).first != "sparse" {
            throw UntrustedImage.needsAnotherFile("keeps its data in another file")
        }
        guard extents.count == 1 else { throw UntrustedImage.needsAnotherFile("keeps its data in several files") }
    }

    private func checkParent(_ text: String) throws(HostError) {
        let parent = Self.value(of: "parentcid", in: text) ?? "ffffffff"
        guard parent == "ffffffff", !text.lowercased().contains("parentfilenamehint") else {
            throw UntrustedImage.needsAnotherFile("refers to a backing file")
        }
    }

    private static func lines(of text: String) -> [String] {
        text.lowercased().split(whereSeparator: \.isNewline).map { String($0.drop { $0 == " " || $0 == "\t" }) }
    }

    /// The value of a line such as `createType="monolithicSparse"`, in lower case.
    private static func value(of name: String, in text: String) -> String? {
        for line in lines(of: text) {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].filter({ $0 != " " && $0 != "\t" }) == name else { continue }
            return parts[1].filter { $0 != "\"" && !$0.isWhitespace }
        }
        return nil
    }

    private func read(_ offset: Int, _ length: Int) throws(HostError) -> String {
        let bytes = try FileSystem.readStart(of: path, offset: offset, limit: length) ?? []
        // Latin-1: no byte is lost, so that nothing hides behind a broken character.
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private func number(at offset: Int, length: Int) -> UInt64 {
        header[offset..<offset + length].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
