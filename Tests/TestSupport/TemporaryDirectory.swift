import Foundation

/// A directory that goes away with its owner. It lies in the run's own temporary folder (`Tests/CTestFolder`).
public final class TemporaryDirectory: Sendable {
    /// Where it is.
    public let path: String

    /// Makes it, empty.
    public init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file, or puts another in its place in one step.
    public func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: path).appending(path: name), options: .atomic)
    }
}
