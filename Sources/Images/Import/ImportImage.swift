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
            let sums = try fetch(image, try source(of: task))
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

    /// Where the bytes come from; nil: they are staged.
    private func source(of task: ImageTask) throws -> DownloadSource? {
        let json = Data(task.input.utf8)
        switch task.kind {
        case .import:
            return try DownloadSource(JSONDecoder().decode(LegacyImportInput.self, from: json).source, configuration)
        case .imageImport:
            let method = try JSONDecoder().decode(ImportInput.self, from: json).request.method
            return try method.uri.map { try DownloadSource($0, configuration) }
        }
    }

    /// Sees to it that the bytes are in one file of the image, on the disk, and sums them.
    private func fetch(_ image: Image, _ source: DownloadSource?) throws -> ImageSums {
        guard let source else { return try ImageSums(reading: files.importedPath(of: image.id), in: files) }
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
