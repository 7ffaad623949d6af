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
    /// New key-value pairs; nil keeps the present ones.
    public var metadata: [String: String]?
    /// What else shall change with it; its name and description do not count.
    public var update = InstanceUpdate()
    /// What the new guest is given to read at its first start; nil keeps what there is.
    public var userData: Change<[UInt8]>?
    /// Files for the new guest; those of the old one are forgotten.
    public var files: [InjectedFile] = []
    /// For the new guest's first user, on its config drive when it has one.
    public var adminPassword: String?
    /// A keypair of the caller for the new guest; nil keeps the present one.
    public var keypairName: Change<String>?

    /// A new value, or none any more.
    public enum Change<Value: Sendable>: Sendable {
        case set(Value)
        case remove
    }

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
    /// - Throws: `ServiceError`: invalid with violations on image_id, flavor_id, name, description; overQuota; conflict.
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
            violations += LaunchRules.metadata(request.metadata ?? [:])
            let keypair = try keypair(for: request, as: context, &violations)
            guard violations.isEmpty, let image, let pinned = PinnedImage(image) else {
                throw ServiceError.invalid(violations)
            }
            return try self.request(.rebuild, on: id, as: context) { transaction, instance in
                let wasRunning = instance.state.vm != .stopped
                let replaced = ReplacedImage(id: instance.imageID.text, name: instance.imageName)
                try lifecycle.extras.update(id, in: transaction) {
                    $0.rebuildImage = pinned
                    $0.replacedImage = replaced
                    $0.wasRunning = wasRunning
                    $0.adminPassword = request.adminPassword.map(work.passwordSeal.seal)
                }
                // As in nova, the answer already names the image it will be made of.
                instance.imageID = image.id
                instance.imageName = image.name
                if let name { instance.name = name }
                if let description = request.description { instance.description = description }
                try apply(request, keypair, to: &instance, in: transaction)
            }
        }
    }

    private func keypair(
        for request: RebuildRequest, as context: RequestContext, _ violations: inout [Violation]
    ) throws -> Keypair? {
        guard case .set(let name) = request.keypairName else { return nil }
        return try find(keypair: name, of: context.userID, &violations)
    }

    /// What else a rebuild changes.
    private func apply(
        _ request: RebuildRequest, _ keypair: Keypair?, to instance: inout Instance,
        in transaction: borrowing Transaction
    ) throws {
        if let metadata = request.metadata {
            try requireRoom(for: metadata, ofProject: instance.projectID, in: transaction)
            try lifecycle.metadata.replace(metadata, of: instance.id, in: transaction)
            instance.metadata = metadata
        }
        try requireRoom(for: request.files, ofProject: instance.projectID, in: transaction)
        try lifecycle.specs.setFiles(request.files, of: instance.id, in: transaction)
        instance.accessIPv4 = request.update.accessIPv4 ?? instance.accessIPv4
        instance.accessIPv6 = request.update.accessIPv6 ?? instance.accessIPv6
        instance.diskConfig = request.update.diskConfig ?? instance.diskConfig
        instance.hostname = request.update.hostname ?? instance.hostname
        if request.keypairName != nil {
            instance.keyName = keypair?.name
            try lifecycle.specs.setPublicKey(keypair?.publicKey, of: instance.id, in: transaction)
        }
        switch request.userData {
        case .set(let bytes): try lifecycle.specs.setUserData(bytes, of: instance.id, in: transaction)
        case .remove: try lifecycle.specs.setUserData(nil, of: instance.id, in: transaction)
        case nil: break
        }
    }

    /// Boots the guest from an image, with its own disk as the second one, so that it can be repaired. Nil: the image
    /// the instance was made from.
    /// - Parameter adminPassword: for the first user of the guest that repairs.
    /// - Throws: `ServiceError`: invalid with violations on rescue_image_ref; conflict.
    @discardableResult
    public func rescue(
        _ id: ID<Instance>, imageID: String? = nil, adminPassword: String? = nil, as context: RequestContext
    ) throws -> Instance {
        try ServiceError.wrapping {
            let instance = try requireAvailable(.rescue, on: id, as: context)
            let image = try rescueImage(imageID.flatMap { $0.isEmpty ? nil : $0 }, of: instance, as: context)
            return try request(.rescue, on: id, as: context) { transaction, _ in
                try lifecycle.extras.update(id, in: transaction) {
                    $0.rescueImage = image
                    $0.adminPassword = adminPassword.map(work.passwordSeal.seal)
                }
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
    /// - Parameter properties: beside what nova writes into such an image.
    /// - Throws: `ServiceError`: invalid with violations on name; conflict.
    @discardableResult
    public func createImage(
        of id: ID<Instance>, name: String, properties: [String: String] = [:], as context: RequestContext
    ) throws -> Image {
        var made: Image?
        _ = try request(.createImage, on: id, as: context) { transaction, instance in
            made = try reserveImage(
                named: name.trimmed, of: instance, properties: properties, as: context, in: transaction)
        }
        guard let made else { throw ServiceError.internalError(cause: MissingImage()) }
        return made
    }

    /// Makes an image of an instance's disk as one of a row of backups, of which the newest `rotation` are kept.
    /// - Returns: nil when none is to be kept.
    /// - Throws: `ServiceError`: as ``createImage(of:name:properties:as:)``.
    public func createBackup(
        of id: ID<Instance>, name: String, type: String, rotation: Int, properties: [String: String] = [:],
        as context: RequestContext
    ) throws -> Image? {
        _ = try requireAvailable(.createImage, on: id, as: context)
        let marks = ["image_type": "backup", "backup_type": type]
        let made =
            rotation > 0
            ? try createImage(of: id, name: name, properties: properties.merging(marks) { $1 }, as: context) : nil
        let backups = try images.images(as: context).items.filter { image in
            image.properties["instance_uuid"] == id.text && image.properties["backup_type"] == type
                && image.properties["image_type"] == "backup"
        }
        for old in backups.sorted(by: { $0.createdAt > $1.createdAt }).dropFirst(max(0, rotation)) {
            try images.delete(old.id, as: context)
        }
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
        named name: String, of instance: Instance, properties: [String: String] = [:], as context: RequestContext,
        in transaction: borrowing Transaction
    ) throws -> Image {
        var new = NewImage(name: name, diskFormat: ImageFormat.qcow2.rawValue)
        let base = try images.find(instance.imageID, in: transaction)
        new.minDiskGiB = max(instance.flavor.diskGiB, base?.minDiskGiB ?? 0)
        new.minRAMMiB = base?.minRAMMiB ?? 0
        new.properties = [
            "image_type": "snapshot", "base_image_ref": instance.imageID.text, "instance_uuid": instance.id.text,
            "user_id": context.userID, "owner_id": instance.projectID, "owner_project_name": instance.projectName,
            "owner_user_name": context.userName,
        ].merging(properties) { $1 }
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
        self.init(
            id: image.id.text, name: image.name, format: format,
            properties: KnownImageProperties.among(image.properties))
    }
}
