import ComputeHost
import Images
import ServiceCore

/// What the work on an instance must remember from one step to the next and is no part of what the instance is.
struct InstanceExtra: Codable, Hashable, Sendable {
    /// What a resize goes from; nil when none is open.
    var oldFlavor: InstanceFlavor?
    /// What a resize goes to; nil when none is open.
    var newFlavor: InstanceFlavor?
    /// Whether the guest ran when the resize, shelving or rebuild was asked for.
    var wasRunning: Bool?
    /// What the guest is rescued with; nil unless it is.
    var rescueImage: PinnedImage?
    /// What the instance is rebuilt from; nil unless it is.
    var rebuildImage: PinnedImage?
    /// What it was made from before; nil unless it is rebuilt.
    var replacedImage: ReplacedImage?
    /// The image being made of its disk; nil when none is.
    var snapshotImageID: String?
    /// What a shelved instance will be taken back from; nil unless it is shelved.
    var shelvedImageID: String?
    /// What its first user shall have as a password, sealed; nil when its config drive has it or nobody gave one.
    var adminPassword: String?
    /// Whether it is to be deleted whatever its host says.
    var isForced: Bool?

    /// Whether the image that is being made is that of a shelving, which alone remembers how the guest was.
    var isOfShelving: Bool { snapshotImageID != nil && wasRunning != nil }
}

/// An image as it was when it was chosen: its row may go before the work is done.
struct PinnedImage: Codable, Hashable, Sendable {
    let id: String
    let name: String
    let format: DiskFormat
    /// Those of its properties that say how guests run.
    var properties: [String: String]?
}

/// What an instance was made from, to be named again when its disk stays after all.
struct ReplacedImage: Codable, Hashable, Sendable {
    let id: String
    let name: String
}

/// A resize that is under way or waits for the owner's decision.
public struct PendingResize: Sendable, Hashable {
    /// What it would be again after a revert.
    public let from: InstanceFlavor
    /// What it becomes.
    public let to: InstanceFlavor
}
