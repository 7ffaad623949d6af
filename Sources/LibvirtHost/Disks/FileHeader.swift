import ComputeHost
import Glibc

/// The first bytes of an uploaded file.
struct FileHeader {
    let bytes: [UInt8]

    /// - Throws: `.notFound` when there is no such file, `.failed` when it is not a plain file.
    static func read(_ path: String) throws(HostError) -> FileHeader {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw .notFound("the image's file cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw .failed("the image is not a plain file", remedy: nil)
        }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return FileHeader(bytes: Array(bytes.prefix(max(0, count))))
    }

    /// The name of the structured format that the bytes begin, if any. Used to point out a mistake, never to choose
    /// how a file is read.
    var recognizedFormat: String? {
        if bytes.starts(with: [0x51, 0x46, 0x49, 0xfb]) { return "qcow2" }
        if bytes.starts(with: Array("KDMV".utf8)) { return "vmdk" }
        if bytes.starts(with: Array("vhdxfile".utf8)) { return "vhdx" }
        if bytes.starts(with: Array("conectix".utf8)) { return "vhd" }
        if bytes.starts(with: Array("QED\0".utf8)) { return "qed" }
        if bytes.starts(with: Array("LUKS".utf8) + [0xba, 0xbe]) { return "luks" }
        if bytes.count >= 68, bytes[64..<68] == [0x7f, 0x10, 0xda, 0xbe] { return "vdi" }
        return nil
    }
}
