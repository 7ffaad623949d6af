import ComputeHost
import Database
import Foundation
import Images
import ServiceCore

/// An image service on a directory of its own, with the inspector that every host without qemu-img uses.
final class ImageStorage: Sendable {
    let directory = NSTemporaryDirectory() + "/daybreak-images-" + UUID().uuidString
    let database: DatabasePool
    let clock = ManualClock()
    let events = EventBus()
    let jobs: JobQueue
    let images: ImageService
    private let configuration: ImageConfiguration

    static let admin = RequestContext(userID: "u0", userName: "admin", projectID: "p0", roles: ["admin"])
    static let ada = RequestContext(userID: "u1", userName: "ada", projectID: "p1", roles: ["member"])
    static let bob = RequestContext(userID: "u2", userName: "bob", projectID: "p2", roles: ["member"])
    static let eve = RequestContext(userID: "u3", userName: "eve", projectID: "p1", roles: ["reader"])

    init(recorder: StatementRecorder? = nil, configuration: ImageConfiguration = ImageConfiguration()) throws {
        database = try .temporary(recorder: recorder)
        try database.migrate(ServiceCoreSchema.migrations)
        self.configuration = configuration
        jobs = JobQueue(database: database, clock: clock, owner: "test")
        images = try ImageService(
            database: database, jobs: jobs, events: events, clock: clock, directory: directory,
            inspector: ImageHeaderInspector(), configuration: configuration)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// The service of a program that was started anew on the same database and files.
    func restarted() throws -> ImageService {
        let images = try ImageService(
            database: database, jobs: jobs, events: events, clock: clock, directory: directory,
            inspector: ImageHeaderInspector(), configuration: configuration)
        try jobs.recover()
        try images.recover()
        return images
    }

    /// A raw image with some bytes.
    func image(_ name: String = "disk", as context: RequestContext = ImageStorage.ada) throws -> Image {
        let file = try upload(Array("abc".utf8) + [UInt8](repeating: 0, count: 509))
        return try images.upload(NewImage(name: name, diskFormat: "raw"), movingFile: file, as: context)
    }

    /// A file outside of the image directory, as an upload leaves it.
    func upload(_ bytes: [UInt8]) throws -> String {
        let path = directory + "-upload-" + UUID().uuidString
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted() }
}

/// A qcow2 file's header (QEMU docs/interop/qcow2.txt), as far as an inspection reads it.
func qcow2Header(virtualSize: UInt64 = 1 << 30, backingFile: String? = nil) -> [UInt8] {
    func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }
    let name = Array((backingFile ?? "").utf8)
    var header: [UInt8] = [0x51, 0x46, 0x49, 0xFB] + bigEndian(UInt32(3))
    header += bigEndian(UInt64(backingFile == nil ? 0 : 512)) + bigEndian(UInt32(name.count))
    header += bigEndian(UInt32(16)) + bigEndian(virtualSize)
    header += [UInt8](repeating: 0, count: 512 - header.count)
    return header + name + [UInt8](repeating: 0, count: 65_536 - 512 - name.count)
}

/// The `ServiceError` a closure ends with.
func serviceError(_ body: () throws -> Void) -> ServiceError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ServiceError
    }
}
