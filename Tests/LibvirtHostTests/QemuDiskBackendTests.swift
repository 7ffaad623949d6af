import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

/// With the real qemu-img and genisoimage, without guests.
@Suite(.enabled(if: CommandRunner.find("qemu-img") != nil, "needs qemu-img: apt-get install qemu-utils"))
struct QemuDiskBackendTests {
    private let state: TemporaryDirectory
    private let disks: QemuDiskBackend
    private let runner = CommandRunner()
    private let id = "5c242396-3c7b-4bc6-bec1-3df8eb57d53d"

    init() throws {
        state = try TemporaryDirectory()
        let files = InstanceFiles(root: state.path + "/instances")
        try files.prepare()
        try FileSystem.createDirectory(state.path + "/images")
        disks = QemuDiskBackend(files: files, imagesDirectory: state.path + "/images", runner: CommandRunner())
    }

    private func createImage(_ name: String, _ arguments: [String]) throws {
        try runner.succeed(
            Command(
                "qemu-img",
                ["create", "-q"]
                    + arguments.map {
                        $0.replacingOccurrences(of: "@", with: state.path + "/images/" + name)
                    }))
    }

    @Test func `a base file is raw, read-only, named by the image's id, and made once however many ask`() throws {
        try createImage("image", ["-f", "qcow2", "@", "3M"])
        let disks = disks
        let path = disks.files.base(BaseFile.name(forImage: "image"))
        // A second conversion would put another file in the place of the first.
        let found = concurrently(20) {
            let name = try? disks.fetchBase(ImageSpec(id: "image", format: .qcow2)).name
            return "\(name ?? "-") \(fileNumber(path))"
        }
        #expect(found.count == 20)
        #expect(Set(found) == ["\(BaseFile.name(forImage: "image")) \(fileNumber(path))"])
        #expect(FileSystem.size(of: path) == 3 << 20)
        var facts = stat()
        stat(path, &facts)
        #expect(facts.st_mode & 0o777 == 0o444)
        #expect(FileSystem.names(in: disks.files.baseDirectory) == [BaseFile.name(forImage: "image")])
        // Once: a second fetch does not look at the image any more.
        try FileSystem.remove(state.path + "/images/image")
        #expect(try disks.fetchBase(ImageSpec(id: "image", format: .qcow2)).virtualSize == 3 << 20)
    }

    @Test(arguments: DiskContract.all)
    func `real files keep the contract of disks`(_ expectation: DiskContract) throws {
        for name in ["image", "rescue"] { try createImage(name, ["-f", "raw", "@", "1M"]) }
        var disks = disks
        disks.minimumBaseAge = .zero
        try expectation.check(disks)
    }

    @Test func `a fetch that was cut off is done again`() throws {
        try createImage("image", ["-f", "raw", "@", "1M"])
        let name = BaseFile.name(forImage: "image")
        try FileSystem.write("half", to: disks.files.base(name) + ".part")
        #expect(try disks.fetchBase(ImageSpec(id: "image", format: .raw)).virtualSize == 1 << 20)
    }

    @Test func `a disk is qcow2 of the flavor's size over its base, and is made once`() throws {
        try createImage("image", ["-f", "raw", "@", "1M"])
        let base = try disks.fetchBase(ImageSpec(id: "image", format: .raw))
        try disks.createDisk(DiskSpec(instanceID: id, imageID: "image", sizeGiB: 1))
        let before = try FileSystem.readEnd(of: disks.files.disk(id), limit: 1 << 20)
        try disks.createDisk(DiskSpec(instanceID: id, imageID: "image", sizeGiB: 2))
        #expect(try FileSystem.readEnd(of: disks.files.disk(id), limit: 1 << 20) == before)
        let information = try #require(try disks.diskInformation(of: id))
        #expect(information.format == "qcow2")
        #expect(information.virtualSize == 1 << 30)
        #expect(information.backingFile == base.name)
        #expect(FileSystem.readText(disks.files.diskInfo(id)) == "{\"\(disks.files.disk(id))\":\"qcow2\"}")
        #expect(try disks.instances() == [id])
        try disks.deleteInstance(id)
        try disks.deleteInstance(id)
        #expect(try disks.instances().isEmpty)
    }

