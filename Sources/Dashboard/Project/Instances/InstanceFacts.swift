import Compute
import Networking
import ServiceCore

/// What is known about an instance, in Horizon's sections.
struct InstanceFacts {
    let instance: Instance
    /// Nil for who may not know them.
    let internals: InstanceInternals?
    /// With what is said about them.
    var securityGroups: [Cell] = []
    let now: Timestamp
    let wording: Wording

    func sections() -> [TitledFacts] {
        [
            TitledFacts(title: wording(Message("Information")), facts: information),
            TitledFacts(title: wording(Message("Specs")), facts: specs),
            TitledFacts(title: wording(Message("IP Addresses")), facts: addresses),
            TitledFacts(title: wording(Message("Security Groups")), facts: securityGroups),
            TitledFacts(title: wording(Message("Metadata")), facts: metadata),
        ].filter { !$0.facts.isEmpty }
    }

    func fault() -> FaultModel? {
        guard let fault = instance.fault else { return nil }
        var facts: [Cell] = []
        if let phase = fault.phase { facts.append(fact(Message("Phase"), .text(wording(phase.name)))) }
        facts.append(fact(Message("Code"), .text(String(fault.code))))
        if let details = internals?.faultDetails, !details.isEmpty {
            facts.append(fact(Message("Details"), .codeLines(details)))
        }
        facts.append(fact(Message("Created"), .text(wording.time(fault.createdAt))))
        return FaultModel(
            message: wording(fault.message), remedy: fault.remedy.map(wording.callAsFunction), facts: facts)
    }

    private var information: [Cell] {
        var facts = [
            fact(Message("Name"), .text(instance.name)), fact(Message("ID"), .code(instance.id.text)),
        ]
        if !instance.description.isEmpty { facts.append(fact(Message("Description"), .text(instance.description))) }
        facts += [
            fact(Message("Project ID"), .code(instance.projectID)),
            fact(Message("Status"), .status(of: instance, wording)),
            fact(Message("Power State"), .text(wording(instance.powerState.label))),
            fact(Message("Locked"), .text(locked)),
            fact(Message("Availability Zone"), .text(instance.availabilityZone)),
            fact(Message("Created"), .text(wording.time(instance.createdAt))),
            fact(Message("Age"), .text(wording.age(from: instance.createdAt, to: now))),
        ]
        if let launched = instance.launchedAt {
            facts.append(fact(Message("Launched"), .text(wording.time(launched))))
        }
        if let internals {
            facts += [
                fact(Message("Host"), .text(internals.host ?? "–")),
                fact(Message("Instance Name in libvirt"), .code(instance.domainName)),
                fact(Message("Reservation ID"), .code(instance.reservationID)),
            ]
        }
        if let type = instance.domainType { facts.append(fact(Message("Virtualization"), .text(type))) }
        return facts
    }

    private var locked: String {
        guard let reason = instance.lockReason else { return wording.yesNo(instance.locked) }
        return wording(Message("Yes: {reason}", ["reason": reason]))
    }

    private var specs: [Cell] {
        let flavor = instance.flavor
        return [
            fact(Message("Flavor Name"), .text(flavor.name)), fact(Message("Flavor ID"), .text(flavor.id)),
            fact(Message("RAM"), .text("\(flavor.memoryMiB) MB")), fact(Message("vCPUs"), .text("\(flavor.vcpus)")),
            fact(Message("Disk"), .text("\(flavor.diskGiB) GB")),
        ]
    }

    private var addresses: [Cell] {
        var networks: [(id: String, name: String, lines: [Cell.Line])] = []
        for address in instance.addresses {
            let line = Cell.Line(text: address.address.description, note: address.macAddress.description)
            if let index = networks.firstIndex(where: { $0.id == address.networkID.text }) {
                networks[index].lines.append(line)
            } else {
                networks.append((address.networkID.text, address.networkName, [line]))
            }
        }
        return networks.map { Cell.lines($0.lines).labelled($0.name) }
    }

    private var metadata: [Cell] {
        [
            fact(Message("Key Name"), .text(instance.keyName ?? wording(Message("None")))),
            fact(Message("Image Name"), .text(instance.imageName)),
            fact(Message("Image ID"), .code(instance.imageID.text)),
            fact(Message("Configuration Drive"), .text(wording.yesNo(instance.configDrive))),
        ] + instance.metadata.sorted { $0.key < $1.key }.map { Cell.text($0.value).labelled($0.key) }
    }

    private func fact(_ label: Message, _ cell: Cell) -> Cell { cell.labelled(wording(label)) }
}
