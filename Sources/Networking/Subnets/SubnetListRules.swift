/// The rules of name servers and host routes.
struct SubnetListRules {
    let cidr: CIDR?
    let configuration: NetworkingConfiguration

    func dnsNameservers(_ inputs: [AddressInput], _ faults: inout Faults) -> [IPAddress] {
        let list = "dns_nameservers"
        checkCount(inputs.count, configuration.maxDNSNameservers, list, "too_many_dns_nameservers", &faults)
        var seen: Set<IPAddress> = []
        return inputs.prefix(Self.mostRead).enumerated().compactMap { index, input in
            let place = Place.row(index, of: list, line: input.line)
            guard let address = faults.address(input.text, place),
                faults.checkVersion(address.version, of: input.text, like: cidr, place)
            else { return nil }
            if !seen.insert(address).inserted {
                faults.add(place, "duplicate", "'{value}' is there twice.", value: input.text)
            }
            return address
        }
    }

    func hostRoutes(_ inputs: [HostRouteInput], _ faults: inout Faults) -> [HostRoute] {
        routes(
            inputs, list: "host_routes", limit: configuration.maxHostRoutes, code: "too_many_host_routes", &faults)
    }

    /// Routes of a subnet or of a router.
    func routes(
        _ inputs: [HostRouteInput], list: String, limit: Int, code: String, _ faults: inout Faults
    ) -> [HostRoute] {
        checkCount(inputs.count, limit, list, code, &faults)
        var seen: Set<HostRoute> = []
        return inputs.prefix(Self.mostRead).enumerated().compactMap { index, input in
            let place = Place.row(index, of: list, line: input.line)
            guard let route = route(input, place, &faults) else { return nil }
            if !seen.insert(route).inserted {
                faults.add(place, "duplicate", "'{value}' is there twice.", value: input.text)
            }
            return route
        }
    }

    /// Lists much longer than allowed are not read to their end.
    private static let mostRead = 100

    private func checkCount(_ count: Int, _ limit: Int, _ list: String, _ code: String, _ faults: inout Faults) {
        guard count > limit else { return }
        faults.add(
            Place(list), code, "There are {value} entries; at most {limit} are allowed.", value: String(count),
            ["limit": String(limit)])
    }

    private func route(_ input: HostRouteInput, _ place: Place, _ faults: inout Faults) -> HostRoute? {
        guard input.parts.count == 2 else {
            faults.add(
                place, "route_needs_two_parts",
                "'{value}' must be a destination network and a next hop, joined by a comma.", value: input.text)
            return nil
        }
        let destinationPlace = place.part("destination")
        let nextHopPlace = place.part("nexthop")
        let destination = faults.cidr(input.parts[0], destinationPlace)
        let nextHop = faults.address(input.parts[1], nextHopPlace)
        if let destination {
            _ = faults.checkVersion(destination.version, of: input.parts[0], like: cidr, destinationPlace)
        }
        if let nextHop {
            _ = faults.checkVersion(nextHop.version, of: input.parts[1], like: cidr, nextHopPlace)
        }
        guard let destination, let nextHop else { return nil }
        return HostRoute(destination: destination, nextHop: nextHop)
    }
}
