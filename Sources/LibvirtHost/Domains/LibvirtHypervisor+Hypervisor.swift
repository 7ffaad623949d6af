import CLibvirt
import ComputeHost
import Glibc

extension LibvirtHypervisor: Hypervisor {
    func define(_ spec: DomainSpec) throws(HostError) {
        try use { connect throws(HostError) in
            // libvirt would take a definition with the UUID of somebody else's domain as a change of it.
            _ = try find(spec.instanceID, connect)
        }
        let stored = DefinedDomain(spec, keepingPlacesOf: DefinedDomain.read(spec.instanceID, files))
        let document = try DomainXML(domainType: domainType, owner: owner, files: files).document(for: stored)
        try FileSystem.createDirectory(files.directory(spec.instanceID))
        try stored.write(files)
        try FileSystem.write(document, to: files.libvirtXML(spec.instanceID))
        remember(spec.instanceID)
        try define(document)
    }

    func start(_ instanceID: String) throws(HostError) -> DomainStatus {
        try use { connect throws(HostError) in
            let domain = try require(instanceID, connect)
            let type = try description(domain)?.domainType
            // Memory that was saved under kvm is kvm's to go on with.
            if type == "kvm", try domain.state().power.isOff {
                return try startAccelerated(instanceID, domain, connect)
            }
            try create(domain)
            return try status(domain, type: type)
        }
    }

    func shutdown(_ instanceID: String) throws(HostError) {
        try use { connect throws(HostError) in
            let domain = try require(instanceID, connect)
            guard try domain.state().power == .running else { return }
            try domain.call("shutting down", tolerating: [VIR_ERR_OPERATION_INVALID]) { virDomainShutdown($0) }
        }
    }

    func powerOff(_ instanceID: String) throws(HostError) {
        try use { connect throws(HostError) in
            guard let domain = try find(instanceID, connect) else { return }
            try destroy(domain)
        }
    }

    func reboot(_ instanceID: String, hard: Bool) throws(HostError) {
        if hard {
            try powerOff(instanceID)
            try discardSavedState(instanceID)
            _ = try start(instanceID)
            return
        }
        try use { connect throws(HostError) in
            try require(instanceID, connect).call("rebooting") { virDomainReboot($0, 0) }
        }
    }

    func undefine(_ instanceID: String) throws(HostError) {
        try use { connect throws(HostError) in
            guard let domain = try find(instanceID, connect) else { return }
            try destroy(domain)
            let flags = VIR_DOMAIN_UNDEFINE_MANAGED_SAVE.rawValue | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA.rawValue
            try domain.call("removing the definition of", tolerating: [VIR_ERR_NO_DOMAIN]) {
                virDomainUndefineFlags($0, UInt32(flags))
            }
        }
    }

    func status(of instanceID: String) throws(HostError) -> DomainStatus? {
        try use { connect throws(HostError) in
            guard let domain = try find(instanceID, connect) else { return nil }
            return try status(domain)
        }
    }

    func domains() throws(HostError) -> [DomainStatus] {
        try use { connect throws(HostError) in
            var list: UnsafeMutablePointer<OpaquePointer?>?
            let count = virConnectListAllDomains(connect, &list, 0)
            guard count >= 0, let list else { throw LibvirtError.current().hostError("listing the domains") }
            defer { free(list) }
            let handles = (0..<Int(count)).compactMap { list[$0] }
            defer { for handle in handles { virDomainFree(handle) } }
            var found: [DomainStatus] = []
            for handle in handles {
                virDomainRef(handle)
                let domain = DomainHandle(handle)
                guard DomainName.number(in: domain.name) != nil else { continue }
                // A domain may go away between the list and the question.
                guard let description = try? description(domain), description.owner == owner else { continue }
                if let status = try? status(domain) { found.append(status) }
                remember(domain.instanceID)
            }
            return found.sorted { $0.domainName < $1.domainName }
        }
    }

    func domainXML(of instanceID: String) throws(HostError) -> String? {
        try use { connect throws(HostError) in
            guard let domain = try find(instanceID, connect) else { return nil }
            return try domain.xml()
        }
    }

    func observe(_ sink: @escaping @Sendable (DomainEvent) -> Void) -> HostSubscription { observers.add(sink) }

    func capacity() throws(HostError) -> HostCapacity {
        try use { connect throws(HostError) in
            var node = virNodeInfo()
            guard virNodeGetInfo(connect, &node) == 0 else {
                throw LibvirtError.current().hostError("asking for the host's size")
            }
            var version: UInt = 0
            virConnectGetVersion(connect, &version)
            let type = virConnectGetType(connect).map { String(cString: $0) } ?? identity.driver
            let space = DiskSpace.of(files.root)
            // libvirt counts only the memory of the first nodes; the kernel counts all of it.
            let memory = HostFacts.memoryKiB() ?? Int(node.memory)
            var capacity = HostCapacity(
                vcpus: Int(node.cpus), vcpusUsed: 0, memoryMiB: memory / 1_024, memoryMiBUsed: 0,
                diskGiB: Int((space?.total ?? 0) >> 30), diskGiBUsed: 0, runningDomains: 0, hypervisorType: type,
                hypervisorVersion: Int(version))
            capacity.diskGiBUsed = Int(((space?.total ?? 0) - (space?.free ?? 0)) >> 30)
            for status in try domains() where status.power == .running || status.power == .paused {
                guard let domain = try find(status.instanceID, connect) else { continue }
                var info = virDomainInfo()
                guard virDomainGetInfo(domain.pointer, &info) == 0 else { continue }
                capacity.vcpusUsed += Int(info.nrVirtCpu)
                capacity.memoryMiBUsed += Int(info.maxMem / 1_024)
                capacity.runningDomains += 1
            }
            return capacity
        }
    }
}
