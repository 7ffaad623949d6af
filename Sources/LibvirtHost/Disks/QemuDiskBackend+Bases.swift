import ComputeHost
import Foundation

/// The base files, which the disks of all instances of an image share.
extension QemuDiskBackend {
    func fetchBase(_ image: ImageSpec) throws(HostError) -> BaseFile {
        let name = BaseFile.name(forImage: image.id)
        let path = files.base(name)
        return try FileLock.hold(lock(name)) { () throws(HostError) in
            if let size = FileSystem.size(of: path) {
                FileSystem.touch(path)
                return BaseFile(name: name, virtualSize: size)
            }
            let source = try imageFile(image)
            guard FileSystem.exists(source) else { throw .notFound("the file of image \(image.id) is missing") }
            let information = try qemuImg.inspect(path: source, format: image.format)
            try requireSpace(information.virtualSize)
            let part = path + ".part"
            try FileSystem.remove(part)
            try qemuImg.convert(source, QemuImg.driver(image.format), toRaw: part, size: information.virtualSize)
            // Shared by every guest of this image: nothing may write it. (Root still could; qemu opens it read-only.)
            guard chmod(part, 0o444) == 0 else { throw FileSystem.failure("protect", part) }
            guard let size = FileSystem.size(of: part) else { throw FileSystem.failure("read", part) }
            try FileSystem.move(part, to: path)
            return BaseFile(name: name, virtualSize: size)
        }
    }

    @discardableResult
    func removeUnusedBases(keeping imageIDs: Set<String>) throws(HostError) -> [String] {
        let kept = Set(imageIDs.map(BaseFile.name(forImage:)))
        var removed: [String] = []
        for name in FileSystem.names(in: files.baseDirectory) where BaseFile.isName(name) {
            try FileLock.hold(lock(name)) { () throws(HostError) in
                // Asked under the lock, and last: a disk may have been laid over it a moment ago.
                if try basesInUse().union(kept).contains(name) {
                    FileSystem.touch(files.base(name))
                } else if let age = FileSystem.age(of: files.base(name)), age >= minimumBaseAge {
                    try FileSystem.remove(files.base(name))
                    removed.append(name)
                }
            }
        }
        return removed
    }

    /// The base files that the disks of instances lie over, as the disks themselves say.
    ///
    /// - Throws: when a disk cannot be read: it might lie over any of them.
    private func basesInUse() throws(HostError) -> Set<String> {
        var names: Set<String> = []
        for instanceID in try instances() {
            let directory = files.directory(instanceID)
            for file in FileSystem.names(in: directory) where file.hasPrefix("disk") {
                guard let backing = try QCOW2BackingFile.read(directory + "/" + file) else { continue }
                names.insert(String(backing.split(separator: "/").last ?? ""))
            }
        }
        return names
    }

    private func lock(_ name: String) -> String { files.locksDirectory + "/daybreak-" + name }

    /// A raw file is sparse, but the image may fill it.
    private func requireSpace(_ size: Int64) throws(HostError) {
        guard let free = DiskSpace.of(files.root)?.free, free < size else { return }
        throw .failed(
            "the image needs \(size) bytes and the disk has \(free) left",
            remedy: "Free space on the disk that holds \(files.root).")
    }
}

/// The name of the backing file in a qcow2 file's header (QEMU, docs/interop/qcow2.txt).
enum QCOW2BackingFile {
    /// Nil when there is no such file, or it is not qcow2, or has no backing file.
    static func read(_ path: String) throws(HostError) -> String? {
        guard let header = try FileSystem.readStart(of: path, limit: 4_096),
            header.starts(with: [0x51, 0x46, 0x49, 0xfb])
        else { return nil }
        guard header.count >= 20 else { throw .failed("\(path) is cut short", remedy: nil) }
        let offset = header[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
        let length = header[16..<20].reduce(0) { $0 << 8 | UInt64($1) }
        guard offset > 0 else { return nil }
        guard length <= 1_023, let start = Int(exactly: offset) else {
            throw .failed("\(path) has no readable header", remedy: nil)
        }
        guard let bytes = try FileSystem.readStart(of: path, offset: start, limit: Int(length)),
            bytes.count == Int(length)
        else { throw .failed("\(path) is cut short", remedy: nil) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
