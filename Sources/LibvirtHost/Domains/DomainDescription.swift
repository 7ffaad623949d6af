import ComputeHost
import Markup

/// What we read back out of a domain's definition.
struct DomainDescription: Sendable, Hashable {
    /// `kvm`, `qemu` or `test`.
    let domainType: String
    /// The id of the installation that defined the domain; nil when it is not one of ours.
    let owner: String?

    /// Nil when the text is not a domain's definition.
    init?(parsing text: String) {
        guard let document = try? XMLDocument(parsing: text), document.root.name == "domain" else { return nil }
        domainType = document.root.attribute("type") ?? ""
        owner = document.xpath("/domain/metadata/d:domain", namespaces: ["d": DomainXML.ownNamespace])
            .first?.attribute("owner")
    }
}
