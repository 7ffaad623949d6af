import CSpawn
import ComputeHost
import Glibc

/// A text for a program to read, whole from the start: no size of it makes the writer wait for the reader.
final class InputFile {
    let descriptor: Int32

    init(_ text: String) throws(HostError) {
        descriptor = cs_memory_file()
        guard descriptor >= 0 else { throw FileSystem.failure("make", "a file in memory") }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileSystem.failure("write", "a file in memory") }
            bytes = bytes.dropFirst(count)
        }
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileSystem.failure("rewind", "a file in memory") }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
