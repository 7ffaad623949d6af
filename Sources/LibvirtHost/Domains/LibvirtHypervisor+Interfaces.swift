import CLibvirt
import ComputeHost
import Glibc
import Markup

/// Interfaces that come and go while the guest runs.
extension LibvirtHypervisor {
    /// How long a guest may take to let go of a device; then its network is cut off all the same.
    private static let detachPatience = Duration.seconds(5)

    func attachInterface(_ interface: InterfaceSpec, to instanceID: String) throws(HostError) {
        try use { connect throws(HostError) in
            let domain = try require(instanceID, connect)
            let defined = try definition(instanceID)
            let isDefined = defined.spec.interfaces.contains { $0.portID == interface.portID }
            let wanted = isDefined ? defined : defined.adding(interface)
            if domain.isActive { try plug(interface, slot: wanted.slots[interface.portID], into: domain) }
            if !isDefined { try redefine(wanted) }
        }
    }

    func detachInterface(portID: String, from instanceID: String) throws(HostError) {
        try UserNetwork.checkPortID(portID)
        try use { connect throws(HostError) in
            guard let domain = try find(instanceID, connect) else { return }
            let defined = try definition(instanceID)
            // First out of the definition: what is unplugged must not come back with the next start.
            if defined.spec.interfaces.contains(where: { $0.portID == portID }) {
                try redefine(defined.removing(portID: portID))
            }
            if domain.isActive { try unplug(portID, from: domain) }
        }
    }

    private func definition(_ instanceID: String) throws(HostError) -> DefinedDomain {
        guard let defined = DefinedDomain.read(instanceID, files) else {
            throw .failed("the definition of instance \(instanceID) is not on the disk", remedy: "Reboot it hard.")
        }
        return defined
    }

    /// Changes the definition for the next start, with the processors the guest has now.
    private func redefine(_ domain: DefinedDomain) throws(HostError) {
        let id = domain.spec.instanceID
        let present = FileSystem.readText(files.libvirtXML(id)).flatMap(DomainDescription.init(parsing:))
        let xml = DomainXML(domainType: present?.domainType ?? domainType, owner: owner, files: files)
        let document = try xml.document(for: domain)
        try domain.write(files)
        try FileSystem.write(document, to: files.libvirtXML(id))
        try define(document)
    }

    private func plug(
        _ interface: InterfaceSpec, slot: Int?, into domain: borrowing DomainHandle
    ) throws(HostError) {
        if identity.driver == "test" { return }
        switch interface.mode {
        case .bridge:
            guard try !domain.xml().contains("'\(interface.tapName)'") else { return }
            let document = DomainXML.bridgeInterface(interface).serialize()
            try domain.call("attaching an interface to") {
                virDomainAttachDeviceFlags($0, document, UInt32(VIR_DOMAIN_AFFECT_LIVE.rawValue))
            }
        case .user:
            guard let slot else { throw .failed("there is no room for another interface", remedy: "Detach one first.") }
            let monitor = MachineMonitor(domain)
            let networks = try monitor.run("info network")
            let hasNetwork = networks.contains(UserNetwork.networkID(portID: interface.portID) + ":")
            if networks.contains(UserNetwork.deviceID(portID: interface.portID) + ":") {
                if hasNetwork { return }
                throw .busy("the guest has not yet let go of the interface that was detached")
            }
            if !hasNetwork { try monitor.order("netdev_add " + UserNetwork.network(interface)) }
            try monitor.order("device_add " + UserNetwork.device(interface, slot: slot))
        }
    }

    private func unplug(_ portID: String, from domain: borrowing DomainHandle) throws(HostError) {
        if identity.driver == "test" { return }
        if let device = LiveDevices.interface(of: portID, in: try domain.xml()) {
            return try domain.call("detaching an interface from", tolerating: [VIR_ERR_DEVICE_MISSING]) {
                virDomainDetachDeviceFlags($0, device, UInt32(VIR_DOMAIN_AFFECT_LIVE.rawValue))
            }
        }
        let monitor = MachineMonitor(domain)
        let device = UserNetwork.deviceID(portID: portID)
        let deadline = ContinuousClock.now + Self.detachPatience
        if try monitor.run("info network").contains(device + ":") {
            // A guest asked twice answers as if asked once; the monitor calls it an error.
            _ = try monitor.run("device_del " + device)
            while try monitor.run("info network").contains(device + ":"), ContinuousClock.now < deadline {
                usleep(50_000)
            }
        }
        // Without its network the device is a cable with nothing at the other end, whatever the guest does.
        _ = try monitor.run("netdev_del " + UserNetwork.networkID(portID: portID))
    }
}

/// The emulator's own monitor (QEMU, docs/system/monitor.html), for what libvirt has no call for.
struct MachineMonitor: ~Copyable {
    private let domain: DomainHandle

    init(_ domain: borrowing DomainHandle) {
        virDomainRef(domain.pointer)
        self.domain = DomainHandle(domain.pointer)
    }

    /// What the monitor prints when it is given a line.
    func run(_ line: String) throws(HostError) -> String {
        var answer: UnsafeMutablePointer<CChar>?
        let flags = UInt32(VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP.rawValue)
        try domain.call("asking the emulator of") { virDomainQemuMonitorCommand($0, line, &answer, flags) }
        guard let answer else { return "" }
        defer { daybreak_libvirt_free(answer) }
        return String(cString: answer)
    }

    /// Gives a line that the monitor answers with nothing when it did what it was told.
    func order(_ line: String) throws(HostError) {
        let answer = try run(line)
        guard answer.allSatisfy(\.isWhitespace) else {
            throw .failed("the emulator of \(domain.name) refused: \(answer.prefix(200))", remedy: nil)
        }
    }
}
