public import ComputeHost

/// What every keeper of disks must do, whoever stands behind it: one list, as `HypervisorContract` is one.
public struct DiskContract: Sendable, CustomStringConvertible {
    /// The expectation in the words of a sentence.
    public let description: String
    private let body: @Sendable (any DiskBackend) throws -> Void

    /// An instance that the expectations work on.
    public static let id = "00000000-0000-4000-8000-000000000001"
    /// The raw image of 1 MiB, not yet fetched, that `disks` must know.
    public static let image = ImageSpec(id: "image", format: .raw)
    /// Another of that kind.
    public static let rescueImage = ImageSpec(id: "rescue", format: .raw)

    init(_ description: String, _ body: @escaping @Sendable (any DiskBackend) throws -> Void) {
        self.description = description
        self.body = body
    }

    /// Runs the expectation on disks that nobody has used.
    public func check(_ disks: any DiskBackend) throws { try body(disks) }

    /// The whole contract.
    public static let all = [
        DiskContract("a disk grows and never shrinks") { disks in
            try create(disks)
            try disks.growDisk(of: id, toGiB: 2)
            try disks.growDisk(of: id, toGiB: 2)
            try expectSize(2, disks)
            try expectError("shrinking", { !$0.isTransient }) { () throws(HostError) in
                try disks.growDisk(of: id, toGiB: 1)
            }
            try expectSize(2, disks)
        },
        DiskContract("a kept disk comes back as it was when it was first kept") { disks in
            try create(disks)
            try disks.keepDisk(of: id)
            try disks.growDisk(of: id, toGiB: 2)
            try disks.keepDisk(of: id)
            try disks.restoreKeptDisk(of: id)
            try expectSize(1, disks)
            try disks.growDisk(of: id, toGiB: 3)
            try disks.restoreKeptDisk(of: id)
            try expectSize(3, disks)
        },
        DiskContract("a kept disk that is dropped does not come back") { disks in
            try create(disks)
            try disks.keepDisk(of: id)
            try disks.growDisk(of: id, toGiB: 2)
            try disks.dropKeptDisk(of: id)
            try disks.dropKeptDisk(of: id)
            try disks.restoreKeptDisk(of: id)
            try expectSize(2, disks)
        },
        DiskContract("a deleted disk is gone and can be made anew from another image") { disks in
            try create(disks)
            try disks.deleteDisk(of: id)
            try disks.deleteDisk(of: id)
            try expect(try disks.diskInformation(of: id) == nil, "there must be no disk")
            let base = try disks.fetchBase(rescueImage)
            try disks.createDisk(DiskSpec(instanceID: id, imageID: rescueImage.id, sizeGiB: 1))
            try expect(try disks.diskInformation(of: id)?.backingFile == base.name, "it must be over the other image")
        },
        DiskContract("what is done to no disk is not found") { disks in
            let verbs: [(String, () throws(HostError) -> Void)] = [
                ("growing", { () throws(HostError) in try disks.growDisk(of: id, toGiB: 1) }),
                ("keeping", { () throws(HostError) in try disks.keepDisk(of: id) }),
                (
                    "snapshotting",
                    { () throws(HostError) in
                        _ = try disks.snapshotDisk(of: id, to: ImageSpec(id: "snapshot", format: .qcow2))
                    }
                ),
            ]
            for (name, verb) in verbs {
                try expectError("\(name) nothing", HypervisorContract.isNotFound) { () throws(HostError) in try verb() }
            }
        },
        DiskContract("a rescue disk comes and goes, and the root disk stays") { disks in
            try create(disks)
            let rescue = DiskSpec(instanceID: id, imageID: rescueImage.id, sizeGiB: 1)
            try expectError("a rescue disk without a base", HypervisorContract.isNotFound) { () throws(HostError) in
                try disks.createRescueDisk(rescue)
            }
            _ = try disks.fetchBase(rescueImage)
            try disks.createRescueDisk(rescue)
            try disks.createRescueDisk(rescue)
            try disks.deleteRescueDisk(of: id)
            try disks.deleteRescueDisk(of: id)
            try expectSize(1, disks)
        },
        DiskContract("a snapshot is an image as large as the disk, and one is enough for another disk") { disks in
            try create(disks)
            let image = ImageSpec(id: "snapshot", format: .qcow2)
            let information = try disks.snapshotDisk(of: id, to: image)
            try expect(information.format == .qcow2, "it must be qcow2, is \(information.format)")
            try expect(information.virtualSize == 1 << 30, "it must have 1 GiB, has \(information.virtualSize)")
            try expect(try disks.snapshotDisk(of: id, to: image) == information, "a second one must be the same")
            try expectError("a raw snapshot", { !$0.isTransient }) { () throws(HostError) in
                _ = try disks.snapshotDisk(of: id, to: ImageSpec(id: "snapshot", format: .raw))
            }
        },
        DiskContract("base files stay for as long as a disk lies over them, or somebody wants them") { disks in
            try create(disks)
            let used = try disks.fetchBase(image).name
            let unused = try disks.fetchBase(rescueImage).name
            try expect(try disks.removeUnusedBases(keeping: [rescueImage.id]) == [], "it is to be kept")
            try disks.createRescueDisk(DiskSpec(instanceID: id, imageID: rescueImage.id, sizeGiB: 1))
            try expect(try disks.removeUnusedBases(keeping: []) == [], "the rescue disk lies over it")
            try disks.deleteRescueDisk(of: id)
            try expect(try disks.removeUnusedBases(keeping: []) == [unused], "nobody needs it")
            try disks.keepDisk(of: id)
            try disks.deleteDisk(of: id)
            try expect(try disks.removeUnusedBases(keeping: []) == [], "the kept disk lies over it")
            try disks.deleteInstance(id)
            try expect(try disks.removeUnusedBases(keeping: []) == [used], "nobody needs it any more")
            try expect(try disks.removeUnusedBases(keeping: []) == [], "there is none left")
        },
    ]

    private static func create(_ disks: any DiskBackend) throws {
        _ = try disks.fetchBase(image)
        try disks.createDisk(DiskSpec(instanceID: id, imageID: image.id, sizeGiB: 1))
    }

    private static func expectSize(_ size: Int64, _ disks: any DiskBackend) throws {
        let found = try disks.diskInformation(of: id)?.virtualSize
        try expect(found == size << 30, "it must have \(size) GiB, has \(String(describing: found))")
    }
}
