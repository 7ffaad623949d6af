public import ComputeHost
public import Database
public import ServiceCore

/// The disk formats an image can be declared to have: Glance's names, in the order of Horizon's list.
public enum ImageFormat: String, Sendable, CaseIterable, DatabaseValue {
    case iso, ova, ploop, qcow2, raw, vdi, vhd, vhdx, vmdk, aki, ami, ari, docker

    /// The format in Horizon's words.
    public var label: Message {
        switch self {
        case .iso: Message("ISO - Optical Disk Image")
        case .ova: Message("OVA - Open Virtual Appliance")
        case .ploop: Message("PLOOP - Virtuozzo/Parallels Loopback Disk")
        case .qcow2: Message("QCOW2 - QEMU Emulator")
        case .raw: Message("Raw")
        case .vdi: Message("VDI - Virtual Disk Image")
        case .vhd: Message("VHD - Virtual Hard Disk")
        case .vhdx: Message("VHDX - Large Virtual Hard Disk")
        case .vmdk: Message("VMDK - Virtual Machine Disk")
        case .aki: Message("AKI - Amazon Kernel Image")
        case .ami: Message("AMI - Amazon Machine Image")
        case .ari: Message("ARI - Amazon Ramdisk Image")
        case .docker: Message("Docker")
        }
    }

    /// What a host reads the file as, when it can make a disk of it. An Amazon machine image is a raw disk.
    public var hostFormat: DiskFormat? {
        switch self {
        case .iso: .iso
        case .qcow2: .qcow2
        case .raw, .ami: .raw
        case .vdi: .vdi
        case .vhd: .vhd
        case .vhdx: .vhdx
        case .vmdk: .vmdk
        case .ova, .ploop, .aki, .ari, .docker: nil
        }
    }

    /// Glance's container format that goes with it when none is given.
    public var defaultContainer: String {
        switch self {
        case .aki, .ami, .ari, .ova, .docker: rawValue
        default: "bare"
        }
    }

    /// The container formats an image can be declared to have, Glance's.
    public static let containers = ["bare", "ovf", "ova", "ami", "ari", "aki", "docker", "compressed"]

    /// A guess from a file's name, as Horizon makes it; nil when the ending says nothing.
    public static func guess(fileName: String) -> ImageFormat? {
        guard let dot = fileName.lastIndex(of: ".") else { return nil }
        switch fileName[fileName.index(after: dot)...].lowercased() {
        case "img", "raw": return .raw
        case "hds", "ploop": return .ploop
        case let ending: return ImageFormat(rawValue: ending)
        }
    }
}
