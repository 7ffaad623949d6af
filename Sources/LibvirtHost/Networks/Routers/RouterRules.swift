import ComputeHost

/// A router's address translation for nft: a pure function of what is wanted.
enum RouterRules {
    static let tables = ["ip", "ip6"].map { NftTables.Name(family: $0, name: "router") }

    static func text(_ router: RouterSpec) -> String { translation(router) + silence(router) }

    private static func table(_ family: String, of router: RouterSpec) -> NftTable {
        NftTable(family: family, name: "router", comment: "Daybreak router \(router.routerID)")
    }

    /// Who advertises that guests get addresses by DHCP (RFC 4861's flag M) is not whom they should ask: the network's
    /// own server must be the only one that answers. IPv6 is not translated.
    private static func silence(_ router: RouterSpec) -> String {
        var table = table("ip6", of: router)
        table.chains = [
            NftChain("input", hook: "type filter hook input priority filter", ["udp dport 547 counter drop"])
        ]
        return table.text
    }

    private static func translation(_ router: RouterSpec) -> String {
        var table = table("ip", of: router)
        guard let gateway = router.gateway else { return table.text }
        let outside = "\"\(RouterPlan.name(gateway, isGateway: true))\""
        let own = gateway.fixedIPs.first { !$0.address.contains(":") }?.address
        let floating = router.floatingIPs.sorted { $0.floatingAddress < $1.floatingAddress }
        table.sets = [
            NftSet(
                name: "inwards", type: "ipv4_addr : ipv4_addr",
                elements: floating.map { "\($0.floatingAddress) : \($0.fixedAddress)" }),
            NftSet(
                name: "outwards", type: "ipv4_addr : ipv4_addr", elements: outwards(floating)),
            NftSet(
                name: "pairs", type: "ipv4_addr . ipv4_addr",
                elements: floating.map { "\($0.floatingAddress) . \($0.fixedAddress)" }),
        ]
        table.chains = [
            NftChain(
                "prerouting", hook: "type nat hook prerouting priority dstnat", ["dnat to ip daddr map @inwards"]),
            NftChain("output", hook: "type nat hook output priority -100", ["dnat to ip daddr map @inwards"]),
            NftChain(
                "postrouting", hook: "type nat hook postrouting priority srcnat", sources(router, outside, own: own)),
            NftChain("forward", hook: "type filter hook forward priority filter", kept(outside, own: own)),
        ]
        return table.text
    }

    /// An address inside goes out under one floating IP, whichever of several it has.
    private static func outwards(_ floating: [RouterSpec.FloatingIP]) -> [String] {
        var seen: Set<String> = []
        return floating.filter { seen.insert($0.fixedAddress).inserted }
            .map { "\($0.fixedAddress) : \($0.floatingAddress)" }
    }

    private static func sources(_ router: RouterSpec, _ outside: String, own: String?) -> [String] {
        var rules = ["oifname \(outside) snat to ip saddr map @outwards"]
        guard let own else { return rules }
        if router.enableSNAT { rules.append("oifname \(outside) snat to \(own)") }
        // A guest that calls another, or itself, by a floating IP must get its answers from the router.
        rules.append("iifname != \(outside) oifname != \(outside) ct status dnat snat to \(own)")
        return rules
    }

    /// An address is translated as its conversation began. When it is another's now, the conversation ends.
    private static func kept(_ outside: String, own: String?) -> [String] {
        let other = own.map { " ct reply ip daddr != \($0)" } ?? ""
        let borrowed = "ct status snat\(other) ct reply ip daddr . ct original ip saddr != @pairs counter drop"
        return [
            "ct status dnat ct original ip daddr . ct reply ip saddr != @pairs counter drop",
            "oifname \(outside) \(borrowed)", "iifname \(outside) \(borrowed)",
        ]
    }
}
