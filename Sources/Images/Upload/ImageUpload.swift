import ServiceCore
import Synchronization

/// The bytes of one image on their way to its file. Ends with `finish()` or `cancel()`; an upload that is let go is
/// cancelled. Calls block and must come one after the other.
public final class ImageUpload: Sendable {
    /// What becomes of the bytes.
    enum Purpose {
        /// They are the image's.
        case store
        /// They wait for an import.
        case stage
    }

    private let service: ImageService
    private let purpose: Purpose
    private let image: Image
    private let room: Int64
    private let writer: Mutex<ImageWriter?>

    init(_ purpose: Purpose, _ image: Image, room: Int64, writer: ImageWriter, service: ImageService) {
        self.purpose = purpose
        self.image = image
        self.room = room
        self.service = service
        self.writer = Mutex(writer)
    }

    deinit { cancel() }

    /// Appends bytes.
    /// - Throws: `ServiceError`: overQuota beyond the limits, unavailable when the disk is full; the upload is over then.
    public func write(_ bytes: [UInt8]) throws {
        do {
            try writer.withLock { writer in
                guard let writer else { throw Self.isOver }
                guard writer.size + Int64(bytes.count) <= room else { throw ImageService.noRoom(room) }
                try writer.append(bytes)
            }
        } catch {
            cancel()
            throw service.uploadError(error)
        }
    }

    /// Checks what has come and makes the image active; what is to be imported is only kept.
    /// - Throws: `ServiceError`: invalid with field `file` when the bytes are not of the declared format or refer to
    ///   other files; the image waits for others then.
    public func finish() throws -> Image {
        let writer = writer.withLock { held in
            defer { held = nil }
            return held
        }
        guard let writer else { throw service.uploadError(Self.isOver) }
        return purpose == .store ? try service.complete(image, writer) : try service.keep(image, writer)
    }

    /// Gives up: what has come is removed and the image waits for its bytes again. Nothing after `finish()`.
    public func cancel() {
        let writer = writer.withLock { held in
            defer { held = nil }
            return held
        }
        if writer != nil { service.giveUp(image) }
    }

    private static let isOver = ServiceError.conflict(code: "upload_over", "This upload is over.")
}
