/// Where a service answers.
public struct Endpoint: Hashable, Sendable, Identifiable {
    /// Who it is for.
    public enum Interface: String, CaseIterable, Sendable {
        case `public`
        case `internal`
        case admin
    }

    /// 32 hexadecimal digits.
    public let id: String
    /// The service that answers there.
    public let serviceID: String
    /// The region it is in.
    public let regionID: String?
    /// Who it is for.
    public let interface: Interface
    /// Where it is, with `%(project_id)s` and its like in place of what depends on the token. A path is one of this
    /// program, to be found below the address a client has come to.
    public let url: String
    /// A disabled endpoint is not in the catalogue.
    public let isEnabled: Bool

    /// The address for a client that has come to `base`.
    public func url(below base: String) -> String {
        url.hasPrefix("/") ? base + url : url
    }
}

/// An endpoint to be entered.
public struct NewEndpoint: Sendable {
    /// The service that answers there.
    public var serviceID: String
    /// The region it is in.
    public var regionID: String?
    /// Whether a region that is not known yet is to be made, as keystone does for the old member `region`.
    public var makesRegion = false
    /// Who it is for.
    public var interface: Endpoint.Interface
    /// Where it is: scheme, colon and the rest.
    public var url: String
    /// Whether it is in the catalogue.
    public var isEnabled: Bool

    /// Describes an endpoint.
    public init(
        serviceID: String, regionID: String? = nil, interface: Endpoint.Interface, url: String, isEnabled: Bool = true
    ) {
        self.serviceID = serviceID
        self.regionID = regionID
        self.interface = interface
        self.url = url
        self.isEnabled = isEnabled
    }
}

/// What is to change of an endpoint; nil leaves as it is.
public struct EndpointUpdate: Sendable {
    /// The service that answers there.
    public var serviceID: String?
    /// The region it is in; `.some(nil)` is none.
    public var regionID: String??
    /// Whether a region that is not known yet is to be made.
    public var makesRegion = false
    /// Who it is for.
    public var interface: Endpoint.Interface?
    /// Where it is.
    public var url: String?
    /// Whether it is in the catalogue.
    public var isEnabled: Bool?

    /// Describes a change.
    public init() {}
}

/// Which endpoints are wanted; nil is any.
public struct EndpointFilter: Sendable {
    /// Of this service.
    public var serviceID: String?
    /// In this region.
    public var regionID: String?
    /// For these.
    public var interface: Endpoint.Interface?

    /// Describes a choice.
    public init(serviceID: String? = nil, regionID: String? = nil, interface: Endpoint.Interface? = nil) {
        self.serviceID = serviceID
        self.regionID = regionID
        self.interface = interface
    }
}
