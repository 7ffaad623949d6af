import ComputeHost
public import Database
import Logging
public import ServiceCore

/// Images made of instances' disks. A host writes the bytes, as a job's work, into the file the image will have; all of
/// this may be repeated.
extension ImageService {
    /// The image whoever may see it; for services that hold its id.
    /// - Throws: `DatabaseError`.
    public func find(_ id: ID<Image>, in transaction: borrowing Transaction) throws -> Image? {
        try store.find(id, in: transaction)
    }

    /// Makes the row of an image that a host will fill, in the transaction in which that is decided.
    /// - Throws: `ServiceError`: forbidden; invalid with violations on name, min_disk, min_ram, properties.
    public func reserve(
        _ new: NewImage, ownedBy projectID: String, madeOf instanceID: String, as context: RequestContext,
        in transaction: borrowing Transaction
    ) throws -> Image {
        try ImagePolicy.policy.require(ImagePolicy.add, context)
        if let missing = new.missingName { throw ServiceError.invalid([missing]) }
        let image = try image(from: new, ownedBy: projectID)
        try store.insert(image, in: transaction)
        try store.setInstance(instanceID, of: image.id, in: transaction)
        announce(image, .created, in: transaction)
        return image
    }

    /// Says that a host begins to write the image's file.
    /// - Throws: `ServiceError`: notFound when it was deleted meanwhile.
    public func beginSnapshot(_ id: ID<Image>) throws -> Image {
        try ServiceError.wrapping {
            try database.write { transaction in
                guard let image = try store.find(id, in: transaction) else {
                    throw ServiceError.notFound("Image", id.text)
                }
                guard image.status == .queued else { return image }
                var saving = image
                saving.status = .saving
                saving.updatedAt = clock.now()
                try save(saving, over: image, in: transaction)
                return saving
            }
        }
    }

    /// Takes over the file that a host has written: inspects and sums it, and makes the image active.
    /// - Throws: `ServiceError`: notFound when the image was deleted meanwhile; invalid when the file is no good.
    public func finishSnapshot(_ id: ID<Image>) throws -> Image {
        do {
            let found = try database.read { try store.find(id, in: $0) }
            guard let image = found else { throw ServiceError.notFound("Image", id.text) }
            guard image.status != .active else { return image }
            let sums = try ImageSums(reading: files.path(of: id), in: files)
            let virtualSize = try inspect(image, files.path(of: id))
            return try database.write { transaction in
                try store.setInstance(nil, of: id, in: transaction)
                return try advance(image, in: transaction) { $0.activate(sums, virtualSize) }
            }
        } catch {
            throw uploadError(error)
        }
    }

    /// Gives a snapshot up that has not become active: neither row nor file remains. Absent is a success.
    /// - Throws: `ServiceError`.
    public func discardSnapshot(_ id: ID<Image>) throws {
        try ServiceError.wrapping {
            let isOurs = try database.write { transaction in
                guard let image = try store.find(id, in: transaction) else { return true }
                guard image.status != .active else { return false }
                try store.delete(id, in: transaction)
                announce(image, .deleted, in: transaction)
                return true
            }
            if isOurs { try files.remove(id) }
        }
    }

    /// Removes the image of an instance that needs it no longer. Absent is a success; one that its owner protects stays.
    /// - Throws: `ServiceError`.
    public func removeSnapshot(_ id: ID<Image>) throws {
        do {
            try delete(id, as: .system("compute"))
        } catch {
            let error = ServiceError(wrapping: error)
            guard error.kind == .notFound || error.code == "image_protected" else { throw error }
        }
    }
}
