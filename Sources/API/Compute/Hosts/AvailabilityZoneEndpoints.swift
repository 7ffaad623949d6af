import Compute
import HTTP
import ServiceCore

/// `/os-availability-zone`.
struct AvailabilityZoneEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/os-availability-zone", list)
        table.on(.get, "/v2.1/os-availability-zone/detail", detail)
    }

    func list(_ call: APICall) throws -> Response {
        let zones = try compute.zoneStates(as: call.context)
        return call.answer { json in
            json.list("availabilityZoneInfo", zones) { json, zone in
                json.object {
                    $0.member("zoneName", zone.name)
                    $0.object("zoneState") { $0.member("available", zone.isAvailable) }
                    $0.member("hosts", nil as String?)
                }
            }
        }
    }

    func detail(_ call: APICall) throws -> Response {
        let zones = try compute.availabilityZoneDetails(as: call.context)
        return call.answer { json in
            json.list("availabilityZoneInfo", zones) { json, zone in
                json.object {
                    $0.member("zoneName", zone.name)
                    $0.object("zoneState") { $0.member("available", zone.isAvailable) }
                    $0.object("hosts") { hosts(of: zone, &$0) }
                }
            }
        }
    }

    private func hosts(of zone: AvailabilityZone, _ json: inout JSONWriter) {
        for host in zone.hosts {
            json.entry(host.name) { json in
                json.object { json in
                    for service in host.services {
                        json.entry(service.binary) { json in
                            json.object {
                                $0.member("available", service.isUp)
                                $0.member("active", service.isEnabled)
                                $0.member("updated_at", service.updatedAt?.withMicroseconds)
                            }
                        }
                    }
                }
            }
        }
    }
}
