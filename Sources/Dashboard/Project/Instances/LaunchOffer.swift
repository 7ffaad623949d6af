import Compute
import Images
import Networking
import ServiceCore

/// Everything there is to choose from when an instance is launched.
struct LaunchOffer: Sendable {
    /// More than these are found by the list of images, which links to a form with its image chosen.
    static let imageLimit = 100

    let images: [Image]
    let flavors: [Flavor]
    let networks: [Network]
    let securityGroups: [SecurityGroup]
    let keypairs: [Keypair]
    let zones: [String]
    /// `zone:host`, for administrators.
    let hosts: [String]
    let serverGroups: [ServerGroup]
    let quota: ComputeQuota
    /// Whether guests can ask for what is on a config drive.
    let hasMetadataService: Bool

    init(_ services: DashboardServices, chosen imageID: String?, as context: RequestContext) throws {
        var filter = ImageFilter()
        filter.launchable = true
        var images = try services.images.images(filter, page: PageRequest(limit: Self.imageLimit), as: context).items
        if let imageID, !images.contains(where: { $0.id.text == imageID }), let id = ID<Image>(untrusted: imageID),
            let chosen = try? services.images.image(id, as: context), chosen.isLaunchable
        {
            images.insert(chosen, at: 0)
        }
        self.images = images
        flavors = try services.compute.flavors(as: context)
        networks = try services.networking.networks(as: context, filter: NetworkFilter(.project))
            .filter { !$0.subnets.isEmpty }
        securityGroups = try services.networking.securityGroups(as: context)
        keypairs = try services.compute.keypairs(as: context)
        zones = try services.compute.availabilityZones(as: context)
        hosts = try services.compute.forcedHosts(as: context)
        serverGroups = try services.compute.serverGroups(as: context)
        hasMetadataService = services.compute.hasMetadataService
        quota = try services.compute.quota(projectID: context.requireProject(), as: context)
    }

    /// The smallest flavor that the image fits in.
    func fittingFlavor(imageID: String?) -> String? {
        guard let image = images.first(where: { $0.id.text == imageID }) else { return nil }
        return flavors.filter { $0.shortcomings(for: image).isEmpty }
            .min { ($0.memoryMiB, $0.diskGiB) < ($1.memoryMiB, $1.diskGiB) }?.id
    }
}
