import ComputeHost
import Database
public import Images
public import ServiceCore

/// What is asked for when an instance is rebuilt. Nothing in it has been checked.
public struct RebuildRequest: Sendable {
    /// The image its disk is made from anew.
    public var imageID: String
    /// A new name; nil keeps the present one.
    public var name: String?
    /// A new description; nil keeps the present one.
    public var description: String?

    /// Makes a request.
    public init(imageID: String, name: String? = nil, description: String? = nil) {
        self.imageID = imageID
        self.name = name
        self.description = description
    }
}

extension ComputeService {
    /// Replaces an instance's disk by a fresh one of an image. Its id, addresses and size stay; what was on the disk is
    /// lost. One that was shut off stays so.
    /// - Throws: `ServiceError`: invalid with violations on image_id, flavor_id, name, description; conflict.
    @discardableResult
    public func rebuild(
        _ id: ID<Instance>, _ request: RebuildRequest, as context: RequestContext
    ) throws -> Instance {
        let name = request.name.map(\.trimmed)
        return try ServiceError.wrapping {
            let instance = try requireAvailable(.rebuild, on: id, as: context)
            var violations = [
                name.flatMap(LaunchRules.name), request.description.flatMap(LaunchRules.description),
            ].compactMap(\.self)
            let image = try find(image: request.imageID, as: context, &violations)
            if let image { violations += Self.misfits(of: image, for: instance.flavor) }
            guard violations.isEmpty, let image, let pinned = PinnedImage(image) else {
                throw ServiceError.invalid(violations)
            }
            return try self.request(.rebuild, on: id, as: context) { transaction, instance in
                let wasRunning = instance.state.vm != .stopped
                try lifecycle.extras.update(id, in: transaction) {
                    $0.rebuildImage = pinned
                    $0.wasRunning = wasRunning
                }
                if let name { instance.name = name }
                if let description = request.description { instance.description = description }
            }
        }
    }

    /// Boots the guest from an image, with its own disk as the second one, so that it can be repaired. Nil: the image
    /// the instance was made from.
    /// - Throws: `ServiceError`: invalid with violations on rescue_image_ref; conflict.
    @discardableResult
    public func rescue(_ id: ID<Instance>, imageID: String? = nil, as context: RequestContext) throws -> Instance {
        try ServiceError.wrapping {
            let instance = try requireAvailable(.rescue, on: id, as: context)
            let image = try rescueImage(imageID.flatMap { $0.isEmpty ? nil : $0 }, of: instance, as: context)
            return try request(.rescue, on: id, as: context) { transaction, _ in
                try lifecycle.extras.update(id, in: transaction) { $0.rescueImage = image }
            }
        }
    }

    private func rescueImage(
        _ id: String?, of instance: Instance, as context: RequestContext
    ) throws -> PinnedImage {
        guard let id else {
            let spec = try database.read { try lifecycle.specs.find(instance.id, in: $0) }
            return PinnedImage(
                id: instance.imageID.text, name: instance.imageName, format: spec?.imageFormat ?? .raw)
        }
        var violations: [Violation] = []
        let image = try find(image: id, field: "rescue_image_ref", as: context, &violations)
        guard violations.isEmpty, let image, let pinned = PinnedImage(image) else {
            throw ServiceError.invalid(violations)
        }
        return pinned
    }

    /// Makes an image of an instance's disk; the guest goes on meanwhile. The image is there at once and becomes
    /// active when the disk has been copied.
    /// - Throws: `ServiceError`: invalid with violations on name; conflict.
    @discardableResult
    public func createImage(of id: ID<Instance>, name: String, as context: RequestContext) throws -> Image {
        var made: Image?
        _ = try request(.createImage, on: id, as: context) { transaction, instance in
            made = try reserveImage(named: name.trimmed, of: instance, as: context, in: transaction)
        }
        guard let made else { throw ServiceError.internalError(cause: MissingImage()) }
        return made
    }

    private struct MissingImage: Error {}

    /// Keeps an instance as an image and takes it off its host.
    func shelve(_ id: ID<Instance>, as context: RequestContext) throws -> Instance {
        try request(.shelve, on: id, as: context) { transaction, instance in
            let wasRunning = instance.state.vm == .active || instance.state.vm == .paused
            let name = String(instance.name.prefix(NewImage.nameLimit - 8)) + "-shelved"
            _ = try reserveImage(named: name, of: instance, as: context, in: transaction)
            try lifecycle.extras.update(id, in: transaction) { $0.wasRunning = wasRunning }
        }
    }

    /// The row of an image that will be made of an instance's disk, with what nova writes into one.
    private func reserveImage(
        named name: String, of instance: Instance, as context: RequestContext, in transaction: borrowing Transaction
    ) throws -> Image {
        var new = NewImage(name: name, diskFormat: ImageFormat.qcow2.rawValue)
        let base = try images.find(instance.imageID, in: transaction)
        new.minDiskGiB = max(instance.flavor.diskGiB, base?.minDiskGiB ?? 0)
        new.minRAMMiB = base?.minRAMMiB ?? 0
        new.properties = [
            "image_type": "snapshot", "base_image_ref": instance.imageID.text, "instance_uuid": instance.id.text,
            "user_id": context.userID, "owner_id": instance.projectID, "owner_project_name": instance.projectName,
            "owner_user_name": context.userName,
        ]
        let owner = context.projectID ?? instance.projectID
        let image = try images.reserve(new, ownedBy: owner, madeOf: instance.id.text, as: context, in: transaction)
        try lifecycle.extras.update(instance.id, in: transaction) { $0.snapshotImageID = image.id.text }
        return image
    }

    /// Why an image does not fit the size an instance has.
    private static func misfits(of image: Image, for flavor: InstanceFlavor) -> [Violation] {
        let flavor = Flavor(
            id: flavor.id, name: flavor.name, vcpus: flavor.vcpus, memoryMiB: flavor.memoryMiB,
            diskGiB: flavor.diskGiB, isPublic: true)
        return flavor.shortcomings(for: image).map {
            Violation(field: "image_id", code: "flavor_too_small", message: $0, value: image.id.text)
        }
    }
}

extension PinnedImage {
    /// Nil when no host can make a disk of it.
    fileprivate init?(_ image: Image) {
        guard let format = image.hostFormat else { return nil }
        self.init(id: image.id.text, name: image.name, format: format)
    }
}
