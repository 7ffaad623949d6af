import BlockStorage
import ComputeHost
import Networking
import ServiceCore

/// One instance on its host: what must be made there for it, from the row, its request and its ports. Every verb
/// makes something so and may be repeated.
struct InstanceDeployment {
    var instance: Instance
    var request: RequestSpec
    let host: HostServices
    let networking: NetworkingService
    /// The owner's pairs.
    var metadata: [String: String] = [:]

    /// Fetches the image unless the host has it.
    func fetchImage() throws -> BaseFile {
        try host.disks.fetchBase(ImageSpec(id: instance.imageID.text, format: request.imageFormat))
    }

    /// Makes the root disk, and the config drive when the instance gets one.
    func createDisks(adminPassword: String? = nil) throws {
        let plan = BlockDevicePlan.ephemeral(imageID: instance.imageID, sizeGiB: instance.flavor.diskGiB)
        for disk in plan.disks(instanceID: instance.id.text) { try host.disks.createDisk(disk) }
        try writeConfigDrive(adminPassword: adminPassword)
    }

    /// Makes the config drive say what is so now, when the instance gets one. A running guest sees it with its next start.
    /// - Parameter adminPassword: only a disk that is booted for the first time is told it: whoever writes the drive again
    ///   for another reason leaves it out.
    func writeConfigDrive(adminPassword: String? = nil) throws {
        let interfaces = try interfaces()
        guard needsConfigDrive(interfaces) else { return }
        let plugs = try networking.guestPlugs(ofInstance: instance.id.text)
        let guest = GuestMetadata(
            instance, request, metadata: metadata, interfaces: interfaces, subnets: plugs.subnets,
            floatingIPs: plugs.floatingIPs)
        try host.disks.createConfigDrive(guest.configDrive(seed: GuestMetadata.newSeed(), adminPassword: adminPassword))
    }

    /// Makes the host's part of the instance's networks, before its guest is plugged into them.
    func connect() throws {
        try networking.applyNetworks(ofInstance: instance.id.text) { try host.networks.apply($0) }
    }

    /// The guest as it is to be.
    /// - Parameter rescue: the image it is rescued with; nil when it is not.
    func domain(rescue: String? = nil) throws -> DomainSpec {
        let interfaces = try interfaces()
        return DomainSpec(
            instanceID: instance.id.text, number: instance.number, name: instance.name, vcpus: instance.flavor.vcpus,
            memoryMiB: instance.flavor.memoryMiB, diskGiB: instance.flavor.diskGiB, flavorName: instance.flavor.name,
            imageID: instance.imageID.text, imageName: instance.imageName, projectID: instance.projectID,
            projectName: instance.projectName, userID: instance.userID, userName: instance.userName,
            createdAt: instance.createdAt.milliseconds, interfaces: interfaces,
            configDrive: needsConfigDrive(interfaces), rescueImageID: rescue,
            generation: (request.domain?.generation ?? 0) + 1)
    }

    /// The instance's ports as the host must connect them.
    func interfaces() throws -> [InterfaceSpec] {
        try networking.guestPlugs(ofInstance: instance.id.text).ports.map { plug in
            InterfaceSpec(plug.port, mtu: plug.mtu, mode: try host.networks.attachment(for: plug.port))
        }
    }

    /// A guest on a user-mode network reaches no metadata service: its drive is the only way to its keys.
    private func needsConfigDrive(_ interfaces: [InterfaceSpec]) -> Bool {
        instance.configDrive || interfaces.contains { $0.mode == .user }
    }
}

extension InterfaceSpec {
    init(_ port: PortSpec, mtu: Int, mode: InterfaceMode) {
        self.init(
            portID: port.portID, networkID: port.networkID, macAddress: port.macAddress, fixedIPs: port.fixedIPs,
            mtu: mtu, mode: mode)
    }
}

extension Instance {
    /// What the guest shall call itself.
    public var guestHostname: String { hostname ?? Hostname.label(for: name, id: id) }
}

/// A guest's host name made from the instance's name, as nova does it.
enum Hostname {
    /// A DNS label (RFC 1123, section 2.1): lower-case letters, digits and inner hyphens, at most 63 of them.
    static func label(for name: String, id: ID<Instance>) -> String {
        var label = ""
        for scalar in name.lowercased().unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9": label.unicodeScalars.append(scalar)
            case "-", "_", ".", " ": if !label.isEmpty, label.last != "-" { label += "-" }
            default: break
            }
        }
        label = String(label.prefix(63))
        while label.last == "-" { label.removeLast() }
        return label.isEmpty ? "server-\(id)" : label
    }
}
