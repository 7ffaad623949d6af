import Compute
import HTTP
import ServiceCore

/// `/os-aggregates`.
struct AggregateEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/os-aggregates", list)
        table.on(.post, "/v2.1/os-aggregates", create)
        table.on(.get, "/v2.1/os-aggregates/{id}", show)
        table.on(.put, "/v2.1/os-aggregates/{id}", update)
        table.on(.delete, "/v2.1/os-aggregates/{id}", delete)
        table.on(.post, "/v2.1/os-aggregates/{id}/action", act)
        table.on(.post, "/v2.1/os-aggregates/{id}/images", in: .since(81), cacheImages)
    }

    func list(_ call: APICall) throws -> Response {
        let aggregates = try compute.aggregates(as: call.context).sorted { $0.id < $1.id }
        return call.answer { json in json.list("aggregates", aggregates) { $0.aggregate($1, call) } }
    }

    func show(_ call: APICall) throws -> Response {
        answer(try compute.aggregate(id(call), as: call.context), call)
    }

    func create(_ call: APICall) throws -> Response {
        try compute.require(.manageAggregates, as: call.context)
        let (name, zone) = try call.object("aggregate") { reader in
            (try reader.required("name").name(), try reader.nullable("availability_zone")?.zoneName())
        }
        let aggregate = try compute.createAggregate(named: name, availabilityZone: zone, as: call.context)
        return call.answer { json in json.entry("aggregate") { $0.aggregate(aggregate, isWhole: false, call) } }
    }

    func update(_ call: APICall) throws -> Response {
        let present = try compute.aggregate(id(call), as: call.context)
        let (name, zone) = try call.object("aggregate") { reader in
            let name = try reader.optional("name")?.name()
            let zone = reader.optional("availability_zone")
            guard name != nil || zone != nil else {
                throw APIError(.badRequest, "Nothing of the aggregate is to be changed.")
            }
            return (name, zone?.isNull == false ? try zone?.zoneName() : nil)
        }
        let aggregate = try compute.updateAggregate(
            present.id, name: name ?? present.name, availabilityZone: zone ?? present.availabilityZone,
            as: call.context)
        return answer(aggregate, call)
    }

    func delete(_ call: APICall) throws -> Response {
        do {
            try compute.deleteAggregate(id(call), as: call.context)
        } catch let error as ServiceError where error.code == "aggregate_in_use" {
            throw APIError(.badRequest, error.message.english)
        }
        return .nothing(.ok)
    }

    func act(_ call: APICall) throws -> Response {
        let id = try id(call)
        let aggregate = try call.content().object { reader in
            let name = reader.names.first ?? ""
            guard reader.names.count == 1, ["add_host", "remove_host", "set_metadata"].contains(name) else {
                throw APIError(.badRequest, "There is no such action: \(name.prefix(80))")
            }
            return try reader.required(name).object { try change(id, name, $0, call) }
        }
        return answer(aggregate, call)
    }

    private func change(_ id: Int, _ action: String, _ reader: JSONReader, _ call: APICall) throws -> Aggregate {
        switch action {
        case "add_host":
            let host = try reader.required("host").hostName()
            do {
                return try compute.addHost(host, toAggregate: id, as: call.context)
            } catch let error as ServiceError where error.violations.map(\.code) == ["not_found"] {
                throw APIError(.notFound, error.message.english)
            }
        case "remove_host":
            return try compute.removeHost(try reader.required("host").hostName(), fromAggregate: id, as: call.context)
        default:
            let changes = try reader.required("metadata").nullableTexts()
            var metadata = try compute.aggregate(id, as: call.context).metadata
            for (key, value) in changes { metadata[key] = value }
            return try compute.setAggregateMetadata(metadata, of: id, as: call.context)
        }
    }

    /// Hosts here fetch images when they need them.
    func cacheImages(_ call: APICall) throws -> Response {
        let id = try id(call)
        _ = try call.content().object { reader in
            try reader.required("cache").list(1...100).map { try $0.object { try $0.required("id").uuid() } }
        }
        _ = try compute.aggregate(id, as: call.context)
        return .nothing(.accepted)
    }

    private func id(_ call: APICall) throws -> Int {
        try compute.require(.manageAggregates, as: call.context)
        let text = call[parameter: "id"]
        guard let id = Int(text) else {
            throw APIError(.badRequest, "Invalid input for id: '\(text.prefix(80))' is not a number.")
        }
        return id
    }

    private func answer(_ aggregate: Aggregate, _ call: APICall) -> Response {
        call.answer { json in json.entry("aggregate") { $0.aggregate(aggregate, call) } }
    }
}

extension JSONWriter {
    /// - Parameter isWhole: an answer to a creation has neither hosts nor metadata.
    fileprivate mutating func aggregate(_ aggregate: Aggregate, isWhole: Bool = true, _ call: APICall) {
        object {
            $0.member("id", aggregate.id)
            if call.isAtLeast(2, 41) { $0.member("uuid", aggregate.uuid) }
            $0.member("name", aggregate.name)
            $0.member("availability_zone", aggregate.availabilityZone)
            $0.member("created_at", aggregate.createdAt.withMicroseconds)
            let isUnchanged = aggregate.updatedAt == aggregate.createdAt
            $0.member("updated_at", isUnchanged && !isWhole ? nil : aggregate.updatedAt.withMicroseconds)
            $0.member("deleted", false)
            $0.member("deleted_at", nil as String?)
            guard isWhole else { return }
            $0.list("hosts", aggregate.hosts)
            $0.member("metadata", aggregate.metadata)
        }
    }
}

extension JSONMember {
    /// A zone's name has no colon, which sets a host apart.
    fileprivate func zoneName() throws -> String {
        let name = try name()
        guard !name.contains(":") else { throw refusal("must not have a colon") }
        return name
    }

    fileprivate func hostName() throws -> String {
        let text = try text(1...255)
        guard text.wholeMatch(of: /[a-zA-Z0-9\-._]*/) != nil else { throw refusal("must be a host name") }
        return text
    }

    /// Metadata in which null takes a pair away.
    fileprivate func nullableTexts() throws -> [String: String?] {
        guard case .object(let members) = value else { throw refusal("must be an object") }
        return try members.reduce(into: [:]) { pairs, member in
            guard MetadataName.isPossible(member.key) else { throw refusal("has a name that is not possible") }
            pairs[member.key] = .some(
                try JSONMember(value: member.value, path: "\(path).\(member.key)").nullableText(0...255))
        }
    }
}
