import CLibvirt
import ComputeHost

extension LibvirtHypervisor {
    func domainDrift(of instanceID: String, expected spec: DomainSpec) throws(HostError) -> DomainDrift? {
        try use { connect throws(HostError) in
            guard let domain = try find(instanceID, connect) else { return nil }
            let inactive = try domain.xml(flags: UInt32(VIR_DOMAIN_XML_INACTIVE.rawValue))
            // A guest that kvm could not run is to be emulated.
            let type = accelerationFailure == nil ? identity.domainType : "qemu"
            let wanted = DefinedDomain(spec, keepingPlacesOf: DefinedDomain.read(instanceID, files))
            let document = try DomainXML(domainType: type, owner: owner, files: files).document(for: wanted)
            guard domain.isActive else {
                return try DomainDrift(expected: document, running: nil, defined: inactive)
            }
            return try DomainDrift(
                expected: document, running: domain.xml(), defined: inactive, plugged: userInterfaces(of: domain))
        }
    }

    /// The MAC addresses of the interfaces that the emulator has on networks of its own.
    private func userInterfaces(of domain: borrowing DomainHandle) throws(HostError) -> [String]? {
        guard identity.driver != "test" else { return nil }
        // "nic-6a790b22-29: index=0,type=nic,model=virtio-net-pci,macaddr=fa:16:3e:00:00:01"
        return try MachineMonitor(domain).run("info network").split(whereSeparator: \.isNewline).compactMap { line in
            guard line.hasPrefix("nic-"), let range = line.firstRange(of: "macaddr=") else { return nil }
            return String(line[range.upperBound...].prefix(17))
        }
    }
}
