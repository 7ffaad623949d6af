import HTTP
import Networking
import ServiceCore

/// Where the addresses of a new subnet come from: typed, or cut from a pool.
extension SubnetForm {
    var isFromPool: Bool { input["address_source"] == "subnetpool" }

    /// Takes the addresses from the pool that was chosen; what is typed of them is left alone.
    func takePool(for new: inout NewSubnet) {
        new.cidr = ""
        new.version = nil
        new.subnetPoolID = input["subnetpool"].flatMap { ID(untrusted: $0) }
        let length = Self.trimmed(input["prefixlen"])
        new.prefixLength = length.hasPrefix("/") ? String(length.dropFirst()) : length
        new.ipv6Mode = input["ipv6_modes"].flatMap(IPv6AddressMode.init)
    }

    /// Refuses a form that wants a pool and names none, which the service would take for a missing address.
    /// - Parameter prefix: before the field's name.
    func requirePool(_ prefix: String = "") throws {
        guard isFromPool, newSubnet.subnetPoolID == nil else { return }
        throw ServiceError.invalid([
            Violation(
                field: prefix + "subnetpool_id", code: "subnet_pool_missing",
                message: Message("Choose an address pool."))
        ])
    }

    /// Nothing where there is no pool, as in Horizon.
    static func poolFields(_ fields: FormFields, _ pools: [SubnetPool]) -> [FormField] {
        guard !pools.isEmpty else { return [] }
        let wording = fields.wording
        let isFromPool = fields.input["address_source"] == "subnetpool"
        var source = fields.select(
            "address_source", Message("Network Address Source"),
            [
                Choice(value: "manual", title: wording(Message("Enter Network Address manually"))),
                Choice(value: "subnetpool", title: wording(Message("Allocate Network Address from a pool"))),
            ], violation: isFromPool ? nil : "subnetpool_id")
        source.group = "wide"
        var pool = fields.select(
            "subnetpool", Message("Address pool"),
            [Choice(value: "", title: wording(Message("Select a pool")))]
                + pools.map { Choice(value: $0.id.text, title: title(of: $0)) },
            violation: isFromPool ? "subnetpool_id" : nil)
        pool.group = "by-pool"
        var length = fields.text(
            "prefixlen", Message("Network Mask"),
            help: Message("The length of the prefix, such as 26. Empty: the pool's default."))
        length.group = "by-pool"
        return [source, pool, length]
    }

    private static func title(of pool: SubnetPool) -> String {
        let prefixes = pool.prefixes.prefix(3).map(\.description).joined(separator: ", ")
        let more = pool.prefixes.count > 3 ? ", …" : ""
        return "\(pool.displayName) (\(prefixes)\(more)) · /\(pool.lengths.min)–/\(pool.lengths.max)"
    }
}
