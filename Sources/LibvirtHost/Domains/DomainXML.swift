import ComputeHost
import Markup

/// Writes libvirt's definition of a domain (libvirt.org/formatdomain.html) from its specification. It only computes.
struct DomainXML: Sendable {
    /// `kvm`, `qemu` or `test`.
    var domainType: String
    /// Marks our domains among others': the id of this installation.
    var owner: String
    var files: InstanceFiles

    /// Namespaces of the elements in `<metadata>`.
    static let novaNamespace = "http://openstack.org/xmlns/libvirt/nova/1.1"
    static let ownNamespace = "https://daybreak.invalid/xmlns/domain/1"
    static let qemuNamespace = "http://libvirt.org/schemas/domain/qemu/1.0"

    /// - Throws: `.failed` when an address or id in the specification is not one.
    func document(for domain: DefinedDomain) throws(HostError) -> String {
        let spec = domain.spec
        try InstanceID.check(spec.instanceID)
        let userNetwork = try UserNetwork.arguments(for: domain)
        let bridged = spec.interfaces.filter { $0.mode == .bridge }
        for interface in bridged {
            try UserNetwork.checkPortID(interface.portID)
            try UserNetwork.checkMACAddress(interface.macAddress)
        }
        return element(
            "domain", ["type": domainType, "xmlns:qemu": userNetwork.isEmpty ? nil : Self.qemuNamespace]
        ) {
            element("name") { spec.domainName }
            element("uuid") { spec.instanceID }
            metadata(spec)
            element("memory", ["unit": "KiB"]) { spec.memoryMiB * 1_024 }
            element("currentMemory", ["unit": "KiB"]) { spec.memoryMiB * 1_024 }
            element("vcpu", ["placement": "static"]) { spec.vcpus }
            if domainType == "test" {
                element("os") { element("type") { "hvm" } }
            } else {
                systemInformation(spec)
                machine(spec)
            }
            element("on_poweroff") { "destroy" }
            element("on_reboot") { "restart" }
            element("on_crash") { "destroy" }
            if domainType != "test" {
                devices(spec, bridged)
                if !userNetwork.isEmpty { Self.commandLine(userNetwork) }
            }
        }.serialize()
    }

    /// Nova's description of the instance, and who defined the domain.
    private func metadata(_ spec: DomainSpec) -> XMLElement {
        element("metadata") {
            element("nova:instance", ["xmlns:nova": Self.novaNamespace]) {
                element("nova:package", ["version": "daybreak"])
                element("nova:name") { spec.name }
                element("nova:creationTime") { CreationTime.text(milliseconds: spec.createdAt) }
                element("nova:flavor", ["name": spec.flavorName]) {
                    element("nova:memory") { spec.memoryMiB }
                    element("nova:disk") { spec.diskGiB }
                    element("nova:swap") { 0 }
                    element("nova:ephemeral") { 0 }
                    element("nova:vcpus") { spec.vcpus }
                }
                element("nova:owner") {
                    element("nova:user", ["uuid": spec.userID]) { spec.userName }
                    element("nova:project", ["uuid": spec.projectID]) { spec.projectName }
                }
                element("nova:root", ["type": "image", "uuid": spec.imageID])
                ports(spec)
            }
            element(
                "daybreak:domain",
                ["xmlns:daybreak": Self.ownNamespace, "owner": owner, "generation": String(spec.generation)])
        }
    }

    private func ports(_ spec: DomainSpec) -> XMLElement? {
        guard !spec.interfaces.isEmpty else { return nil }
        return element("nova:ports") {
            spec.interfaces.map { interface in
                element("nova:port", ["uuid": interface.portID]) {
                    interface.fixedIPs.map { fixed in
                        let version = fixed.address.contains(":") ? "6" : "4"
                        return element(
                            "nova:ip", ["type": "fixed", "address": fixed.address, "ipVersion": version])
                    }
                }
            }
        }
    }

    private func systemInformation(_ spec: DomainSpec) -> [XMLElement] {
        let entries = [
            ("manufacturer", "OpenStack Foundation"), ("product", "OpenStack Nova"), ("serial", spec.instanceID),
            ("uuid", spec.instanceID), ("family", "Virtual Machine"),
        ]
        return [
            element("sysinfo", ["type": "smbios"]) {
                element("system") { entries.map { name, value in element("entry", ["name": name]) { value } } }
            },
            element("os") {
                element("type", ["arch": "x86_64", "machine": "pc"]) { "hvm" }
                element("boot", ["dev": "hd"])
                element("smbios", ["mode": "sysinfo"])
            },
        ]
    }

