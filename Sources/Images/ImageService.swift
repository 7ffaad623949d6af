public import ComputeHost
public import Database
import Logging
public import ServiceCore

/// Images: the work of OpenStack's Glance. Rows are in the database, bytes are files named by the image's id.
///
/// Methods block; call them on a worker thread. The only error that leaves them is `ServiceError`.
public final class ImageService: Sendable {
    let database: DatabasePool
    let events: EventBus
    let clock: any WallClock
    let inspector: any ImageInspector
    let files: ImageDirectory
    let store = ImageStore()
    let log = Logger(label: "daybreak.images")

    /// Brings the tables up to date.
    /// - Parameters:
    ///   - directory: where the bytes are kept; made when it is missing.
    ///   - inspector: looks at every file before it becomes active.
    /// - Throws: `ServiceError` of kind internalError when tables or directory cannot be made.
    public init(
        database: DatabasePool, events: EventBus, clock: any WallClock, directory: String,
        inspector: any ImageInspector
    ) throws {
        self.database = database
        self.events = events
        self.clock = clock
        self.inspector = inspector
        files = ImageDirectory(path: directory)
        try ServiceError.wrapping {
            try files.create()
            try database.migrate(ImagesSchema.migrations)
        }
    }

    /// Call once at start: what was being stored when the program stopped is killed and its partial file removed.
    /// - Throws: `ServiceError`.
    public func recover() throws {
        try ServiceError.wrapping {
            let killed = try database.write { try store.killUnfinished(at: clock.now(), in: $0) }
            for id in killed { log.notice("an interrupted upload was given up", metadata: ["image": "\(id)"]) }
            try files.removePartials()
        }
    }

    /// One stretch of the images the caller may use, newest first: public ones and those of the own project;
    /// administrators see all. Community images are found by id, as in Glance.
    /// - Throws: `ServiceError`.
    public func images(
        _ filter: ImageFilter = ImageFilter(), page: PageRequest = PageRequest(), as context: RequestContext
    ) throws -> Page<Image> {
        try ServiceError.wrapping {
            try ImagePolicy.policy.require(ImagePolicy.get, context)
            let project = context.isAdmin ? nil : try context.requireProject()
            return try database.read { transaction in
                let found = try store.list(filter, visibleTo: project, page: page, in: transaction)
                guard let start = page.restarted(after: found) else { return found }
                return try store.list(filter, visibleTo: project, page: start, in: transaction)
            }
        }
    }

    /// - Throws: `ServiceError`: notFound when there is no such image or it is not visible to the caller.
    public func image(_ id: ID<Image>, as context: RequestContext) throws -> Image {
        try ServiceError.wrapping {
            try ImagePolicy.policy.require(ImagePolicy.get, context)
            return try database.read { try visible(id, as: context, in: $0) }
        }
    }

    /// Whether the caller may create images.
    public func canCreate(as context: RequestContext) -> Bool {
        ImagePolicy.policy.allows(ImagePolicy.add, context) && context.projectID != nil
    }

    /// Whether the caller may delete the image, were it not protected.
    public func canDelete(_ image: Image, as context: RequestContext) -> Bool {
        ImagePolicy.policy.allows(ImagePolicy.delete, context) && context.canSee(projectID: image.ownerProjectID)
    }

    /// Refuses callers who may not create images, before they fill in a form.
    /// - Throws: `ServiceError`: forbidden.
    public func requireCreate(as context: RequestContext) throws {
        try ImagePolicy.policy.require(ImagePolicy.add, context)
    }

    /// Creates the row; the bytes follow.
    /// - Throws: `ServiceError`: invalid with violations on name, disk_format, min_disk, min_ram, properties.
    public func create(_ new: NewImage, as context: RequestContext) throws -> Image {
        try ServiceError.wrapping {
            try ImagePolicy.policy.require(ImagePolicy.add, context)
            if new.visibility == .public { try ImagePolicy.policy.require(ImagePolicy.publicize, context) }
            let image = try image(from: new, ownedBy: context.requireProject())
            try database.write { transaction in
                try store.insert(image, in: transaction)
                announce(image, .created, in: transaction)
            }
            return image
        }
    }

