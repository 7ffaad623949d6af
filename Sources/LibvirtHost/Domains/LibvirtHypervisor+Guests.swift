import CLibvirt
import ComputeHost

/// The verbs on a guest that runs or could go on.
extension LibvirtHypervisor {
    func pause(_ instanceID: String) throws(HostError) {
        try use { connect throws(HostError) in
            let domain = try require(instanceID, connect)
            guard try requireOn(domain) != .paused else { return }
            try domain.call("pausing") { virDomainSuspend($0) }
        }
    }

    func unpause(_ instanceID: String) throws(HostError) {
        try use { connect throws(HostError) in
            let domain = try require(instanceID, connect)
            guard try requireOn(domain) != .running else { return }
            try domain.call("resuming") { virDomainResume($0) }
        }
    }

    func suspend(_ instanceID: String) throws(HostError) {
        try use { connect throws(HostError) in
            let domain = try require(instanceID, connect)
            guard try domain.state().power != .suspended else { return }
            _ = try requireOn(domain)
            let plugged = try pluggedWhileRunning(domain)
            // A guest that was paused goes on, too, when it is started again.
            try domain.call("saving the memory of") {
                virDomainManagedSave($0, UInt32(VIR_DOMAIN_SAVE_RUNNING.rawValue))
            }
            if let plugged { try rewriteSavedDefinition(of: domain, with: plugged) }
        }
    }

    func discardSavedState(_ instanceID: String) throws(HostError) {
        try use { connect throws(HostError) in
            guard let domain = try find(instanceID, connect), virDomainHasManagedSaveImage(domain.pointer, 0) == 1
            else { return }
            try domain.call("removing the saved memory of") { virDomainManagedSaveRemove($0, 0) }
        }
    }

    private func requireOn(_ domain: borrowing DomainHandle) throws(HostError) -> PowerState {
        let power = try domain.state().power
        guard power == .running || power == .paused else {
            throw .failed("\(domain.name) is not running", remedy: "Start the instance.")
        }
        return power
    }

    /// The emulator's arguments for the interfaces the guest has now, when they are not those it was started with: its
    /// memory can only be loaded into the same machine, and libvirt does not know of what we plugged in ourselves.
    private func pluggedWhileRunning(_ domain: borrowing DomainHandle) throws(HostError) -> [String]? {
        guard identity.driver != "test", let defined = DefinedDomain.read(domain.instanceID, files) else { return nil }
        let started = try domain.xml()
        let networks = try MachineMonitor(domain).run("info network")
        var isDifferent = false
        var present = defined
        for interface in defined.spec.interfaces where interface.mode == .user {
            let device = UserNetwork.deviceID(portID: interface.portID)
            let isPlugged = networks.contains(device + ":")
            if isPlugged != started.contains("id=\(device),") { isDifferent = true }
            if !isPlugged { present = present.removing(portID: interface.portID) }
        }
        return isDifferent ? try UserNetwork.arguments(for: present) : nil
    }

    private func rewriteSavedDefinition(
        of domain: borrowing DomainHandle, with arguments: [String]
    ) throws(HostError) {
        guard let text = virDomainManagedSaveGetXMLDesc(domain.pointer, 0) else {
            throw LibvirtError.current().hostError("reading the saved definition of \(domain.name)")
        }
        defer { daybreak_libvirt_free(text) }
        let document = DomainXML.replacingCommandLine(of: String(cString: text), with: arguments)
        try domain.call("changing the saved definition of") { virDomainManagedSaveDefineXML($0, document, 0) }
    }
}
