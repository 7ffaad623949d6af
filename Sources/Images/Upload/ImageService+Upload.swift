import ComputeHost
import Database
import Logging
public import ServiceCore

extension ImageService {
    /// Refuses an upload that would be refused anyway, before any of its bytes is read.
    /// - Parameter size: how many bytes are announced; nil when nobody knows.
    /// - Throws: `ServiceError`: as ``beginUpload(_:size:as:)``.
    public func requireUpload(_ id: ID<Image>, size: Int64? = nil, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try database.read { transaction in
                _ = try uploadable(id, for: ImagePolicy.upload, size: size, as: context, in: transaction)
            }
        }
    }

    /// Begins to take an image's bytes piece by piece.
    /// - Parameter size: how many bytes are announced; nil when nobody knows.
    /// - Throws: `ServiceError`: conflict when the image has bytes, or somebody else is sending some; overQuota when
    ///   there is no room for so many.
    public func beginUpload(_ id: ID<Image>, size: Int64? = nil, as context: RequestContext) throws -> ImageUpload {
        try begin(.store, id, for: ImagePolicy.upload, size: size, as: context)
    }

    func begin(
        _ purpose: ImageUpload.Purpose, _ id: ID<Image>, for rule: String, size: Int64?, as context: RequestContext
    ) throws -> ImageUpload {
        let (image, room) = try beginReceiving(purpose, id, for: rule, size: size, as: context)
        do {
            return ImageUpload(purpose, image, room: room, writer: try ImageWriter(id, in: files), service: self)
        } catch {
            giveUp(image)
            throw uploadError(error)
        }
    }

    /// Takes a whole file as an image's bytes. The file is moved: it is gone afterwards, also when it was refused.
    /// - Throws: `ServiceError`: invalid with field `file` when the bytes are refused; the image waits for others then.
    public func store(_ id: ID<Image>, movingFile path: String, as context: RequestContext) throws -> Image {
        try store(id, movingFile: path, seed: nil, as: context)
    }

    private func store(
        _ id: ID<Image>, movingFile path: String, seed: String?, as context: RequestContext
    ) throws -> Image {
        let (image, room) = try beginReceiving(.store, id, for: ImagePolicy.upload, size: nil, as: context)
        let writer: ImageWriter
        do {
            writer = try ImageWriter(id, adopting: path, in: files)
            guard writer.size <= room else { throw Self.noRoom(room) }
        } catch {
            giveUp(image)
            throw uploadError(error)
        }
        return try complete(image, writer, seed: seed)
    }

    /// Creates an image with its bytes, for a form: a refused file leaves no row behind.
    /// - Throws: `ServiceError`: everything `create` and `store` throw.
    public func upload(_ new: NewImage, movingFile path: String, as context: RequestContext) throws -> Image {
        let protected = new.protected
        var new = new
        new.protected = false
        let image = try create(new, as: context)
        do {
            let stored = try store(image.id, movingFile: path, as: context)
            guard protected else { return stored }
            var update = ImageUpdate()
            update.protected = true
            return try self.update(stored.id, update, as: context)
        } catch {
            try delete(image.id, as: context)
            throw error
        }
    }

    /// Registers the guest image that the program brings along, once ever: an image that was deleted stays deleted.
    /// The file is moved.
    /// - Returns: the image; nil when it has been deleted since it was registered.
    /// - Throws: `ServiceError`.
    public func registerGuest(file: String, format: ImageFormat, ownerProjectID: String) throws -> Image? {
        if let known = try ServiceError.wrapping({
            try database.read { try store.seed(named: Self.guestSeed, in: $0) }
        }) {
            return try ServiceError.wrapping { try database.read { try store.find(known, in: $0) } }
        }
        let context = RequestContext(
            userID: "system", userName: "system", projectID: ownerProjectID, roles: ["admin"])
        var new = NewImage(name: Self.guestName, diskFormat: format.rawValue)
        new.visibility = .public
        new.minDiskGiB = 1
        // Debian's kernel needs 72 MiB to unpack itself.
        new.minRAMMiB = 80
        new.properties = [
            "description": "A small Linux guest made of Debian packages", "os_distro": "debian",
            "architecture": "x86_64",
        ]
        try removeUnfinishedGuests(of: ownerProjectID)
        let image = try create(new, as: context)
        return try store(image.id, movingFile: file, seed: Self.guestSeed, as: context)
    }

    /// What earlier starts left that were stopped while they registered the guest.
    private func removeUnfinishedGuests(of projectID: String) throws {
        var filter = ImageFilter()
        filter.name = Self.guestName
        let left = try images(filter, as: .system("guest")).items.filter {
            $0.name == Self.guestName && $0.ownerProjectID == projectID && $0.status != .active
        }
        for image in left { try delete(image.id, as: .system("guest")) }
    }

    /// Whether the built guest has been registered in this database, be it deleted since or not.
    /// - Throws: `ServiceError`.
    public func isGuestRegistered() throws -> Bool {
        try ServiceError.wrapping { try database.read { try store.seed(named: Self.guestSeed, in: $0) != nil } }
    }

    static let guestName = "tiny-linux"
    private static let guestSeed = "guest"

    /// Inspects what was written, gives it its name and makes the image active; in the same transaction it is recorded
    /// under `seed`, so that what is brought along once is never brought twice.
    func complete(_ image: Image, _ writer: ImageWriter, seed: String? = nil) throws -> Image {
        do {
            let sums = try writer.finish()
            let virtualSize = try inspect(image, files.partialPath(of: image.id))
            try files.publish(image.id)
            let sum = ImageSums(md5: sums.md5, sha512: sums.sha512, size: writer.size)
            return try database.write { transaction in
                if let seed { try store.recordSeed(named: seed, image.id, at: clock.now(), in: transaction) }
                return try advance(image, in: transaction) { $0.activate(sum, virtualSize) }
            }
        } catch {
            giveUp(image)
            throw uploadError(error)
        }
    }

    /// Gives an upload up: no bytes remain, and others may be sent. Quiet when the image is gone.
    func giveUp(_ image: Image) {
        do {
            try files.remove(image.id)
            try database.write { transaction in
                guard try store.find(image.id, in: transaction)?.status == image.status else { return }
                try advance(image, in: transaction) { $0.forgetData() }
            }
        } catch {
            log.error("an upload could not be given up", metadata: ["image": "\(image.id)", "error": "\(error)"])
        }
    }

    /// What the caller is told when an upload fails.
    func uploadError(_ error: any Error) -> ServiceError {
        switch error {
        case let error as HostError where !error.isTransient:
            let reason = Message(
                "The file was refused: {reason}",
                ["reason": [error.reason, error.remedy].compactMap(\.self).joined(separator: ". ")])
            return .invalid([Violation(field: "file", code: "image_refused", message: reason)])
        case let error as HostError:
            return .unavailable(Message("The file could not be examined: {reason}", ["reason": error.reason]))
        case let error as ImageFileError where error.isFull:
            return ServiceError(.unavailable, code: "disk_full", "There is no room left for images on this disk.")
        default:
            return ServiceError(wrapping: error)
        }
    }

    /// Looks at a file, as far as somebody knows its format.
    /// - Returns: the bytes a guest would see; nil when it is no disk.
    func inspect(_ image: Image, _ path: String) throws -> Int64? {
        try image.hostFormat.map { try inspector.inspect(path: path, format: $0).virtualSize }
    }

    private func beginReceiving(
        _ purpose: ImageUpload.Purpose, _ id: ID<Image>, for rule: String, size: Int64?, as context: RequestContext
    ) throws -> (Image, room: Int64) {
        try ServiceError.wrapping {
            try database.write { transaction in
                let (old, room) = try uploadable(id, for: rule, size: size, as: context, in: transaction)
                var image = old
                image.status = purpose == .store ? .saving : .uploading
                image.updatedAt = clock.now()
                try save(image, over: old, in: transaction)
                return (image, room)
            }
        }
    }

    /// The image that may be sent bytes, and how many at most.
    func uploadable(
        _ id: ID<Image>, for rule: String, size: Int64?, as context: RequestContext,
        in transaction: borrowing Transaction
    ) throws -> (Image, room: Int64) {
        let image = try owned(id, for: rule, as: context, in: transaction)
        guard image.status == .queued || image.status == .killed else {
            throw ServiceError.conflict(
                code: "image_has_data", Message("Image {name} has data already.", ["name": image.name]))
        }
        let room = try room(of: image.ownerProjectID, in: transaction)
        guard size ?? 1 <= room else { throw Self.noRoom(room) }
        return (image, room)
    }

    /// How many bytes one more image of a project may have.
    func room(of projectID: String, in transaction: borrowing Transaction) throws -> Int64 {
        guard let quota = configuration.projectQuota else { return configuration.sizeLimit }
        return min(configuration.sizeLimit, max(0, quota - (try store.usage(of: projectID, in: transaction))))
    }

    static func noRoom(_ room: Int64) -> ServiceError {
        ServiceError(
            .overQuota, code: "image_too_large",
            Message("The image is too large: there is room for {room} bytes.", ["room": "\(room)"]))
    }
}

extension Image {
    /// The bytes are there.
    mutating func activate(_ sums: ImageSums, _ virtualSize: Int64?) {
        checksum = sums.md5
        sha512 = sums.sha512
        size = sums.size
        self.virtualSize = virtualSize
        status = .active
    }

    /// The bytes are gone, and others may come.
    mutating func forgetData() {
        size = nil
        status = .queued
    }
}
