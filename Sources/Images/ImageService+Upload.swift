import ComputeHost
import Database
import Logging
public import ServiceCore

extension ImageService {
    /// Begins to take an image's bytes piece by piece. An image that was killed may be tried again.
    /// - Throws: `ServiceError`: conflict when the image has bytes, or somebody else is sending some.
    public func beginUpload(_ id: ID<Image>, as context: RequestContext) throws -> ImageUpload {
        let image = try beginSaving(id, as: context)
        do {
            return ImageUpload(image, writer: try ImageWriter(id, in: files), service: self)
        } catch {
            kill(image)
            throw uploadError(error)
        }
    }

    /// Takes a whole file as an image's bytes. The file is moved: it is gone afterwards, also when it was refused.
    /// - Throws: `ServiceError`: invalid with field `file` when the bytes are refused; the image is killed then.
    public func store(_ id: ID<Image>, movingFile path: String, as context: RequestContext) throws -> Image {
        try store(id, movingFile: path, seed: nil, as: context)
    }

    private func store(
        _ id: ID<Image>, movingFile path: String, seed: String?, as context: RequestContext
    ) throws -> Image {
        let image = try beginSaving(id, as: context)
        let writer: ImageWriter
        do {
            writer = try ImageWriter(id, adopting: path, in: files)
        } catch {
            kill(image)
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
            var image = image
            let sums = try writer.finish()
            image.checksum = sums.md5
            image.sha512 = sums.sha512
            image.size = writer.size
            image.virtualSize = try inspect(image)
            image.status = .active
            image.updatedAt = clock.now()
            try files.publish(image.id)
            let saved = try database.write { transaction in
                guard try store.save(image, was: .saving, in: transaction) else { return false }
                announce(image, .updated, in: transaction)
                if let seed { try store.recordSeed(named: seed, image.id, at: clock.now(), in: transaction) }
                return true
            }
            guard saved else { throw Self.changedMeanwhile }
            return image
        } catch {
            kill(image)
            throw uploadError(error)
        }
    }

    /// Gives an upload up: no bytes remain. Quiet when the image is gone.
    func kill(_ image: Image) {
        do {
            try files.remove(image.id)
            var image = image
            image.status = .killed
            image.updatedAt = clock.now()
            try database.write { transaction in
                if try store.save(image, was: .saving, in: transaction) { announce(image, .updated, in: transaction) }
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

    private func inspect(_ image: Image) throws -> Int64? {
        guard let format = image.diskFormat.hostFormat else { return nil }
        return try inspector.inspect(path: files.partialPath(of: image.id), format: format).virtualSize
    }

    private func beginSaving(_ id: ID<Image>, as context: RequestContext) throws -> Image {
        try ServiceError.wrapping {
            try ImagePolicy.policy.require(ImagePolicy.upload, context)
            return try database.write { transaction in
                let old = try owned(id, as: context, in: transaction)
                var image = old
                image.status = .saving
                image.updatedAt = clock.now()
                guard old.status == .queued || old.status == .killed else {
                    throw ServiceError.conflict(
                        code: "image_has_data", Message("Image {name} has data already.", ["name": image.name]))
                }
                guard try store.save(image, was: old.status, in: transaction) else { throw Self.changedMeanwhile }
                announce(image, .updated, in: transaction)
                return image
            }
        }
    }
}
