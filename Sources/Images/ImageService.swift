public import ComputeHost
public import Database
import Logging
public import ServiceCore

/// Images: the work of OpenStack's Glance. Rows are in the database, bytes are files named by the image's id.
///
/// Methods block; call them on a worker thread. The only error that leaves them is `ServiceError`.
public final class ImageService: Sendable {
    let database: DatabasePool
    let jobs: JobQueue
    let events: EventBus
    let clock: any WallClock
    let inspector: any ImageInspector
    let configuration: ImageConfiguration
    let files: ImageDirectory
    let store = ImageStore()
    let members = ImageMemberStore()
    let tasks = ImageTaskStore()
    let metadefs = MetadefStore()
    let log = Logger(label: "daybreak.images")

    /// Brings the tables up to date and says who does the jobs of images.
    /// - Parameters:
    ///   - directory: where the bytes are kept; made when it is missing.
    ///   - inspector: looks at every file before it becomes active.
    /// - Throws: `ServiceError` of kind internalError when tables or directory cannot be made.
    public init(
        database: DatabasePool, jobs: JobQueue, events: EventBus, clock: any WallClock, directory: String,
        inspector: any ImageInspector, configuration: ImageConfiguration = ImageConfiguration()
    ) throws {
        self.database = database
        self.jobs = jobs
        self.events = events
        self.clock = clock
        self.inspector = inspector
        self.configuration = configuration
        files = ImageDirectory(path: directory)
        try ServiceError.wrapping {
            try files.create()
            try database.migrate(ImagesSchema.migrations)
        }
        jobs.register(ImportImage(images: self))
    }

    /// Call once at start: what was being stored when the program stopped waits for its bytes again.
    /// - Throws: `ServiceError`.
    public func recover() throws {
        try ServiceError.wrapping {
            let given = try database.write { try store.requeueUnfinished(at: clock.now(), in: $0) }
            for id in given { log.notice("an interrupted upload was given up", metadata: ["image": "\(id)"]) }
            try files.removePartials()
        }
    }

    /// One stretch of the images the caller may use, newest first unless another order is asked for: public ones, those
    /// of the own project, and those that others share with it; administrators see all. Community images are found by id
    /// or when they are asked for, as in Glance.
    /// - Throws: `ServiceError`: invalid with a violation on marker, where the filter demands that there is one.
    public func images(
        _ filter: ImageFilter = ImageFilter(), page: PageRequest = PageRequest(), as context: RequestContext
    ) throws -> Page<Image> {
        try ServiceError.wrapping {
            try ImagePolicy.policy.require(ImagePolicy.get, context)
            let viewer = ImageViewer(
                projectID: context.isAdmin ? context.projectID : try context.requireProject(),
                seesAll: context.isAdmin)
            return try database.read { transaction in
                if filter.isMarkerRequired, let marker = page.marker,
                    try store.find(ID<Image>(marker), in: transaction) == nil
                {
                    throw Self.unknownMarker(marker)
                }
                let found = try store.list(filter, for: viewer, page: page, in: transaction)
                guard let start = page.restarted(after: found) else { return found }
                return try store.list(filter, for: viewer, page: start, in: transaction)
            }
        }
    }

    /// - Throws: `ServiceError`: notFound when there is no such image or it is not visible to the caller.
    public func image(_ id: ID<Image>, as context: RequestContext) throws -> Image {
        try ServiceError.wrapping {
            let image = try database.read { try visible(id, as: context, in: $0) }
            try ImagePolicy.policy.require(ImagePolicy.get, context)
            return image
        }
    }

    /// Whether the caller may create images.
    public func canCreate(as context: RequestContext) -> Bool {
        ImagePolicy.policy.allows(ImagePolicy.add, context) && context.projectID != nil
    }

    /// Whether the caller may delete the image, were it not protected.
    public func canDelete(_ image: Image, as context: RequestContext) -> Bool {
        may(ImagePolicy.delete, image, context)
    }

    /// Whether the caller may change what is said of the image.
    public func canUpdate(_ image: Image, as context: RequestContext) -> Bool {
        may(ImagePolicy.modify, image, context)
    }

    /// Whether the caller may keep the image's bytes back, and give them out again.
    public func canDeactivate(_ image: Image, as context: RequestContext) -> Bool {
        image.status.hasData && may(ImagePolicy.deactivate, image, context)
    }

    /// Whether the caller may offer the image to other projects. Only shared images are offered.
    public func canShare(_ image: Image, as context: RequestContext) -> Bool {
        image.visibility == .shared && may(ImagePolicy.changeMembers, image, context)
    }

    private func may(_ rule: String, _ image: Image, _ context: RequestContext) -> Bool {
        ImagePolicy.policy.allows(rule, context) && context.canSee(projectID: image.ownerProjectID)
    }

    /// Refuses callers who may not create images, before they fill in a form.
    /// - Throws: `ServiceError`: forbidden.
    public func requireCreate(as context: RequestContext) throws {
        try ImagePolicy.policy.require(ImagePolicy.add, context)
    }

