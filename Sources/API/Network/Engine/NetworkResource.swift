import Networking
import ServiceCore

/// One kind of resource: its names, its attributes, and the service's methods for it. What is the same for all kinds is
/// in ``NetworkEndpoints``.
struct NetworkResource<Item: Sendable>: Sendable {
    /// Of one: `security_group`.
    let name: String
    /// Of several: `security_groups`.
    let plural: String
    /// In paths: `security-groups`.
    let path: String
    /// In the order in which they are written.
    let attributes: [NetworkAttribute<Item>]
    /// The identifier by which tags are found.
    let id: @Sendable (Item) -> String
    /// What can be tagged; nil for a kind that cannot, and for a text that is no identifier.
    var tagged: (@Sendable (String) -> TaggedResource?)?
    let list: @Sendable (Listing, RequestContext) throws -> [Item]
    let show: @Sendable (String, RequestContext) throws -> Item
    /// All of several, or none.
    var create: (@Sendable ([NetworkBody], RequestContext) throws -> [Item])?
    /// With the revision that the caller saw.
    var update: (@Sendable (String, NetworkBody, Int?, RequestContext) throws -> Item)?
    /// With the revision that the caller saw.
    var delete: (@Sendable (String, Int?, RequestContext) throws -> Void)?
}

extension NetworkResource {
    /// What somebody is told, of the attributes that were asked for; with none, of all.
    func attributes(_ fields: [String], for context: RequestContext) -> [NetworkAttribute<Item>] {
        attributes.filter { attribute in
            attribute.write != nil && (fields.isEmpty || fields.contains(attribute.name))
                && (context.isAdmin || !attribute.use.contains(.secret))
        }
    }
}
