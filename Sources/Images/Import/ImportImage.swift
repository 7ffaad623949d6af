import Database
import Foundation
import ServiceCore

/// The job of a task: gives an image its bytes. Begun anew it finds what has come, or fetches it again.
struct ImportImage: JobHandler {
    static let kind = "images.import"
    let images: ImageService

    var kind: String { Self.kind }

    func run(_ job: Job) throws {
        guard let task = try task(of: job), !task.isOver else { return }
        try images.importNow(task)
    }

    func abandoned(_ job: Job, because error: ServiceError) throws {
        guard let task = try task(of: job), !task.isOver else { return }
        try images.abandonImport(task, because: error)
    }

    private func task(of job: Job) throws -> ImageTask? {
        let payload: [String: String] = try job.decode()
        guard let id = payload["task"] else { return nil }
        return try images.database.read { try images.tasks.find(ID<ImageTask>(id), in: $0) }
    }
}

extension ImageService {
    func importNow(_ task: ImageTask) throws {
        let (task, image) = try beginImport(task)
        do {
            let source = try source(of: task)
            let image = try adopt(source, by: image)
            let sums = try fetch(image, source)
            let virtualSize = try inspect(image, files.importedPath(of: image.id))
            try files.publishImported(image.id)
            try database.write { transaction in
                try advance(image, in: transaction) { image in
                    image.activate(sums, virtualSize)
                    if task.kind == .imageImport { image.endImport(failed: "") }
                }
                try end(task, in: transaction)
            }
        } catch {
            throw uploadError(error)
        }
    }

    /// Nothing remains of what was fetched, and the image waits for its bytes. An image that the task itself made goes.
    func abandonImport(_ task: ImageTask, because error: ServiceError) throws {
        try ServiceError.wrapping {
            let image = try task.imageID.flatMap { id -> Image? in try database.read { try store.find(id, in: $0) } }
            if let id = task.imageID, image?.status ?? .importing == .importing { try files.remove(id) }
            try database.write { transaction in
                if let image, image.status == .importing {
                    if task.kind == .import {
                        try store.delete(image.id, in: transaction)
                        announce(image, .deleted, in: transaction)
                    } else {
                        try advance(image, in: transaction) { $0.failImport() }
                    }
                }
                try end(task, because: error, in: transaction)
            }
        }
    }

    private func beginImport(_ task: ImageTask) throws -> (ImageTask, Image) {
        try ServiceError.wrapping {
            try database.write { transaction in
                guard let id = task.imageID, let image = try store.find(id, in: transaction),
                    image.status == .importing
                else { throw ServiceError.notFound("Image", task.imageID?.text ?? "") }
                var task = task
                task.status = .processing
                task.updatedAt = clock.now()
                try tasks.save(task, in: transaction)
                return (task, image)
            }
        }
    }

    private enum Source {
        case staged
        case web(DownloadSource)
        case image(Image)
    }

    private func source(of task: ImageTask) throws -> Source {
        let json = Data(task.input.utf8)
        switch task.kind {
        case .import:
            return .web(
                try DownloadSource(JSONDecoder().decode(LegacyImportInput.self, from: json).source, configuration))
        case .imageImport:
            let method = try JSONDecoder().decode(ImportInput.self, from: json).request.method
            if let uri = method.uri { return .web(try DownloadSource(uri, configuration)) }
            guard let id = method.imageID else { return .staged }
            guard try configuration.isServed(method.region ?? ""),
                ["public", "internal", "admin"].contains(method.interface ?? "public")
            else {
                throw DownloadFailure.refused(
                    "there is no image service in region \(method.region ?? "") at \(method.interface ?? "")")
            }
            // Whoever asked may have nothing but what its project may have.
            let context = RequestContext(
                userID: task.userID, userName: "", projectID: task.projectID, roles: ["member"])
            guard let content = try content(of: ID<Image>(id.lowercased()), as: context) else {
                throw DownloadFailure.refused("image \(id) has no data")
            }
            return .image(content.image)
        }
    }

    /// An image takes over what matters for its bytes from the image it has them from: the formats and the properties
    /// that Glance copies (its `[glance_download_properties]`).
    private func adopt(_ source: Source, by image: Image) throws -> Image {
        guard case .image(let other) = source else { return image }
        return try database.write { transaction in
            try advance(image, in: transaction) { image in
                image.diskFormat = other.diskFormat
                image.containerFormat = other.containerFormat
                for (name, value) in other.properties where Self.isCopied(name) { image.properties[name] = value }
            }
        }
    }

    private static func isCopied(_ property: String) -> Bool {
        ["hw_", "trait:", "os_distro", "os_secure_boot", "os_type"].contains { property.hasPrefix($0) }
    }

    /// Sees to it that the bytes are in one file of the image, on the disk, and sums them.
    private func fetch(_ image: Image, _ source: Source) throws -> ImageSums {
        switch source {
        case .staged: break
        case .image(let other): try files.share(other.id, with: image.id)
        case .web(let source): return try download(source, for: image)
        }
        return try ImageSums(reading: files.importedPath(of: image.id), in: files)
    }

    private func download(_ source: DownloadSource, for image: Image) throws -> ImageSums {
        let most = try ServiceError.wrapping {
            try database.read { try room(of: image.ownerProjectID, in: $0) }
        }
        let writer = try ImageWriter(image.id, in: files)
        try WebDownload(timeout: configuration.downloadTimeout).fetch(source) { bytes in
            guard writer.size + Int64(bytes.count) <= most else { throw Self.noRoom(most) }
            try writer.append(bytes)
        }
        let sums = try writer.finish()
        try files.stage(image.id)
        return ImageSums(md5: sums.md5, sha512: sums.sha512, size: writer.size)
    }
}

extension Image {
    fileprivate mutating func failImport() {
        forgetData()
        endImport(failed: ImageStoreInformation.local.id)
    }

    fileprivate mutating func endImport(failed store: String) {
        properties[ImportProgress.task] = nil
        properties[ImportProgress.stores] = ""
        properties[ImportProgress.failed] = store
    }
}
