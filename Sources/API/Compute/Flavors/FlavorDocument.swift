import Compute
import HTTP

extension JSONWriter {
    /// A flavor as nova shows it in full.
    mutating func flavor(_ flavor: Flavor, _ call: APICall) {
        object {
            $0.member("id", flavor.id)
            $0.member("name", flavor.name)
            $0.member("ram", flavor.memoryMiB)
            $0.member("disk", flavor.diskGiB)
            $0.swap(flavor, call)
            $0.member("OS-FLV-EXT-DATA:ephemeral", flavor.ephemeralGiB)
            if !call.isAtLeast(2, 102) { $0.member("OS-FLV-DISABLED:disabled", false) }
            $0.member("vcpus", flavor.vcpus)
            $0.member("os-flavor-access:is_public", flavor.isPublic)
            if !call.isAtLeast(2, 102) { $0.member("rxtx_factor", flavor.rxtxFactor) }
            $0.links(to: "/flavors/" + flavor.id, call)
            if call.isAtLeast(2, 55) { $0.member("description", flavor.description) }
            if call.isAtLeast(2, 61) { $0.member("extra_specs", flavor.extraSpecs) }
        }
    }

    /// A flavor in a short list.
    mutating func flavorReference(_ flavor: Flavor, _ call: APICall) {
        object {
            $0.member("id", flavor.id)
            $0.member("name", flavor.name)
            $0.links(to: "/flavors/" + flavor.id, call)
            if call.isAtLeast(2, 55) { $0.member("description", flavor.description) }
        }
    }

    /// Until 2.75 no swap is an empty text.
    private mutating func swap(_ flavor: Flavor, _ call: APICall) {
        if flavor.swapMiB == 0, !call.isAtLeast(2, 75) {
            member("swap", "")
        } else {
            member("swap", flavor.swapMiB)
        }
    }
}
