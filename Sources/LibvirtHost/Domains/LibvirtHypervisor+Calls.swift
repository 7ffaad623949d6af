import CLibvirt
import ComputeHost
import Glibc

/// The steps that the verbs are made of.
extension LibvirtHypervisor {
    /// One of our domains, or nil when libvirt has none of that id. Another's is not touched.
    func find(_ instanceID: String, _ connect: OpaquePointer) throws(HostError) -> DomainHandle? {
        try InstanceID.check(instanceID)
        guard let domain = try DomainHandle.find(instanceID, connect) else {
            forget(instanceID)
            return nil
        }
        if !isOurs(instanceID) {
            guard try description(domain)?.owner == owner else {
                throw .failed("the domain of instance \(instanceID) belongs to somebody else", remedy: nil)
            }
            remember(instanceID)
        }
        return domain
    }

    func require(_ instanceID: String, _ connect: OpaquePointer) throws(HostError) -> DomainHandle {
        guard let domain = try find(instanceID, connect) else {
            throw .notFound("the host has no domain of instance \(instanceID)")
        }
        return domain
    }

    func define(_ document: String) throws(HostError) {
        try use { connect throws(HostError) in
            guard let domain = virDomainDefineXML(connect, document) else {
                throw LibvirtError.current().hostError("defining the domain")
            }
            virDomainFree(domain)
        }
    }

    func description(_ domain: borrowing DomainHandle) throws(HostError) -> DomainDescription? {
        DomainDescription(parsing: try domain.xml())
    }

    /// - Parameter type: the domain's type, when it is known: the definition of a guest that was just started takes
    ///   libvirt long.
    func status(_ domain: borrowing DomainHandle, type: String? = nil) throws(HostError) -> DomainStatus {
        var type = type
        if type == nil { type = try description(domain)?.domainType }
        var note: String?
        if identity.domainType == "kvm", type == "qemu" {
            note = "Emulated: \(accelerationFailure ?? "kvm could not run this guest")."
        }
        let (power, reason) = try domain.state()
        if power == .paused, reason == Int32(VIR_DOMAIN_PAUSED_IOERROR.rawValue) { note = DiskErrors.note(domain) }
        return DomainStatus(
            instanceID: domain.instanceID, domainName: domain.name, power: power,
            domainType: type ?? identity.domainType, note: note)
    }

    func create(_ domain: borrowing DomainHandle) throws(HostError) {
        let (power, _) = try domain.state()
        switch power {
        case .running:
            return
        case .paused:
            try domain.call("resuming", tolerating: [VIR_ERR_OPERATION_INVALID]) { virDomainResume($0) }
        case .suspended where domain.isActive:
            try domain.call("waking") { virDomainPMWakeup($0, 0) }
        case .crashed, .shutdown, .noState, .suspended:
            // The emulator appends: a guest that goes on where it was goes on with its log, too.
            if power != .suspended { try ConsoleLogs(files: files).clear(domain.instanceID) }
            try domain.call("starting", tolerating: [VIR_ERR_OPERATION_INVALID]) { virDomainCreate($0) }
        }
    }

    func destroy(_ domain: borrowing DomainHandle) throws(HostError) {
        try domain.call("stopping", tolerating: [VIR_ERR_OPERATION_INVALID, VIR_ERR_NO_DOMAIN]) {
            virDomainDestroy($0)
        }
    }
}
