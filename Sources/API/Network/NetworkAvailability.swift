import HTTP
import Networking
import ServiceCore

/// `/network-ip-availabilities`: how many addresses networks have, and how many are used; for administrators.
struct NetworkAvailability: Sendable {
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.0/network-ip-availabilities", list)
        table.on(.get, "/v2.0/network-ip-availabilities/{id}", show)
    }

    /// `GET`: 200.
    func list(_ call: APICall) throws -> Response {
        let query = try NetworkQuery(call.query)
        var listing = query.listing
        var version: IPVersion?
        listing.filters = try listing.filters.compactMap { filter in
            switch filter.attribute {
            case "ip_version":
                guard let number = filter.values.first.flatMap({ Int($0) }), let wanted = IPVersion(rawValue: number)
                else { throw APIError(.badRequest, "Invalid input for ip_version: it is 4 or 6.") }
                version = wanted
                return nil
            case "network_id": return Listing.Filter("id", filter.values)
            case "network_name": return Listing.Filter("name", filter.values)
            default: return filter
            }
        }
        let all = try networking.availabilities(listing, of: version, as: call.context)
        return call.answer(capacity: 256 + all.count * 512) { json in
            json.list("network_ip_availabilities", all) { json, item in json.object { Self.write(item, &$0) } }
        }
    }

    /// `GET …/{network}`: 200.
    func show(_ call: APICall) throws -> Response {
        let listing = Listing([Listing.Filter("id", [call.resourceID])])
        guard let item = try networking.availabilities(listing, of: nil, as: call.context).first else {
            throw ServiceError.notFound("Network", call.resourceID)
        }
        return call.answer { json in json.object("network_ip_availability") { Self.write(item, &$0) } }
    }

    private static func write(_ item: NetworkIPAvailability, _ json: inout JSONWriter) {
        json.member("network_id", item.network.id.text)
        json.member("network_name", item.network.name)
        json.member("tenant_id", item.network.projectID)
        json.member("project_id", item.network.projectID)
        json.list("subnet_ip_availability", item.availability.subnets) { json, subnet in
            json.object {
                $0.member("subnet_id", subnet.subnetID.text)
                $0.member("subnet_name", subnet.name)
                $0.member("cidr", subnet.cidr.description)
                $0.member("ip_version", subnet.cidr.version.rawValue)
                $0.member("total_ips", Digits(subnet.total))
                $0.member("used_ips", subnet.used)
            }
        }
        json.member("total_ips", Digits(item.availability.total))
        json.member("used_ips", item.availability.used)
    }
}

/// A number that may be larger than `Int`: an IPv6 subnet's addresses.
private struct Digits: JSONWritable {
    let number: UInt128

    init(_ number: UInt128) { self.number = number }

    func write(to json: inout JSONWriter) { json.raw(digits: String(number)) }
}
