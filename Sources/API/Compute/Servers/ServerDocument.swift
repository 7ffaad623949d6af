import Compute
import HTTP
import Images
import ServiceCore

/// Instances as nova shows them. One is made for an answer: what all rows share is worked out once.
struct ServerDocument {
    private let call: APICall
    private let isAdmin: Bool
    private let hasExtraFlavor: Bool
    private let selfPrefix: String
    private let bookmarkPrefix: String
    private let imagePrefix: String
    private let flavorPrefix: String

    init(_ call: APICall, _ compute: ComputeService) {
        self.call = call
        isAdmin = compute.seesHosts(call.context)
        hasExtraFlavor = call.isAtLeast(2, 47)
        selfPrefix = call.root
        bookmarkPrefix = call.bookmarks
        imagePrefix = bookmarkPrefix + "/images/"
        flavorPrefix = bookmarkPrefix + "/flavors/"
    }

    /// An instance in a short list.
    func reference(_ instance: Instance, _ json: inout JSONWriter) {
        json.object {
            $0.member("id", instance.id.text)
            $0.member("name", instance.name)
            links("/servers/" + instance.id.text, &$0)
        }
    }

    /// All that a list with details, or an answer about one instance, shows.
    /// - Parameters:
    ///   - facts: shown since 2.98.
    ///   - group: the server group, shown for one instance; nil in lists.
    ///   - password: shown once, after a rebuild, together with the user data, which then is not among the attributes.
    func full(
        _ instance: Instance, _ details: InstanceDetails?, _ facts: LaunchFacts?, group: Group? = nil,
        password: String? = nil, _ json: inout JSONWriter
    ) {
        json.object {
            core(instance, details, facts, addressTypes: true, &$0)
            $0.member("OS-EXT-AZ:availability_zone", zone(of: instance, details))
            $0.member("config_drive", instance.configDrive ? "True" : "")
            $0.member("key_name", instance.keyName)
            $0.member("OS-SRV-USG:launched_at", instance.launchedAt?.withMicroseconds)
            $0.member("OS-SRV-USG:terminated_at", instance.deletedAt?.withMicroseconds)
            state(instance, &$0)
            if isAdmin { attributes(instance, details, showsUserData: password == nil, &$0) }
            if !isAdmin, call.isAtLeast(2, 90) { $0.member("OS-EXT-SRV-ATTR:hostname", instance.guestHostname) }
            $0.list("os-extended-volumes:volumes_attached", [] as [String])
            securityGroups(details, &$0)
            later(instance, details, group: group, &$0)
            if let password {
                $0.member("adminPass", password)
                $0.member("user_data", details?.userData.map(Self.base64))
            }
            if call.isAtLeast(2, 96) { $0.member("pinned_availability_zone", details?.requestedZone) }
            if call.isAtLeast(2, 100) { hints(facts, &$0) }
        }
    }

    /// What answers to a change and a rebuild show before 2.75.
    func short(
        _ instance: Instance, _ details: InstanceDetails?, group: Group?, ofRebuild: Bool, password: String? = nil,
        _ json: inout JSONWriter
    ) {
        json.object {
            core(instance, details, nil, addressTypes: false, &$0)
            later(instance, details, group: group, &$0)
            if ofRebuild, call.isAtLeast(2, 54) { $0.member("key_name", instance.keyName) }
            if ofRebuild, call.isAtLeast(2, 57) { $0.member("user_data", details?.userData.map(Self.base64)) }
            $0.optionalMember("adminPass", password)
        }
    }

    /// The server group an instance is in.
    enum Group {
        case none
        case some(String)
    }

    private func core(
        _ instance: Instance, _ details: InstanceDetails?, _ facts: LaunchFacts?, addressTypes: Bool,
        _ json: inout JSONWriter
    ) {
        let status = instance.status
        json.member("id", instance.id.text)
        json.member("name", instance.name)
        json.member("status", status.rawValue)
        json.member("tenant_id", instance.projectID)
        json.member("user_id", instance.userID)
        json.member("metadata", details?.metadata ?? instance.metadata)
        json.member("hostId", details?.hostID ?? instance.hostID)
        image(instance, facts, &json)
        flavor(instance.flavor, &json)
        json.member("created", instance.createdAt.iso8601)
        json.member("updated", instance.updatedAt.iso8601)
        addresses(instance.addresses + (details?.floatingAddresses ?? []), types: addressTypes, &json)
        json.member("accessIPv4", instance.accessIPv4)
        json.member("accessIPv6", instance.accessIPv6)
        links("/servers/" + instance.id.text, &json)
        json.member("OS-DCF:diskConfig", instance.diskConfig.rawValue)
        if let progress = Self.progress(of: status) { json.member("progress", progress) }
        fault(of: instance, details, &json)
    }

    private func image(_ instance: Instance, _ facts: LaunchFacts?, _ json: inout JSONWriter) {
        json.object("image") {
            $0.member("id", instance.imageID.text)
            $0.list("links", CollectionOfOne(instance.imageID.text)) { json, id in
                json.link("bookmark", imagePrefix, id)
            }
            if call.isAtLeast(2, 98) { $0.member("properties", facts?.imageProperties ?? [:]) }
        }
    }

