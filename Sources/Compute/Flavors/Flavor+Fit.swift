public import Images
public import ServiceCore

extension Flavor {
    /// Why the flavor is too small for the image; empty when it is not. Forms show it before the choice is made, and
    /// launch refuses for the same reasons (nova: FlavorMemoryTooSmall, FlavorDiskSmallerThanMinDisk,
    /// FlavorDiskSmallerThanImage).
    public func shortcomings(for image: Image) -> [Message] {
        var reasons: [Message] = []
        if swapMiB > 0 || ephemeralGiB > 0 {
            reasons.append(
                Message(
                    "The flavor {flavor} has a swap or an ephemeral disk, and hosts of this cloud make none.",
                    ["flavor": name]))
        }
        if memoryMiB < image.minRAMMiB {
            reasons.append(
                Message(
                    "The flavor {flavor} has {has} MB of memory, the image {image} needs at least {needs} MB.",
                    ["flavor": name, "has": "\(memoryMiB)", "image": image.name, "needs": "\(image.minRAMMiB)"]))
        }
        let needed = max(image.minDiskGiB, image.virtualSizeGiB)
        if diskGiB > 0, diskGiB < needed {
            reasons.append(
                Message(
                    "The flavor {flavor} has a disk of {has} GB, the image {image} needs at least {needs} GB.",
                    ["flavor": name, "has": "\(diskGiB)", "image": image.name, "needs": "\(needed)"]))
        }
        return reasons
    }
}
