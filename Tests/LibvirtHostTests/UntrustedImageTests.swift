import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

/// With files made to read others, or to be something else than they say.
@Suite(.enabled(if: CommandRunner.find("qemu-img") != nil, "needs qemu-img: apt-get install qemu-utils"))
struct UntrustedImageTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let inspector = QemuImg(runner: CommandRunner())

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/image"
        try FileSystem.write("root:secret", to: directory.path + "/secret")
    }

    private func create(_ arguments: String...) throws {
        try inspector.runner.succeed(Command("qemu-img", ["create", "-q"] + arguments))
    }

    private func expectRefusal(_ format: DiskFormat, _ why: String) {
        let error = #expect(throws: HostError.self) { try inspector.inspect(path: path, format: format) }
        #expect(error?.reason.contains(why) == true, "\(error?.reason ?? "accepted")")
        // Where images are kept is nobody's business who sends one.
        #expect(error?.reason.contains(directory.path) != true)
    }

    /// Changes bytes of the file.
    private func patch(at offset: Int, _ bytes: [UInt8]) throws {
        var content = try Data(contentsOf: URL(fileURLWithPath: path))
        content.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        try content.write(to: URL(fileURLWithPath: path))
    }

    @Test func `a qcow2 file over another is refused`() throws {
        try create("-f", "qcow2", "-b", directory.path + "/secret", "-F", "raw", path, "1M")
        expectRefusal(.qcow2, "refers to a backing file")
    }

    @Test func `a qcow2 file whose data is elsewhere is refused`() throws {
        try create("-f", "qcow2", "-o", "data_file=\(directory.path)/other,data_file_raw=on", path, "1M")
        expectRefusal(.qcow2, "keeps its data in another file")
    }

    @Test func `such files are refused before any program opens what they name`() throws {
        try create("-f", "qcow2", "-o", "data_file=\(directory.path)/other", path, "1M")
        // What is called here starts no program.
        #expect(throws: HostError.self) { try UntrustedImage.check(path, .qcow2) }
        try create("-f", "vmdk", "-o", "subformat=monolithicFlat", path, "1M")
        #expect(throws: HostError.self) { try UntrustedImage.check(path, .vmdk) }
    }

    @Test func `an encrypted qcow2 file is refused`() throws {
        try create("-f", "qcow2", path, "1M")
        try patch(at: 35, [1])
        expectRefusal(.qcow2, "encrypted")
    }

    @Test func `a qcow2 file with a feature nobody knows is refused`() throws {
        try create("-f", "qcow2", path, "1M")
        try patch(at: 72, [0x80])
        expectRefusal(.qcow2, "not a usable qcow2 image")
    }

    @Test func `a vmdk descriptor that names a file of the host is refused`() throws {
        let descriptor = """
            # Disk DescriptorFile
            version=1
            CID=12345678
            parentCID=ffffffff
            createType="monolithicFlat"
            RW 2048 FLAT "\(directory.path)/secret" 0

            """
        try FileSystem.write(descriptor, to: path)
        expectRefusal(.vmdk, "keeps its data in another file")
    }

    @Test(arguments: ["monolithicFlat", "twoGbMaxExtentSparse", "twoGbMaxExtentFlat"])
    func `the kinds of vmdk that are several files are refused`(_ kind: String) throws {
        try create("-f", "vmdk", "-o", "subformat=\(kind)", path, "1M")
        expectRefusal(.vmdk, "keeps its data in another file")
    }

    @Test(arguments: ["monolithicSparse", "streamOptimized"])
    func `the kinds of vmdk that are one file are accepted`(_ kind: String) throws {
        try create("-f", "vmdk", "-o", "subformat=\(kind)", path, "1M")
        #expect(try inspector.inspect(path: path, format: .vmdk).virtualSize == 1 << 20)
    }

    @Test func `a vmdk file over another is refused`() throws {
        try create("-f", "vmdk", directory.path + "/parent", "1M")
        try create("-f", "vmdk", "-b", directory.path + "/parent", "-F", "vmdk", path)
        expectRefusal(.vmdk, "refers to a backing file")
    }

    @Test func `a vmdk file whose descriptor was changed to another kind, or to another file, is refused`() throws {
        let changes = [
            ("createType=\"monolithicSparse\"", "createType=\"monolithicFlat\"  ", "type monolithicflat"),
            ("RW 2048 SPARSE", "RW 2048 FLAT  ", "keeps its data in another file"),
            ("parentCID=ffffffff", "parentCID=00000000", "refers to a backing file"),
        ]
        for (old, new, why) in changes {
            try create("-f", "vmdk", path, "1M")
            let content = try Data(contentsOf: URL(fileURLWithPath: path))
            let range = try #require(content.range(of: Data(old.utf8)))
            try patch(at: range.lowerBound, Array(new.utf8))
            expectRefusal(.vmdk, why)
        }
    }

    @Test func `a vmdk file without a capacity, which QEMU would take for a descriptor, is refused`() throws {
        try create("-f", "vmdk", path, "1M")
        try patch(at: 12, [UInt8](repeating: 0, count: 8))
        expectRefusal(.vmdk, "keeps its data in another file")
    }

    @Test func `a vmdk file whose descriptor is nowhere is refused`() throws {
        try create("-f", "vmdk", path, "1M")
        try patch(at: 28, [UInt8](repeating: 0xff, count: 8))
        expectRefusal(.vmdk, "descriptor")
        try create("-f", "vmdk", path, "1M")
        try patch(at: 28, [UInt8](repeating: 0, count: 8))
        expectRefusal(.vmdk, "descriptor")
    }

    @Test func `a differencing vhd is refused`() throws {
        try create("-f", "vpc", path, "4M")
        try patch(at: 60, [0, 0, 0, 4])
        expectRefusal(.vhd, "refers to a backing file")
    }

    @Test func `a vdi file with a parent is refused`() throws {
        try create("-f", "vdi", path, "1M")
        // uuid_parent in the header (QEMU, block/vdi.c).
        try patch(at: 0x1a8, [UInt8](repeating: 7, count: 16))
        try patch(at: 0x1c8, [UInt8](repeating: 7, count: 16))
        expectRefusal(.vdi, "not a usable vdi image")
    }

    @Test func `a vhdx file with a parent is refused`() throws {
        try create("-f", "vhdx", path, "4M")
        let content = try Data(contentsOf: URL(fileURLWithPath: path))
        // The item of the file's parameters ([MS-VHDX] 2.6.2.1), in the table of metadata: id, then offset.
        let id = Data([0x37, 0x67, 0xa1, 0xca, 0x36, 0xfa, 0x43, 0x4d, 0xb3, 0xb6, 0x33, 0xf0, 0xaa, 0x44, 0xe7, 0x6b])
        let item = try #require(content.range(of: id)).upperBound
        let table = try #require(content.range(of: Data("metadata".utf8))).lowerBound
        let offset = content[item..<item + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
        // Bit 1 of the flags: the file has a parent.
        try patch(at: table + offset + 4, [2])
        expectRefusal(.vhdx, "not a usable vhdx image")
    }

    @Test(arguments: [
        ("qcow2", "qcow2"), ("vmdk", "vmdk"), ("vpc", "vhd"), ("vhdx", "vhdx"), ("vdi", "vdi"), ("qed", "qed"),
        ("luks", "luks"),
    ])
    func `what is called raw and is not is refused`(_ format: (driver: String, name: String)) throws {
        if format.driver == "luks" {
            try FileSystem.write(Array("LUKS".utf8) + [0xba, 0xbe] + [UInt8](repeating: 0, count: 1_018), to: path)
        } else {
            try create("-f", format.driver, path, "4M")
        }
        expectRefusal(.raw, "is a \(format.name) image, not raw")
        expectRefusal(.iso, "is a \(format.name) image, not iso")
    }

    @Test func `a vhd of fixed size, which has its mark at its end, is no raw file`() throws {
        try create("-f", "vpc", "-o", "subformat=fixed", path, "4M")
        expectRefusal(.raw, "is a vhd image, not raw")
        #expect(try inspector.inspect(path: path, format: .vhd).virtualSize >= 4 << 20)
    }

    @Test func `a link to a file of the host is refused, and so is a pipe`() throws {
        symlink(directory.path + "/secret", path)
        #expect(throws: HostError.self) { try inspector.inspect(path: path, format: .raw) }
        try FileSystem.remove(path)
        mkfifo(path, 0o600)
        #expect(throws: HostError.self) { try inspector.inspect(path: path, format: .raw) }
    }

    @Test func `a look at an image has little memory and little time`() throws {
        try create("-f", "qcow2", path, "1M")
        var poor = inspector
        poor.inspectionLimit = 8 << 20
        #expect(throws: HostError.self) { try poor.inspect(path: path, format: .qcow2) }
        var hurried = inspector
        hurried.inspectionTime = .zero
        let error = #expect(throws: HostError.self) { try hurried.inspect(path: path, format: .qcow2) }
        #expect(error?.reason.contains("did not finish in time") == true)
    }

    @Test func `an image that grows while it is copied gets no more room than it asked for`() throws {
        try create("-f", "qcow2", path, "8M")
        let target = directory.path + "/raw"
        #expect(throws: HostError.self) { try inspector.convert(path, "qcow2", toRaw: target, size: 1 << 20) }
        try FileSystem.remove(target)
        try inspector.convert(path, "qcow2", toRaw: target, size: 8 << 20)
        #expect(FileSystem.size(of: target) == 8 << 20)
    }
}
