import Database
import Foundation
public import ServiceCore

/// Properties in which Glance tells how an import goes.
enum ImportProgress {
    static let task = "os_glance_import_task"
    static let stores = "os_glance_importing_to_stores"
    static let failed = "os_glance_failed_import"
}

extension ImageService {
    /// Refuses bytes that would be refused anyway, before any of them is read.
    /// - Throws: `ServiceError`: as ``beginStaging(_:size:as:)``.
    public func requireStaging(_ id: ID<Image>, size: Int64? = nil, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try database.read { transaction in
                _ = try uploadable(id, for: ImagePolicy.modify, size: size, as: context, in: transaction)
            }
        }
    }

    /// Begins to take bytes piece by piece that an import will make the image's.
    /// - Parameter size: how many bytes are announced; nil when nobody knows.
    /// - Throws: `ServiceError`: conflict when the image is not queued; overQuota when there is no room for so many.
    public func beginStaging(_ id: ID<Image>, size: Int64? = nil, as context: RequestContext) throws -> ImageUpload {
        try begin(.stage, id, for: ImagePolicy.modify, size: size, as: context)
    }

    /// Keeps what was written until it is imported.
    func keep(_ image: Image, _ writer: ImageWriter) throws -> Image {
        do {
            _ = try writer.finish()
            try files.stage(image.id)
            return try database.write { transaction in
                try advance(image, in: transaction) { $0.size = writer.size }
            }
        } catch {
            giveUp(image)
            throw uploadError(error)
        }
    }

    /// Begins to give an image its bytes. A job does it.
    /// - Returns: the task that tells how it goes.
    /// - Throws: `ServiceError`: conflict when the image is not in a state for the method, lacks a format, or the store
    ///   is not one of ours; invalid with a violation on uri.
    @discardableResult
    public func importImage(
        _ id: ID<Image>, _ request: ImportRequest, as context: RequestContext
    ) throws -> ImageTask {
        try ServiceError.wrapping {
            try database.write { transaction in
                let image = try owned(id, for: ImagePolicy.modify, as: context, in: transaction)
                return try begin(request, on: image, as: context, in: transaction)
            }
        }
    }

    /// Checks a request for an import and writes its task.
    func begin(
        _ request: ImportRequest, on image: Image, as context: RequestContext, in transaction: borrowing Transaction
    ) throws -> ImageTask {
        try Self.require(request, fits: image)
        for store in request.stores ?? [] where store != ImageStoreInformation.local.id {
            throw ServiceError.conflict(
                code: "unknown_store", Message("There is no store {store}.", ["store": store]))
        }
        switch request.method {
        case .webDownload(let uri): _ = try DownloadSource(uri, configuration)
        case .glanceDownload(let source, _, _):
            guard ImageRules.id(source) == nil else { throw Self.noRemoteID(source) }
        case .glanceDirect: break
        }
        let input = try ImportInput(request, of: image.id).jsonText
        let task = try begin(
            .imageImport, on: image.id, project: image.ownerProjectID, input: input, as: context, in: transaction)
        try advance(image, in: transaction) { image in
            image.status = .importing
            image.properties[ImportProgress.task] = task.id.text
            image.properties[ImportProgress.stores] = ImageStoreInformation.local.id
            image.properties[ImportProgress.failed] = ""
        }
        return task
    }

    private static func noRemoteID(_ id: String) -> ServiceError {
        .invalid([
            Violation(
                field: "glance_image_id", code: "not_a_uuid",
                message: Message("Remote image id does not look like a UUID: {id}", ["id": id]), value: id)
        ])
    }

    private static func require(_ request: ImportRequest, fits image: Image) throws {
        guard image.status != .active else {
            throw ServiceError.conflict(
                code: "image_has_data", Message("Image {name} has data already.", ["name": image.name]))
        }
        switch request.method {
        case .glanceDirect:
            guard image.status == .uploading, image.size != nil else {
                throw ServiceError.conflict(
                    code: "image_not_staged", "An image must be staged before it can be imported with glance-direct.")
            }
        case .webDownload, .glanceDownload:
            guard image.status == .queued else {
                throw ServiceError.conflict(
                    code: "image_not_queued",
                    Message("An image must be queued to be imported with {method}.", ["method": request.method.name]))
            }
        }
        for (attribute, value) in [
            ("container_format", image.containerFormat), ("disk_format", image.diskFormat?.rawValue),
        ] where value == nil {
            throw ServiceError.conflict(
                code: "format_missing", Message("{name} must be set before the import.", ["name": attribute]))
        }
    }
}