    /// Changes the row. The format may be changed until bytes have been found to be of it.
    /// - Throws: `ServiceError`.
    public func update(_ id: ID<Image>, _ update: ImageUpdate, as context: RequestContext) throws -> Image {
        try ServiceError.wrapping {
            try ImagePolicy.policy.require(ImagePolicy.modify, context)
            if update.visibility == .public { try ImagePolicy.policy.require(ImagePolicy.publicize, context) }
            let violations = update.violations
            guard violations.isEmpty else { throw ServiceError.invalid(violations) }
            return try database.write { transaction in
                let old = try owned(id, as: context, in: transaction)
                let image = try old.applying(update, at: clock.now())
                guard try store.save(image, was: old.status, in: transaction) else { throw Self.changedMeanwhile }
                try store.setProperties(update.properties, of: id, in: transaction)
                announce(image, .updated, in: transaction)
                return image
            }
        }
    }

    /// Deletes row and bytes. Disks that were made from the image keep their base file.
    /// - Throws: `ServiceError`: conflict when the image is protected.
    public func delete(_ id: ID<Image>, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try ImagePolicy.policy.require(ImagePolicy.delete, context)
            try database.write { transaction in
                let image = try owned(id, as: context, in: transaction)
                guard !image.protected else {
                    throw ServiceError.conflict(
                        code: "image_protected",
                        Message("Image {name} is protected and cannot be deleted.", ["name": image.name]))
                }
                try store.delete(id, in: transaction)
                announce(image, .deleted, in: transaction)
            }
            try files.remove(id)
        }
    }

    /// The file of an active image, to be sent.
    /// - Throws: `ServiceError`: notFound; conflict when there are no bytes yet.
    public func contentPath(of id: ID<Image>, as context: RequestContext) throws -> String {
        let image = try image(id, as: context)
        guard image.status == .active else {
            throw ServiceError.conflict(
                code: "image_not_active", Message("Image {name} has no data yet.", ["name": image.name]))
        }
        return files.path(of: id)
    }

    /// The image, if the caller may see it.
    func visible(_ id: ID<Image>, as context: RequestContext, in transaction: borrowing Transaction) throws -> Image {
        guard let image = try store.find(id, in: transaction),
            image.visibility == .public || image.visibility == .community
                || context.canSee(projectID: image.ownerProjectID)
        else { throw ServiceError.notFound("Image", id.text) }
        return image
    }

    /// The image, if the caller may change it.
    func owned(_ id: ID<Image>, as context: RequestContext, in transaction: borrowing Transaction) throws -> Image {
        let image = try visible(id, as: context, in: transaction)
        guard context.canSee(projectID: image.ownerProjectID) else {
            throw ServiceError.forbidden(ImagePolicy.modify)
        }
        return image
    }

    func announce(_ image: Image, _ what: ResourceEvent.Change, in transaction: borrowing Transaction) {
        let owner = image.visibility == .private ? image.ownerProjectID : nil
        events.publish(ResourceEvent(kind: "image", id: image.id.text, projectID: owner, what: what), in: transaction)
    }

    func image(from new: NewImage, ownedBy projectID: String) throws -> Image {
        let violations = new.violations
        guard violations.isEmpty, let format = ImageFormat(rawValue: new.diskFormat) else {
            throw ServiceError.invalid(violations)
        }
        let now = clock.now()
        return Image(
            id: .random(), name: new.name, status: .queued, visibility: new.visibility, ownerProjectID: projectID,
            diskFormat: format,
            containerFormat: new.containerFormat.isEmpty ? format.defaultContainer : new.containerFormat,
            minDiskGiB: new.minDiskGiB, minRAMMiB: new.minRAMMiB, createdAt: now, updatedAt: now,
            protected: new.protected, properties: new.properties.filter { !$0.value.isEmpty })
    }

    static let changedMeanwhile = ServiceError.conflict(
        code: "image_changed", "The image was changed by somebody else at the same time.")
}

extension Image {
    /// The image after a change, whose values have been checked.
    fileprivate func applying(_ update: ImageUpdate, at now: Timestamp) throws -> Image {
        var image = self
        image.updatedAt = now
        if let name = update.name { image.name = name }
        if let minimum = update.minDiskGiB { image.minDiskGiB = minimum }
        if let minimum = update.minRAMMiB { image.minRAMMiB = minimum }
        if let visibility = update.visibility { image.visibility = visibility }
        if let protected = update.protected { image.protected = protected }
        for (name, value) in update.properties { image.properties[name] = value.isEmpty ? nil : value }
        if let format = update.diskFormat.flatMap(ImageFormat.init(rawValue:)), format != diskFormat {
            guard status == .queued || status == .killed else {
                throw ServiceError.conflict(
                    code: "image_has_data",
                    "The format of an image cannot be changed once its data has been found to be of that format.")
            }
            image.diskFormat = format
        }
        return image
    }
}