    @Test(arguments: [1, 20, 2_000, 9_000])
    func `a disk is what qemu-img makes of the same size over the same base`(gibibytes: Int) throws {
        try createImage("image", ["-f", "raw", "@", "1M"])
        try Data((0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 * 7 / 3) })
            .write(to: URL(filePath: state.path + "/images/image"))
        let base = disks.files.base(try disks.fetchBase(ImageSpec(id: "image", format: .raw)).name)
        try disks.createDisk(DiskSpec(instanceID: id, imageID: "image", sizeGiB: gibibytes))
        let (ours, theirs) = (disks.files.disk(id), state.path + "/theirs")
        try runner.succeed(
            Command("qemu-img", ["create", "-q", "-f", "qcow2", "-b", base, "-F", "raw", theirs, "\(gibibytes)G"]))

        func told(_ verb: String, _ path: String) throws -> String {
            let arguments = verb == "info" ? ["--backing-chain"] : []
            let output = try runner.succeed(Command("qemu-img", [verb, "--output=json"] + arguments + [path]))
            // Names, places and the room taken on the disk may differ.
            let lines = String(decoding: output, as: UTF8.self).replacing(path, with: "FILE").split(separator: "\n")
            return lines.filter { !$0.contains("\"actual-size\"") && !$0.contains("\"image-end-offset\"") }
                .joined(separator: "\n")
        }
        #expect(try told("info", ours) == told("info", theirs))
        #expect(try told("check", ours) == told("check", theirs))
        #expect(try told("map", ours) == told("map", theirs))
        try runner.succeed(Command("qemu-img", ["compare", "-q", ours, theirs]))
        // Little is on the disk, whatever it shows.
        #expect(try #require(try disks.diskInformation(of: id)).actualSize < 64 << 10)

