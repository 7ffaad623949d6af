import Database
public import ServiceCore

extension ImageService {
    /// What was and is done to an image, the oldest first.
    /// - Throws: `ServiceError`: notFound.
    public func tasks(of id: ID<Image>, as context: RequestContext) throws -> [ImageTask] {
        try ServiceError.wrapping {
            try database.read { transaction in
                _ = try visible(id, as: context, in: transaction)
                try ImagePolicy.policy.require(ImagePolicy.get, context)
                return try tasks.list(of: id, in: transaction)
            }
        }
    }

    /// One stretch of all tasks, the newest first; for administrators.
    /// - Throws: `ServiceError`: forbidden; invalid with a violation on marker.
    public func tasks(
        _ filter: ImageTaskFilter = ImageTaskFilter(), page: PageRequest = PageRequest(), as context: RequestContext
    ) throws -> Page<ImageTask> {
        try ServiceError.wrapping {
            try ImagePolicy.policy.require(ImagePolicy.tasks, context)
            return try database.read { transaction in
                if let marker = page.marker, try tasks.find(ID<ImageTask>(marker), in: transaction) == nil {
                    throw Self.unknownMarker(marker)
                }
                return try tasks.list(filter, page: page, in: transaction)
            }
        }
    }

    /// One task; for administrators.
    /// - Throws: `ServiceError`: forbidden; notFound.
    public func task(_ id: ID<ImageTask>, as context: RequestContext) throws -> ImageTask {
        try ServiceError.wrapping {
            try ImagePolicy.policy.require(ImagePolicy.tasks, context)
            guard let task = try database.read({ try tasks.find(id, in: $0) }) else {
                throw ServiceError.notFound("Task", id.text)
            }
            return task
        }
    }

    /// Refuses those who have nothing to do with tasks, before what they send is read.
    /// - Throws: `ServiceError`: forbidden.
    public func requireTasks(as context: RequestContext) throws {
        try ImagePolicy.policy.require(ImagePolicy.tasks, context)
    }

    /// Makes an image of what an address has; for administrators. A job does it.
    /// - Parameters:
    ///   - source: what is fetched.
    ///   - properties: what was asked for, as the task shall repeat it.
    /// - Throws: `ServiceError`: as ``create(_:as:)``; invalid with a violation on uri.
    public func createImportTask(
        _ new: NewImage, from source: String, format: String, properties: [String: String], as context: RequestContext
    ) throws -> ImageTask {
        try ServiceError.wrapping {
            try ImagePolicy.policy.require(ImagePolicy.tasks, context)
            _ = try DownloadSource(source, configuration)
            let project = try new.ownerProjectID ?? context.requireProject()
            var image = try image(from: new, ownedBy: project)
            image.status = .importing
            let input = try LegacyImportInput(source: source, format: format, properties: properties).jsonText
            return try database.write { transaction in
                try store.insert(image, in: transaction)
                announce(image, .created, in: transaction)
                return try begin(
                    .import, on: image.id, project: project, input: input, as: context, in: transaction)
            }
        }
    }

    /// Writes a task and the job that does it, and forgets old ones.
    func begin(
        _ kind: ImageTask.Kind, on id: ID<Image>?, project: String, input: String, as context: RequestContext,
        in transaction: borrowing Transaction
    ) throws -> ImageTask {
        let now = clock.now()
        try tasks.deleteExpired(before: now, in: transaction)
        let task = ImageTask(
            id: .random(), kind: kind, status: .pending, projectID: project, userID: context.userID,
            requestID: context.requestID, imageID: id, input: input, message: "", createdAt: now, updatedAt: now)
        try tasks.insert(task, in: transaction)
        try jobs.enqueue(
            NewJob(
                kind: ImportImage.kind, resource: id?.text ?? task.id.text, payload: ["task": task.id.text],
                requestID: context.requestID),
            in: transaction)
        return task
    }

    /// Says that a task has ended.
    func end(_ task: ImageTask, because error: ServiceError? = nil, in transaction: borrowing Transaction) throws {
        var ended = task
        ended.status = error == nil ? .success : .failure
        ended.message = error?.message.english ?? ""
        if error == nil, let image = task.imageID { ended.result = "{\"image_id\": \"\(image.text)\"}" }
        ended.updatedAt = clock.now()
        ended.expiresAt = ended.updatedAt.adding(seconds: ImageTask.secondsKept)
        try tasks.save(ended, in: transaction)
    }
}
