/// A table in nft's language, indented as nft itself lists it.
struct NftTable {
    /// `bridge`, `ip`, `ip6`.
    var family: String
    var name: String
    var comment: String
    var sets: [NftSet] = []
    var chains: [NftChain] = []

    /// What puts it, whole, in the place of the one of its name.
    var text: String {
        var lines = ["table \(family) \(name)", "delete table \(family) \(name)", "table \(family) \(name) {"]
        lines.append("\tcomment \"\(comment)\"")
        lines += sets.flatMap(\.lines)
        lines += chains.flatMap(\.lines)
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }
}

/// A named set, or a map.
struct NftSet {
    var name: String
    /// `ipv4_addr`, `ifname`; of a map `ipv4_addr : ipv4_addr`.
    var type: String
    var elements: [String]
    /// Whether there are blocks among the elements.
    var hasBlocks = false

    fileprivate var lines: [String] {
        var lines = ["\t\(type.contains(" : ") ? "map" : "set") \(name) {", "\t\ttype \(type)"]
        if hasBlocks { lines += ["\t\tflags interval", "\t\tauto-merge"] }
        if !elements.isEmpty { lines.append("\t\telements = { \(elements.joined(separator: ", ")) }") }
        return lines + ["\t}"]
    }
}

/// A chain, with the hook it hangs on when it is a base chain.
struct NftChain {
    var name: String
    /// `type filter hook forward priority filter`.
    var hook: String?
    var rules: [String]

    init(_ name: String, hook: String? = nil, _ rules: [String]) {
        self.name = name
        self.hook = hook
        self.rules = rules
    }

    fileprivate var lines: [String] {
        let first = hook.map { ["\t\t\($0); policy accept;"] } ?? []
        return ["\tchain \(name) {"] + first + rules.map { "\t\t" + $0 } + ["\t}"]
    }
}

/// What a rule of many lines looks up at once.
enum NftMap {
    /// `iifname vmap { "tap1" : jump a, "tap2" : jump b }`; nil when there is nothing to look up: nft has no words for it.
    static func rule(_ key: String, _ elements: [(String, String)], kind: String = "vmap") -> String? {
        guard !elements.isEmpty else { return nil }
        return "\(key) \(kind) { " + elements.map { "\($0.0) : \($0.1)" }.joined(separator: ", ") + " }"
    }
}