    /// Creates the row; the bytes follow.
    /// - Throws: `ServiceError`: forbidden for a visibility, an owner or a property that is not the caller's to give;
    ///   invalid with violations on id, name, disk_format, container_format, min_disk, min_ram, owner, properties, tags;
    ///   overQuota with too many properties or tags; conflict when the id is taken.
    public func create(_ new: NewImage, as context: RequestContext) throws -> Image {
        try ServiceError.wrapping {
            let image = try checked(new, as: context)
            try database.write { try insert(image, in: $0) }
            return image
        }
    }

    /// Creates the row and begins to give it its bytes, or neither.
    /// - Throws: `ServiceError`: as ``create(_:as:)`` and ``importImage(_:_:as:)``.
    public func create(
        _ new: NewImage, importing request: ImportRequest, as context: RequestContext
    ) throws -> Image {
        try ServiceError.wrapping {
            let image = try checked(new, as: context)
            try database.write { transaction in
                try insert(image, in: transaction)
                _ = try begin(request, on: image, as: context, in: transaction)
            }
            return image
        }
    }

    private func checked(_ new: NewImage, as context: RequestContext) throws -> Image {
        try ImagePolicy.policy.require(ImagePolicy.add, context)
        try require(new.visibility, as: context)
        let project = try new.ownerProjectID ?? context.requireProject()
        guard context.isAdmin || project == context.projectID else { throw Self.foreignOwner(project) }
        return try image(from: new, ownedBy: project)
    }

    private func insert(_ image: Image, in transaction: borrowing Transaction) throws {
        guard try store.find(image.id, in: transaction) == nil else { throw Self.idIsTaken(image.id) }
        try store.insert(image, in: transaction)
        announce(image, .created, in: transaction)
    }

    /// Changes the row. The format may be changed until bytes have been found to be of it.
    /// - Throws: `ServiceError`: as ``update(_:_:as:)-([ImageChange])``.
    public func update(_ id: ID<Image>, _ update: ImageUpdate, as context: RequestContext) throws -> Image {
        try self.update(id, [.set(update)], as: context)
    }

    /// Changes the row step by step; all steps are taken or none.
    /// - Throws: `ServiceError`: forbidden; invalid with violations; conflict when a property is or is not there;
    ///   overQuota with too many properties or tags.
    public func update(_ id: ID<Image>, _ changes: [ImageChange], as context: RequestContext) throws -> Image {
        try ServiceError.wrapping {
            try database.write { transaction in
                let old = try owned(id, for: ImagePolicy.modify, as: context, in: transaction)
                guard !changes.isEmpty else { return old }
                for case .set(let update) in changes {
                    if let visibility = update.visibility { try require(visibility, as: context) }
                    if update.ownerProjectID != nil, !context.isAdmin { throw Self.ownerIsFixed }
                }
                for name in changes.flatMap(\.properties) { try ImageRules.requireFree(name) }
                let violations = changes.flatMap(\.violations)
                guard violations.isEmpty else { throw ServiceError.invalid(violations) }
                let image = try old.applying(changes, at: clock.now())
                try ImageRules.requireWithinLimits(image)
                try save(image, over: old, in: transaction)
                return image
            }
        }
    }

    /// Deletes row and bytes. Disks that were made from the image keep their base file.
    /// - Throws: `ServiceError`: conflict with code `image_protected` when the image is protected.
    public func delete(_ id: ID<Image>, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try database.write { transaction in
                let image = try owned(id, for: ImagePolicy.delete, as: context, in: transaction)
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

    /// Keeps the bytes back from everybody but administrators, or gives them out again.
    /// - Throws: `ServiceError`: invalid when there are no bytes.
    public func setActive(_ isActive: Bool, _ id: ID<Image>, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try database.write { transaction in
                let old = try owned(id, for: ImagePolicy.deactivate, as: context, in: transaction)
                guard old.status.hasData else {
                    throw ServiceError(
                        .invalid, code: "image_not_active",
                        Message("Image {name} has no data yet.", ["name": old.name]))
                }
                var image = old
                image.status = isActive ? .active : .deactivated
                guard image.status != old.status else { return }
                image.updatedAt = clock.now()
                try save(image, over: old, in: transaction)
            }
        }
    }

    /// The file of an image, to be sent; nil while there are no bytes.
    /// - Throws: `ServiceError`: notFound; forbidden when the image is deactivated.
    public func content(of id: ID<Image>, as context: RequestContext) throws -> ImageContent? {
        let image = try image(id, as: context)
        try ImagePolicy.policy.require(ImagePolicy.download, context)
        guard image.status != .deactivated || context.isAdmin else {
            throw ServiceError(
                .forbidden, code: "image_deactivated",
                Message("Image {name} is deactivated. Its data cannot be downloaded.", ["name": image.name]))
        }
        return image.status.hasData ? ImageContent(image: image, path: files.path(of: id)) : nil
    }
}

/// An image that has bytes, and where they are.
public struct ImageContent: Sendable {
    /// The image.
    public let image: Image
    /// The path of its file. What is there never changes; it goes with the image.
    public let path: String
}
