import Foundation
import TestSupport

/// The guest image, made once for all tests by the script the program itself uses, and kept in `.build` beside the
/// kernel package it needs from Debian's archive.
actor GuestCache {
    static let shared = GuestCache()
    private let folder = URL(filePath: SourceTree.root).appending(path: ".build/test-guest")
    private var making: Task<URL, any Error>?

    /// The image's file; do not change it.
    func image() async throws -> URL {
        if let making { return try await making.value }
        let task = Task { try await make() }
        making = task
        return try await task.value
    }

    private func make() async throws -> URL {
        let image = folder.appending(path: "guest.qcow2")
        if FileManager.default.fileExists(atPath: image.path) { return image }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = SourceTree.root + "/Sources/LibvirtHost/Guest/build-guest.sh"
        let build = try ChildProcess("/bin/sh", [script, image.path, folder.appending(path: "packages").path])
        guard try await build.end(seconds: 600) == 0 else {
            throw NeverHappened(description: "the guest image was not made:\n\(build.output)")
        }
        return image
    }
}