    private func machine(_ spec: DomainSpec) -> [XMLElement] {
        [
            element("features") {
                element("acpi")
                element("apic")
                if domainType == "qemu" { Self.translationCache }
            },
            // The nearest of libvirt's models to the host's own processor, and a socket for each virtual one, as nova
            // chooses by default. The emulator has one model for all hosts.
            element("cpu", domainType == "kvm" ? ["mode": "host-model", "match": "exact"] : [:]) {
                element("topology", ["sockets": String(spec.vcpus), "cores": "1", "threads": "1"])
            },
            element("clock", ["offset": "utc"]) {
                element("timer", ["name": "pit", "tickpolicy": "delay"])
                element("timer", ["name": "rtc", "tickpolicy": "catchup"])
                element("timer", ["name": "hpet", "present": "no"])
            },
        ]
    }

    /// The emulator's code cache, bounded: by default it doubles what a small guest takes.
    private static let translationCache = element("tcg") { element("tb-cache", ["unit": "MiB"]) { 16 } }

    private func devices(_ spec: DomainSpec, _ bridged: [InterfaceSpec]) -> XMLElement {
        element("devices") {
            disks(spec)
            bridged.map(Self.bridgeInterface)
            element("serial", ["type": "pty"]) {
                element("log", ["file": files.consoleLog(spec.instanceID), "append": "on"])
                element("target", ["port": "0"])
            }
            // A socket of libvirt's own choosing: no port to guess, and only its owner can open it.
            element("graphics", ["type": "vnc"]) { element("listen", ["type": "socket"]) }
            element("video") { element("model", ["type": "cirrus"]) }
            element("memballoon", ["model": "virtio"]) { element("stats", ["period": "10"]) }
            element("rng", ["model": "virtio"]) {
                element("backend", ["model": "random"]) { "/dev/urandom" }
            }
        }
    }

    /// The guest boots from the first of them.
    private func disks(_ spec: DomainSpec) -> [XMLElement] {
        var disks = [(files.disk(spec.instanceID), "qcow2")]
        if spec.rescueImageID != nil { disks.insert((files.rescueDisk(spec.instanceID), "qcow2"), at: 0) }
        if spec.configDrive { disks.append((files.configDrive(spec.instanceID), "raw")) }
        return zip(disks, ["vda", "vdb", "vdc"]).map { entry, target in disk(entry.0, entry.1, target: target) }
    }

    private func disk(_ path: String, _ format: String, target: String) -> XMLElement {
        element("disk", ["type": "file", "device": "disk"]) {
            element("driver", ["name": "qemu", "type": format, "cache": "writeback"])
            element("source", ["file": path])
            element("target", ["dev": target, "bus": "virtio"])
            if format == "raw" { element("readonly") }
        }
    }

    static func bridgeInterface(_ interface: InterfaceSpec) -> XMLElement {
        element("interface", ["type": "bridge"]) {
            element("mac", ["address": interface.macAddress])
            element("source", ["bridge": interface.bridgeName])
            element("target", ["dev": interface.tapName])
            element("model", ["type": "virtio"])
            element("driver", ["name": "qemu"])
            element("mtu", ["size": String(interface.mtu)])
        }
    }

    private static func commandLine(_ arguments: [String], namespace: String? = nil) -> XMLElement {
        element("qemu:commandline", ["xmlns:qemu": namespace]) {
            arguments.map { element("qemu:arg", ["value": $0]) }
        }
    }

    /// A definition as libvirt wrote it, with other arguments for the emulator.
    static func replacingCommandLine(of document: String, with arguments: [String]) -> String {
        var result = document
        // No text or attribute of a document holds these: "<" is escaped there.
        if let start = result.firstRange(of: "<qemu:commandline"),
            let end = result.firstRange(of: "</qemu:commandline>")
        {
            result.removeSubrange(start.lowerBound..<end.upperBound)
        }
        guard let end = result.ranges(of: "</domain>").last else { return document }
        result.insert(
            contentsOf: commandLine(arguments, namespace: qemuNamespace).serialize(), at: end.lowerBound)
        return result
    }
}
