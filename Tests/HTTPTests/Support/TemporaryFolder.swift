import Glibc

@testable import HTTP

/// A folder that is gone with its owner, and the files that were written into it.
final class TemporaryFolder {
    let path: String
    private var names: Set<String> = []

    init() throws {
        var template = Array("/tmp/daybreak-folder-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError.last("mkdtemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// Writes a file, or puts another in its place in one step.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        let draft = "\(path)/.draft"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemError.last("open") }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw SystemError.last("write") }
        guard rename(draft, "\(path)/\(name)") == 0 else { throw SystemError.last("rename") }
        names.insert(name)
    }
}
