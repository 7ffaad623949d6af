import ServiceCore
import Synchronization

/// The bytes of one image on their way to its file. Ends with `finish()` or `cancel()`; an upload that is let go is
/// cancelled. Calls block and must come one after the other.
public final class ImageUpload: Sendable {
    private let service: ImageService
    private let image: Image
    private let writer: Mutex<ImageWriter?>

    init(_ image: Image, writer: ImageWriter, service: ImageService) {
        self.image = image
        self.service = service
        self.writer = Mutex(writer)
    }

    deinit { cancel() }

    /// Appends bytes.
    /// - Throws: `ServiceError`: unavailable when the disk is full; the upload is over then.
    public func write(_ bytes: [UInt8]) throws {
        do {
            try writer.withLock { writer in
                guard let writer else { throw Self.isOver }
                try writer.append(bytes)
            }
        } catch {
            cancel()
            throw service.uploadError(error)
        }
    }

    /// Checks what has come and makes the image active.
    /// - Throws: `ServiceError`: invalid with field `file` when the bytes are not of the declared format or refer to
    ///   other files; the image is killed then.
    public func finish() throws -> Image {
        let writer = writer.withLock { held in
            defer { held = nil }
            return held
        }
        guard let writer else { throw service.uploadError(Self.isOver) }
        return try service.complete(image, writer)
    }

    /// Gives up: the image is killed and what has come is removed. Nothing after `finish()`.
    public func cancel() {
        let writer = writer.withLock { held in
            defer { held = nil }
            return held
        }
        if writer != nil { service.kill(image) }
    }

    private static let isOver = ServiceError.conflict(code: "upload_over", "This upload is over.")
}
