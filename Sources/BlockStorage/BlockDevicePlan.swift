public import ComputeHost
public import Images
public import ServiceCore

/// The block devices of an instance to be built, nova's block device mapping. There is one so far: an ephemeral root
/// disk that lives and dies with the instance.
public struct BlockDevicePlan: Sendable, Hashable {
    /// One device, as the guest sees it.
    public struct Device: Sendable, Hashable {
        /// `/dev/vda`.
        public let name: String
        /// `virtio`.
        public let bus: String
        /// The guest boots from it.
        public let isRoot: Bool
        /// What is on it at first.
        public let imageID: ID<Image>
        /// 0 means as large as the image.
        public let sizeGiB: Int
    }

    /// In the order the guest sees them.
    public let devices: [Device]

    /// A root disk filled from an image.
    public static func ephemeral(imageID: ID<Image>, sizeGiB: Int) -> BlockDevicePlan {
        BlockDevicePlan(devices: [
            Device(name: "/dev/vda", bus: "virtio", isRoot: true, imageID: imageID, sizeGiB: sizeGiB)
        ])
    }

    /// What a host is asked to create, in the order of the devices.
    public func disks(instanceID: String) -> [DiskSpec] {
        devices.map { DiskSpec(instanceID: instanceID, imageID: $0.imageID.text, sizeGiB: $0.sizeGiB) }
    }
}