        // And it can be written: what lies below stays as it was.
        let before = try Data(contentsOf: URL(filePath: base))
        try runner.succeed(Command("qemu-io", ["-c", "write -q -P 7 512K 900M", ours]))
        #expect(try told("check", ours).contains("\"check-errors\": 0"))
        #expect(try Data(contentsOf: URL(filePath: base)) == before)
    }

    @Test func `a disk smaller than its image is refused`() throws {
        try createImage("image", ["-f", "raw", "@", "2G"])
        _ = try disks.fetchBase(ImageSpec(id: "image", format: .raw))
        let error = #expect(throws: HostError.self) {
            try disks.createDisk(DiskSpec(instanceID: id, imageID: "image", sizeGiB: 1))
        }
        #expect(error?.remedy == "Choose a flavor with a larger disk.")
        #expect(try disks.instances().isEmpty)
    }

    @Test func `an image that is not there, or whose id is a path, is refused`() {
        for id in ["absent", "../instances", "", "a/b"] {
            #expect(throws: HostError.self) { try disks.fetchBase(ImageSpec(id: id, format: .raw)) }
        }
    }

    @Test func `an image with a backing file is refused by inspection and by fetching`() throws {
        try createImage("secret", ["-f", "raw", "@", "1M"])
        try createImage("image", ["-f", "qcow2", "-b", state.path + "/images/secret", "-F", "raw", "@"])
        let inspector = QemuImg(runner: runner)
        let error = #expect(throws: HostError.self) {
            try inspector.inspect(path: state.path + "/images/image", format: .qcow2)
        }
        #expect(error?.reason == "the image refers to a backing file")
        #expect(throws: HostError.self) { try disks.fetchBase(ImageSpec(id: "image", format: .qcow2)) }
    }

    @Test func `an image whose data is in another file is refused`() throws {
        try createImage("image", ["-f", "qcow2", "-o", "data_file=\(state.path)/images/other", "@", "1M"])
        #expect(throws: HostError.self) {
            try QemuImg(runner: runner).inspect(path: state.path + "/images/image", format: .qcow2)
        }
    }

    @Test(arguments: [DiskFormat.vmdk, .vdi, .vhd, .vhdx])
    func `the other formats are inspected and converted`(_ format: DiskFormat) throws {
        try createImage("image", ["-f", QemuImg.driver(format), "@", "4M"])
        let path = state.path + "/images/image"
        #expect(try QemuImg(runner: runner).inspect(path: path, format: format).virtualSize >= 4 << 20)
        #expect(try disks.fetchBase(ImageSpec(id: "image", format: format)).virtualSize >= 4 << 20)
    }

    @Test(arguments: [DiskFormat.qcow2, .vmdk, .vdi, .vhd, .vhdx])
    func `the base file of an image is its content, whatever its format`(_ format: DiskFormat) throws {
        let raw = state.path + "/raw"
        let noise = (0..<300_000).map { _ in UInt8.random(in: .min ... .max) }
        try FileSystem.write(
            noise + [UInt8](repeating: 0, count: (4 << 20) - noise.count - 9) + noise.prefix(9), to: raw)
        var arguments = ["convert", "-f", "raw", "-O", QemuImg.driver(format)]
        // Otherwise a VHD is as large as some number of cylinders.
        if format == .vhd { arguments += ["-o", "force_size=on"] }
        try runner.succeed(Command("qemu-img", arguments + [raw, state.path + "/images/image"]))
        let base = try disks.fetchBase(ImageSpec(id: "image", format: format))
        #expect(base.virtualSize == 4 << 20)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: disks.files.base(base.name)))
                == Data(contentsOf: URL(fileURLWithPath: raw)))
    }

    @Test func `a base file that was needed lately stays, and so does one that a damaged disk may lie over`() throws {
        try createImage("image", ["-f", "raw", "@", "1M"])
        let base = try disks.fetchBase(ImageSpec(id: "image", format: .raw)).name
        #expect(try disks.removeUnusedBases(keeping: []).isEmpty)
        var hasty = disks
        hasty.minimumBaseAge = .zero
        try FileSystem.write("something else", to: disks.files.baseDirectory + "/README")
        try FileSystem.createDirectory(disks.files.directory(id))
        try FileSystem.write([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3], to: disks.files.disk(id))
        #expect(throws: HostError.self) { try hasty.removeUnusedBases(keeping: []) }
        try FileSystem.remove(disks.files.disk(id))
        #expect(try hasty.removeUnusedBases(keeping: []) == [base])
        #expect(FileSystem.names(in: disks.files.baseDirectory) == ["README"])
    }

    @Test func `a base file in use is as young as when it was last looked at`() throws {
        try createImage("image", ["-f", "raw", "@", "1M"])
        let base = try disks.fetchBase(ImageSpec(id: "image", format: .raw)).name
        try disks.createDisk(DiskSpec(instanceID: id, imageID: "image", sizeGiB: 1))
        func makeOld() throws {
            try runner.succeed(Command("touch", ["-d", "2 days ago", disks.files.base(base)]))
        }
        try makeOld()
        #expect(try disks.removeUnusedBases(keeping: []).isEmpty)
        try disks.deleteInstance(id)
        #expect(try disks.removeUnusedBases(keeping: []).isEmpty)
        try makeOld()
        _ = try disks.fetchBase(ImageSpec(id: "image", format: .raw))
        #expect(try disks.removeUnusedBases(keeping: []).isEmpty)
        try makeOld()
        #expect(try disks.removeUnusedBases(keeping: []) == [base])
    }

    @Test func `a snapshot of a disk that is off is flat and shows what the disk shows`() throws {
        let noise = (0..<70_000).map { _ in UInt8.random(in: .min ... .max) }
        try FileSystem.write(
            noise + [UInt8](repeating: 0, count: (1 << 20) - noise.count), to: state.path + "/images/image")
        let base = try disks.fetchBase(ImageSpec(id: "image", format: .raw))
        let before = try Data(contentsOf: URL(fileURLWithPath: disks.files.base(base.name)))
        try disks.createDisk(DiskSpec(instanceID: id, imageID: "image", sizeGiB: 1))
        try runner.succeed(
            Command("qemu-io", ["-f", "qcow2", "-c", "write -P 0x5a 512k 64k", disks.files.disk(id)]))
        let image = ImageSpec(id: "snapshot", format: .qcow2)
        _ = try disks.snapshotDisk(of: id, to: image)
        #expect(try QCOW2BackingFile.read(state.path + "/images/snapshot") == nil)
        #expect(try Data(contentsOf: URL(fileURLWithPath: disks.files.base(base.name))) == before)
        let copy = try disks.fetchBase(image)
        let shown = try FileSystem.readStart(of: disks.files.base(copy.name), limit: 1 << 20)
        var expected = [UInt8](before)
        expected.replaceSubrange(512 << 10..<576 << 10, with: repeatElement(0x5a, count: 64 << 10))
        #expect(shown == expected)
        #expect(FileSystem.names(in: state.path + "/images") == ["image", "snapshot"])
    }

    @Test func `the format is what was said, never what the content looks like`() throws {
        try createImage("image", ["-f", "qcow2", "@", "1M"])
        let path = state.path + "/images/image"
        for format in [DiskFormat.raw, .iso, .vmdk] {
            #expect(throws: HostError.self) { try QemuImg(runner: runner).inspect(path: path, format: format) }
        }
    }

    @Test func `a config drive holds what the guest is told`() throws {
        try #require(CommandRunner.find("genisoimage") != nil, "needs genisoimage: apt-get install genisoimage")
        let drive = ConfigDriveSpec(
            instanceID: id, hostname: "web-1",
            files: ["openstack/latest/meta_data.json": Array("{}".utf8), "openstack/latest/user_data": [0, 255, 10]])
        try disks.createConfigDrive(drive)
        try disks.createConfigDrive(drive)
        let image = try #require(try FileSystem.readEnd(of: disks.files.configDrive(id), limit: 1 << 20))
        // The volume's label is at byte 40 of the primary descriptor, sector 16 (ECMA-119, section 8.4).
        #expect(image.count > 16 * 2_048 + 72)
        #expect(String(decoding: image[16 * 2_048 + 40..<16 * 2_048 + 48], as: UTF8.self) == "config-2")
        #expect(FileSystem.names(in: disks.files.directory(id)) == ["disk.config", "disk.info"])
    }

    @Test(arguments: ["../disk", "/etc/passwd", "a/../../b", "a//b", ".", ""])
    func `no file of a config drive is written outside of it`(path: String) throws {
        #expect(throws: HostError.self) {
            try disks.createConfigDrive(ConfigDriveSpec(instanceID: id, hostname: "x", files: [path: [1]]))
        }
        #expect(try disks.instances().isEmpty)
    }

    @Test func `the console log is read from its end and only so far`() throws {
        try FileSystem.createDirectory(disks.files.directory(id))
        #expect(try disks.consoleLog(of: id, tail: nil).isEmpty)
        let line = [UInt8](repeating: 0x61, count: 1_023) + [10]
        try FileSystem.write(
            Array(repeatElement(line, count: 2_100).joined()) + Array("login: ".utf8), to: disks.files.consoleLog(id))
        #expect(try disks.consoleLog(of: id, tail: nil).count == QemuDiskBackend.consoleLimit)
        #expect(try disks.consoleLog(of: id, tail: 1) == Array("login: ".utf8))
    }

    private func concurrently<T: Sendable>(_ count: Int, _ body: @escaping @Sendable () -> T) -> [T] {
        let results = LockedArray<T>()
        let group = DispatchGroup()
        for _ in 0..<count {
            group.enter()
            Thread.detachNewThread {
                results.append(body())
                group.leave()
            }
        }
        group.wait()
        return results.values
    }
}

/// Tells a file from another that took its name.
private func fileNumber(_ path: String) -> ino_t {
    var facts = stat()
    return stat(path, &facts) == 0 ? facts.st_ino : 0
}

private final class LockedArray<Element: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var elements: [Element] = []
    func append(_ element: Element) { lock.withLock { elements.append(element) } }
    var values: [Element] { lock.withLock { elements } }
}
