import HTTP
import Identity

/// `/v3/domains/{domain_id}/config`, its groups and options, and what they are by default.
struct DomainConfigurationEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/domains/config/default", showDefault)
        table.on(.get, "/v3/domains/config/{group}/default", showDefault)
        table.on(.get, "/v3/domains/config/{group}/{option}/default", showDefault)
        let path = "/v3/domains/{domain_id}/config"
        table.on(.put, path, replace)
        for part in [path, path + "/{group}", path + "/{group}/{option}"] {
            table.on(.get, part, show)
            table.on(.patch, part, update)
            table.on(.delete, part, delete)
        }
    }

    private func showDefault(_ call: APICall) throws -> Response {
        answer(try identity.defaultConfiguration(call.part, as: call.context), call)
    }

    private func show(_ call: APICall) throws -> Response {
        answer(
            try identity.configuration(ofDomain: call[parameter: "domain_id"], call.part, as: call.context), call)
    }

    private func replace(_ call: APICall) throws -> Response {
        let new = try call.object("config", configuration)
        let (set, isNew) = try identity.replaceConfiguration(
            ofDomain: call[parameter: "domain_id"], by: new, as: call.context)
        return answer(set, call, isNew ? .created : .ok)
    }

    /// An option is sent without its group; the answer has everything.
    private func update(_ call: APICall) throws -> Response {
        let new = try call.object("config") { reader in
            guard case .option(_, let group) = call.part else { return try configuration(reader) }
            return DomainConfiguration([group: ExtraAttributes(reader.others().mapValues(\.json))])
        }
        let whole = try identity.updateConfiguration(
            ofDomain: call[parameter: "domain_id"], call.part, by: new, as: call.context)
        return call.document("config") { $0.groups(whole) }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteConfiguration(ofDomain: call[parameter: "domain_id"], call.part, as: call.context)
        return .nothing()
    }

    private func configuration(_ reader: JSONReader) throws -> DomainConfiguration {
        DomainConfiguration(
            try reader.names.reduce(into: [:]) { groups, name in
                groups[name] = try reader.required(name).object { ExtraAttributes($0.others().mapValues(\.json)) }
            })
    }

    /// An option that was asked for stands by itself, without its group.
    private func answer(
        _ configuration: DomainConfiguration, _ call: APICall, _ status: Status = .ok
    ) -> Response {
        call.document("config", status) { json in
            guard case .option(_, let group) = call.part else { return json.groups(configuration) }
            json.members(configuration.groups[group] ?? .none)
        }
    }
}

extension APICall {
    /// The part of a configuration that the address names.
    fileprivate var part: DomainConfiguration.Part {
        let (group, option) = (self[parameter: "group"], self[parameter: "option"])
        if group.isEmpty { return .everything }
        return option.isEmpty ? .group(group) : .option(option, group: group)
    }
}

extension JSONWriter {
    fileprivate mutating func groups(_ configuration: DomainConfiguration) {
        for (name, options) in configuration.groups.sorted(by: { $0.key < $1.key }) {
            entry(name) { json in json.object { $0.members(options) } }
        }
    }
}
