import Database
import Images
public import ServiceCore

/// A flavor an instance could be resized to, and why it cannot.
public struct ResizeOption: Sendable {
    /// The flavor.
    public let flavor: Flavor
    /// Why the instance cannot get it, with the field `flavor_id`; empty when it can.
    public let refusals: [Violation]

    /// - Parameter image: what the instance's disk was made from, if that exists still.
    init(_ flavor: Flavor, for instance: Instance, image: Image?) {
        self.flavor = flavor
        var refusals: [Violation] = []
        func refuse(_ code: String, _ message: Message) {
            refusals.append(Violation(field: "flavor_id", code: code, message: message, value: flavor.id))
        }
        if flavor.id == instance.flavor.id {
            refuse("same_flavor", Message("The instance has this flavor already. Choose another one."))
        }
        // A disk cannot shrink without harm to what is on it; nova refuses that too.
        if flavor.diskGiB < instance.flavor.diskGiB {
            let sizes = ["has": "\(instance.flavor.diskGiB)", "asked": "\(flavor.diskGiB)"]
            refuse("disk_too_small", Message("The disk has {has} GB and cannot shrink to {asked} GB.", sizes))
        }
        if let image {
            for shortcoming in flavor.shortcomings(for: image) { refuse("flavor_too_small", shortcoming) }
        }
        self.refusals = refusals
    }
}

extension ComputeService {
    /// Every flavor the caller may use, smallest first, each with what speaks against it for this instance.
    /// - Throws: `ServiceError`.
    public func resizeOptions(for id: ID<Instance>, as context: RequestContext) throws -> [ResizeOption] {
        let flavors = try flavors(as: context)
        return try ServiceError.wrapping {
            try database.read { transaction in
                let instance = try visible(id, as: context, in: transaction)
                let image = try images.find(instance.imageID, in: transaction)
                return flavors.map { ResizeOption($0, for: instance, image: image) }
            }
        }
    }
}
