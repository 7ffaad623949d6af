import ServiceCore

/// What can speak against a host. Every reason is given, not only the first: the reader of a failed launch wants them
/// all.
struct HostFilters {
    private let request: PlacementRequest
    private let specs: [ExtraSpec]

    init(_ request: PlacementRequest) {
        self.request = request
        specs = ExtraSpec.all(in: request.extraSpecs)
    }

    func refusals(of host: HostSnapshot, with room: HostResources) -> [HostRefusal] {
        if let forced = request.forcedHost, forced != host.name {
            return [HostRefusal(.named, Message("The launch names another host, {host}.", ["host": forced]))]
        }
        guard host.isUp else { return [HostRefusal(.down, Message("The host does not answer."))] }
        // As in nova, naming a host passes over everything but what it has room for.
        guard request.forcedHost == nil else { return capacity(room) }
        var reasons: [HostRefusal] = []
        if let why = host.disabledReason { reasons.append(HostRefusal(.disabled, Self.disabled(why))) }
        if let zone = request.availabilityZone, zone != host.availabilityZone {
            reasons.append(
                HostRefusal(
                    .zone,
                    Message(
                        "The host is in zone {has}, asked is {asked}.", ["has": host.availabilityZone, "asked": zone])))
        }
        for spec in specs {
            if let reason = Self.aggregates(host, spec) { reasons.append(HostRefusal(.aggregate, reason)) }
        }
        reasons += Self.image(host, request.image)
        if let group = request.group, let reason = Self.group(host, group) { reasons.append(reason) }
        return reasons + capacity(room)
    }

    private static func disabled(_ why: String) -> Message {
        why.isEmpty ? Message("The host is disabled.") : Message("The host is disabled: {why}", ["why": why])
    }

    /// nova's AggregateInstanceExtraSpecsFilter, for the keys in its scope.
    private static func aggregates(_ host: HostSnapshot, _ spec: ExtraSpec) -> Message? {
        let values = host.properties[spec.key] ?? []
        guard !values.contains(where: spec.matches) else { return nil }
        let has = values.isEmpty ? "–" : values.sorted().joined(separator: ", ")
        return Message(
            "The host's aggregates have {key} = {has}, the flavor wants {wanted}.",
            ["key": spec.key, "has": has, "wanted": spec.wanted])
    }

    /// nova's ImagePropertiesFilter.
    private static func image(_ host: HostSnapshot, _ image: ImageRequirements) -> [HostRefusal] {
        var reasons: [HostRefusal] = []
        if let wanted = image.architecture, !host.architectures.contains(wanted) {
            reasons.append(
                HostRefusal(
                    .architecture,
                    Message(
                        "The image needs the architecture {wanted}, the host has {has}.",
                        ["wanted": wanted, "has": host.architectures.joined(separator: ", ")])))
        }
        if let wanted = image.hypervisorType, !host.hypervisorTypes.contains(wanted) {
            reasons.append(
                HostRefusal(
                    .hypervisor,
                    Message(
                        "The image needs the hypervisor type {wanted}, the host has {has}.",
                        ["wanted": wanted, "has": host.hypervisorTypes.joined(separator: ", ")])))
        }
        return reasons
    }

    /// nova's ServerGroupAffinityFilter and ServerGroupAntiAffinityFilter.
    private static func group(_ host: HostSnapshot, _ group: GroupRequirement) -> HostRefusal? {
        switch group.policy {
        case .softAffinity, .softAntiAffinity: return nil
        case .affinity:
            guard !group.members.isEmpty, group.members[host.name] == nil else { return nil }
            return HostRefusal(
                .affinity,
                Message(
                    "Affinity: the server group {group} is on {hosts}.",
                    ["group": group.name, "hosts": group.members.keys.sorted().joined(separator: ", ")]))
        case .antiAffinity:
            let here = group.members[host.name] ?? 0
            guard here >= group.mostPerHost else { return nil }
            return HostRefusal(
                .antiAffinity,
                Message(
                    "Anti-affinity: of the server group {group} {count} are here, at most {limit} may be.",
                    ["group": group.name, "count": "\(here)", "limit": "\(group.mostPerHost)"]))
        }
    }

    private func capacity(_ free: HostResources) -> [HostRefusal] {
        var reasons: [HostRefusal] = []
        func compare(_ kind: HostRefusal.Kind, _ asks: Int, _ free: Int, _ message: Message) {
            guard asks > free else { return }
            let said = Message(message.text, ["asks": "\(asks)", "free": "\(max(0, free))"])
            reasons.append(HostRefusal(kind, said))
        }
        compare(.vcpus, request.vcpus, free.vcpus, Message("Too few vCPUs: asks {asks}, free {free}."))
        compare(.memory, request.memoryMiB, free.memoryMiB, Message("Too little RAM: asks {asks} MB, free {free} MB."))
        compare(.disk, request.diskGiB, free.diskGiB, Message("Too little disk: asks {asks} GB, free {free} GB."))
        return reasons
    }
}
