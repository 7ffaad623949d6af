public import ServiceCore

/// Where bytes are kept.
extension ImageService {
    /// All stores with what only administrators may know of them.
    /// - Throws: `ServiceError`: forbidden.
    public func stores(as context: RequestContext) throws -> [ImageStoreInformation] {
        try ImagePolicy.policy.require(ImagePolicy.storeDetails, context)
        return ImageStoreInformation.all
    }

    /// Where the files of the store are.
    public var directoryPath: String { files.path }

    /// Takes an image's bytes out of a store. There is one store, and the last copy stays.
    /// - Throws: `ServiceError`: notFound for a store that is none, an image that cannot be seen, and one without bytes;
    ///   forbidden for all others.
    public func removeFromStore(_ store: String, _ id: ID<Image>, as context: RequestContext) throws {
        try ImagePolicy.policy.require(ImagePolicy.removeFromStore, context)
        let image = try image(id, as: context)
        guard store == ImageStoreInformation.local.id, image.status == .active || image.status == .deactivated else {
            throw ServiceError.notFound("Store", store)
        }
        throw ServiceError(
            .forbidden, code: "last_location",
            Message("Image {name} is in this store alone and cannot be taken out of it.", ["name": image.id.text]))
    }
}