    /// Each as a list, as nova keeps them.
    private func hints(_ facts: LaunchFacts?, _ json: inout JSONWriter) {
        json.object("scheduler_hints") { json in
            for (name, texts) in facts?.schedulerHints.sorted(by: { $0.key < $1.key }) ?? [] {
                json.entry(name) { json in json.list(texts) { $1.write(to: &$0) } }
            }
        }
    }

    private static func progress(of status: InstanceStatus) -> Int? {
        switch status {
        case .active, .build, .rebuild, .resize, .verifyResize: 0
        default: nil
        }
    }

    private func flavor(_ flavor: InstanceFlavor, _ json: inout JSONWriter) {
        json.object("flavor") {
            guard hasExtraFlavor else {
                $0.member("id", flavor.id)
                $0.list("links", CollectionOfOne(flavor.id)) { json, id in
                    json.link("bookmark", flavorPrefix, id)
                }
                return
            }
            $0.member("vcpus", flavor.vcpus)
            $0.member("ram", flavor.memoryMiB)
            $0.member("disk", flavor.diskGiB)
            $0.member("ephemeral", flavor.ephemeralGiB)
            $0.member("swap", flavor.swapMiB)
            $0.member("original_name", flavor.name)
            $0.member("extra_specs", flavor.extraSpecs)
        }
    }

    private func fault(of instance: Instance, _ details: InstanceDetails?, _ json: inout JSONWriter) {
        guard let fault = instance.fault, instance.status == .error || instance.status == .deleted else { return }
        json.object("fault") {
            $0.member("code", fault.code)
            $0.member("created", fault.createdAt.iso8601)
            $0.member("message", fault.message.english)
            $0.optionalMember("details", details?.internals?.faultDetails)
        }
    }

    /// While no host has been chosen, what was asked for.
    private func zone(of instance: Instance, _ details: InstanceDetails?) -> String {
        instance.isOnHost ? instance.availabilityZone : details?.requestedZone ?? ""
    }

    private func state(_ instance: Instance, _ json: inout JSONWriter) {
        json.member("OS-EXT-STS:task_state", instance.taskState?.rawValue)
        json.member("OS-EXT-STS:vm_state", instance.vmState.rawValue)
        json.member("OS-EXT-STS:power_state", instance.powerStateNumber)
    }

    /// Where it is, and what it is called there.
    private func attributes(
        _ instance: Instance, _ details: InstanceDetails?, showsUserData: Bool, _ json: inout JSONWriter
    ) {
        let host = details?.internals?.host
        json.member("OS-EXT-SRV-ATTR:host", host)
        json.member("OS-EXT-SRV-ATTR:instance_name", instance.domainName)
        json.member("OS-EXT-SRV-ATTR:hypervisor_hostname", host)
        guard call.isAtLeast(2, 3) else { return }
        json.member("OS-EXT-SRV-ATTR:reservation_id", instance.reservationID)
        json.member("OS-EXT-SRV-ATTR:launch_index", instance.launchIndex)
        json.member("OS-EXT-SRV-ATTR:hostname", instance.guestHostname)
        json.member("OS-EXT-SRV-ATTR:kernel_id", "")
        json.member("OS-EXT-SRV-ATTR:ramdisk_id", "")
        json.member("OS-EXT-SRV-ATTR:root_device_name", "/dev/vda")
        if showsUserData { json.member("OS-EXT-SRV-ATTR:user_data", details?.userData.map(Self.base64)) }
        if call.isAtLeast(2, 16) { json.member("host_status", details?.hostStatus ?? "") }
    }

    /// What came with later microversions.
    private func later(
        _ instance: Instance, _ details: InstanceDetails?, group: Group?, _ json: inout JSONWriter
    ) {
        if call.isAtLeast(2, 9) { json.member("locked", instance.locked) }
        if call.isAtLeast(2, 19) {
            json.member("description", instance.description.isEmpty ? nil : instance.description)
        }
        if call.isAtLeast(2, 26) { json.list("tags", details?.tags ?? []) }
        if call.isAtLeast(2, 63) { json.member("trusted_image_certificates", nil as [String]?) }
        if call.isAtLeast(2, 71), let group {
            if case .some(let id) = group {
                json.list("server_groups", [id])
            } else {
                json.list("server_groups", [] as [String])
            }
        }
        if call.isAtLeast(2, 73) { json.member("locked_reason", instance.lockReason) }
    }

    private func securityGroups(_ details: InstanceDetails?, _ json: inout JSONWriter) {
        guard let groups = details?.securityGroups, !groups.isEmpty else { return }
        json.list("security_groups", groups) { json, name in json.object { $0.member("name", name) } }
    }

    private func links(_ path: String, _ json: inout JSONWriter) {
        json.list("links", CollectionOfOne(path)) { json, path in
            json.link("self", selfPrefix, path)
            json.link("bookmark", bookmarkPrefix, path)
        }
    }

    static func base64(_ bytes: [UInt8]) -> String { Base64Text.encode(bytes) }
}
