import Cryptography
import Foundation
import ServiceCore

/// A partial image file being written, and the sums over what was written.
///
/// Unchecked, because the one who holds it is the only one: `ImageUpload` hands it out under its lock.
final class ImageWriter: @unchecked Sendable {
    private let file: Int32
    private let files: ImageDirectory
    private let path: String
    private var md5 = MD5()
    private var sha512 = SHA512()
    private(set) var size: Int64 = 0

    init(_ id: ID<Image>, in files: ImageDirectory) throws {
        self.files = files
        path = files.partialPath(of: id)
        file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        try files.posix(file, "open", path)
    }

    /// Takes over a file that is there already, without copying it when it is on the same file system.
    init(_ id: ID<Image>, adopting source: String, in files: ImageDirectory) throws {
        self.files = files
        path = files.partialPath(of: id)
        let moved = rename(source, path) == 0
        if !moved, errno != EXDEV { try files.posix(-1, "rename", source) }
        file = open(path, (moved ? O_RDWR : O_RDWR | O_CREAT | O_TRUNC) | O_CLOEXEC, 0o644)
        try files.posix(file, "open", path)
        if moved {
            try files.posix(fchmod(file, 0o644), "chmod", path)
            try Self.read(file, path, files) { count($0) }
        } else {
            try copy(from: source)
        }
    }

    deinit { close(file) }

    func append(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                try files.posix(written < 0 ? -1 : 0, "write", path)
                rest = rest.dropFirst(written)
            }
        }
        count(bytes)
    }

    /// Puts the bytes on disk and gives the sums in hexadecimal.
    func finish() throws -> (md5: String, sha512: String) {
        try files.posix(fsync(file), "fsync", path)
        return (md5.finalize().hexadecimal, sha512.finalize().hexadecimal)
    }

    private func count(_ bytes: [UInt8]) {
        md5.update(bytes)
        sha512.update(bytes)
        size += Int64(bytes.count)
    }

    private func copy(from source: String) throws {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        try files.posix(input, "open", source)
        defer { close(input) }
        try Self.read(input, source, files, append)
        unlink(source)
    }

    fileprivate static func read(
        _ file: Int32, _ path: String, _ files: ImageDirectory, _ take: ([UInt8]) throws -> Void
    ) throws {
        while true {
            let chunk = try [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, length in
                var got: Int
                repeat { got = Glibc.read(file, buffer.baseAddress, buffer.count) } while got < 0 && errno == EINTR
                try files.posix(got < 0 ? -1 : 0, "read", path)
                length = got
            }
            guard !chunk.isEmpty else { return }
            try take(chunk)
        }
    }
}

/// The sums over a file that somebody else has written. It is on disk when they are known.
struct ImageSums {
    let md5: String
    let sha512: String
    let size: Int64

    init(md5: String, sha512: String, size: Int64) {
        self.md5 = md5
        self.sha512 = sha512
        self.size = size
    }

    init(reading path: String, in files: ImageDirectory) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        try files.posix(file, "open", path)
        defer { close(file) }
        var md5 = MD5()
        var sha512 = SHA512()
        var size: Int64 = 0
        try ImageWriter.read(file, path, files) { chunk in
            md5.update(chunk)
            sha512.update(chunk)
            size += Int64(chunk.count)
        }
        try files.posix(fsync(file), "fsync", path)
        self.md5 = md5.finalize().hexadecimal
        self.sha512 = sha512.finalize().hexadecimal
        self.size = size
    }
}
