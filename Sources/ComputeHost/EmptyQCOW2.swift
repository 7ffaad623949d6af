import Glibc

/// A qcow2 file in which nothing was written yet (QEMU, docs/interop/qcow2.txt): a new disk over its base file, or what a
/// simulated disk looks like as an image.
public enum EmptyQCOW2 {
    private static let clusterBits = 16
    private static let cluster = 1 << clusterBits
    /// The format's limit on the name of a backing file, in bytes.
    public static let longestName = 1_023

    /// Four clusters and the rest of the first table: header, reference counts, and a table that refers to nothing.
    ///
    /// - Parameters:
    ///   - virtualSize: bytes.
    ///   - backingFile: the path of the raw file that shows where nothing was written; at most ``longestName`` bytes.
    public static func file(virtualSize: Int64, over backingFile: String? = nil) -> [UInt8] {
        // An entry of the first table covers a cluster of entries of eight bytes, a cluster each.
        let covered = Int64(cluster) * Int64(cluster / 8)
        let entries = max(1, Int((virtualSize + covered - 1) / covered))
        let tableClusters = (entries * 8 + cluster - 1) / cluster
        var bytes = [UInt8](repeating: 0, count: (3 + tableClusters) * cluster)
        bytes.replaceSubrange(0..<4, with: [0x51, 0x46, 0x49, 0xfb])
        put(3, 4, at: 4, in: &bytes)
        put(UInt64(clusterBits), 4, at: 20, in: &bytes)
        put(UInt64(virtualSize), 8, at: 24, in: &bytes)
        put(UInt64(entries), 4, at: 36, in: &bytes)
        put(UInt64(3 * cluster), 8, at: 40, in: &bytes)
        put(UInt64(cluster), 8, at: 48, in: &bytes)
        put(1, 4, at: 56, in: &bytes)
        put(4, 4, at: 96, in: &bytes)
        put(104, 4, at: 100, in: &bytes)
        if let backingFile { put(backingFile, in: &bytes) }
        put(UInt64(2 * cluster), 8, at: cluster, in: &bytes)
        for index in 0..<3 + tableClusters { put(1, 2, at: 2 * cluster + 2 * index, in: &bytes) }
        return bytes
    }

    /// The name, and before it an extension of the header that says its format, so that nobody ever guesses it.
    private static func put(_ backingFile: String, in bytes: inout [UInt8]) {
        let (format, name) = (Array("raw".utf8), Array(backingFile.utf8))
        precondition(name.count <= longestName, "the name of a backing file is too long")
        put(0xe279_2aca, 4, at: 104, in: &bytes)
        put(UInt64(format.count), 4, at: 108, in: &bytes)
        bytes.replaceSubrange(112..<112 + format.count, with: format)
        // Extensions are padded to eight bytes; eight zeros end them.
        let start = 128
        bytes.replaceSubrange(start..<start + name.count, with: name)
        put(UInt64(start), 8, at: 8, in: &bytes)
        put(UInt64(name.count), 4, at: 16, in: &bytes)
    }

    /// Writes the file under another name and moves it into place.
    static func write(_ bytes: [UInt8], to path: String) throws(HostError) {
        let part = path + ".snapshot.part"
        let descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw failure() }
        let count = Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
        guard count == bytes.count, rename(part, path) == 0 else { throw failure() }
    }

    private static func failure() -> HostError {
        .failed("the image's file cannot be written: \(String(cString: strerror(errno)))", remedy: nil)
    }

    private static func put(_ value: UInt64, _ width: Int, at offset: Int, in bytes: inout [UInt8]) {
        for index in 0..<width { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - index))) }
    }
}
