import Compute
import Foundation
import HTTP
import Networking
import ServiceCore

/// `/os-security-groups` and `/os-security-group-rules`: neutron's groups as nova showed them until 2.35.
struct SecurityGroupProxy: Sendable {
    let compute: ComputeService
    let networking: NetworkingService

    /// The microversions that have what belongs to other services.
    static let versions = Microversion(2, 1)...Microversion(2, 35)

    func register(on table: inout RouteTable) {
        table.onProxy(.get, "/v2.1/os-security-groups", of: compute, list)
        table.onProxy(.post, "/v2.1/os-security-groups", of: compute, create)
        table.onProxy(.get, "/v2.1/os-security-groups/{id}", of: compute, show)
        table.onProxy(.put, "/v2.1/os-security-groups/{id}", of: compute, update)
        table.onProxy(.delete, "/v2.1/os-security-groups/{id}", of: compute, delete)
        // Who forgot the id asks for nothing that there is.
        table.on(.delete, "/v2.1/os-security-groups") { _ in
            throw APIError(.notFound, "The resource could not be found.")
        }
        table.onProxy(.post, "/v2.1/os-security-group-rules", of: compute, createRule)
        table.onProxy(.delete, "/v2.1/os-security-group-rules/{id}", of: compute, deleteRule)
    }

    func list(_ call: APICall) throws -> Response {
        let all = call.query.text("all_tenants").map { $0.isEmpty || LooseBool.value(of: $0) == true } ?? false
        let filter = SecurityGroupFilter(all && call.context.isAdmin ? .everything : .project)
        let groups = try networking.securityGroups(filter, as: call.context)
        let limit = try call.query.integer("limit", 0...Int.max) ?? groups.count
        let names = SecurityGroupNames(groups, networking, call)
        return call.answer { json in
            json.list("security_groups", groups.prefix(limit)) { $0.securityGroup($1, names) }
        }
    }

    func show(_ call: APICall) throws -> Response {
        answer(try networking.securityGroup(call.uuid("id"), as: call.context), call)
    }

    func create(_ call: APICall) throws -> Response {
        let (name, description) = try content(call)
        var new = NewSecurityGroup(name: name)
        new.description = description
        return answer(try networking.createSecurityGroup(new, as: call.context), call)
    }

    func update(_ call: APICall) throws -> Response {
        let (name, description) = try content(call)
        var update = SecurityGroupUpdate()
        (update.name, update.description) = (name, description)
        return answer(
            try badRequest { try networking.updateSecurityGroup(call.uuid("id"), update, as: call.context) }, call)
    }

    func delete(_ call: APICall) throws -> Response {
        try badRequest { try networking.deleteSecurityGroup(call.uuid("id"), as: call.context) }
        return .nothing(.accepted)
    }

    private func content(_ call: APICall) throws -> (String, String) {
        try call.object("security_group") { reader in
            let name = try reader.required("name").text(0...255)
            guard !name.trimmingCharacters(in: .whitespaces).isEmpty else {
                throw APIError(.badRequest, "The name of a security group must not be empty.")
            }
            return (name, try reader.required("description").nullableText(0...255) ?? "")
        }
    }

    /// What neutron calls a conflict nova called a bad request.
    private func badRequest<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let error as ServiceError where error.kind == .conflict {
            throw APIError(.badRequest, error.message.english)
        }
    }

    private func answer(_ group: SecurityGroup, _ call: APICall) -> Response {
        let names = SecurityGroupNames([group], networking, call)
        return call.answer { json in json.entry("security_group") { $0.securityGroup(group, names) } }
    }
}

extension SecurityGroupProxy {
    func createRule(_ call: APICall) throws -> Response {
        let new = try call.object("security_group_rule") { try self.rule($0, call) }
        let rule = try badRequest { try networking.createSecurityGroupRule(new, as: call.context) }
        let names = SecurityGroupNames([], networking, call)
        return call.answer { json in json.entry("security_group_rule") { $0.securityGroupRule(rule, names) } }
    }

    func deleteRule(_ call: APICall) throws -> Response {
        try networking.deleteSecurityGroupRule(call.uuid("id"), as: call.context)
        return .nothing(.accepted)
    }

    private func rule(_ reader: JSONReader, _ call: APICall) throws -> NewSecurityGroupRule {
        let parent = try reader.required("parent_group_id").looseText()
        guard let group = ID<SecurityGroup>(untrusted: parent), parent.isUUID else {
            throw APIError(.badRequest, "Security group id should be uuid")
        }
        _ = try networking.securityGroup(group, as: call.context)
        var rule = NewSecurityGroupRule(groupID: group, direction: TrafficDirection.ingress.rawValue)
        let remote = try reader.nullable("group_id")?.looseText()
        if let remote {
            guard let id = ID<SecurityGroup>(untrusted: remote), remote.isUUID else {
                throw APIError(.badRequest, "Security group id should be uuid")
            }
            _ = try networking.securityGroup(id, as: call.context)
        }
        rule.remoteGroupID = remote
        let cidr = try reader.nullable("cidr")?.text()
        if let cidr, !cidr.isEmpty {
            rule.remoteIPPrefix = cidr
        } else if remote == nil {
            rule.remoteIPPrefix = "0.0.0.0/0"
        }
        if rule.remoteIPPrefix?.contains(":") == true { rule.etherType = EtherType.ipv6.rawValue }
        let name = try reader.nullable("ip_protocol")?.text()
        let (from, to) = (
            try reader.nullable("from_port")?.looseInteger(), try reader.nullable("to_port")?.looseInteger()
        )
        try Self.check(name, from, to, hasGroup: remote != nil)
        rule.protocolName = name?.lowercased()
        if let from, from >= 0 { rule.portRangeMin = String(from) }
        if let to, to >= 0 { rule.portRangeMax = String(to) }
        return rule
    }

    /// nova's rules, which are stricter than neutron's.
    private static func check(_ name: String?, _ from: Int?, _ to: Int?, hasGroup: Bool) throws {
        guard let name else {
            guard hasGroup, from == nil, to == nil else {
                throw APIError(.badRequest, "Not enough parameters to build a valid rule.")
            }
            return
        }
        guard ["TCP", "UDP", "ICMP"].contains(name.uppercased()) else {
            throw APIError(.badRequest, "Invalid IP protocol \(name.prefix(80)).")
        }
        guard let from, let to else {
            guard hasGroup, from == nil, to == nil else {
                throw APIError(.badRequest, "Type and Code must be integers for ICMP protocol type, ports for others.")
            }
            return
        }
        let range = name.uppercased() == "ICMP" ? -1...255 : 1...65_535
        guard range.contains(from), range.contains(to), range.lowerBound == -1 || from <= to else {
            throw APIError(.badRequest, "Invalid port range \(from):\(to).")
        }
    }
}

/// The names and projects of groups that rules speak of.
struct SecurityGroupNames {
    private let groups: [ID<SecurityGroup>: SecurityGroup]

    init(_ known: [SecurityGroup] = [], _ networking: NetworkingService, _ call: APICall) {
        let named = Set(known.flatMap(\.rules).compactMap(\.remoteGroupID)).subtracting(known.map(\.id))
        let visible = known.isEmpty || !named.isEmpty ? (try? networking.securityGroups(as: call.context)) ?? [] : []
        groups = Dictionary((known + visible).map { ($0.id, $0) }) { first, _ in first }
    }

    subscript(id: ID<SecurityGroup>) -> SecurityGroup? { groups[id] }
}

extension JSONWriter {
    /// A group as nova showed it: its rules for what comes in.
    mutating func securityGroup(_ group: SecurityGroup, _ names: SecurityGroupNames) {
        object {
            $0.member("id", group.id.text)
            $0.member("name", group.name)
            $0.member("description", group.description)
            $0.member("tenant_id", group.projectID)
            $0.list("rules", group.rules.filter { $0.direction == .ingress }) { $0.securityGroupRule($1, names) }
        }
    }

    /// A rule as nova showed it.
    mutating func securityGroupRule(_ rule: SecurityGroupRule, _ names: SecurityGroupNames) {
        object {
            $0.member("id", rule.id.text)
            $0.member("parent_group_id", rule.groupID.text)
            $0.member("ip_protocol", rule.protocolName)
            let isAny = rule.protocolName == nil || rule.protocolName == "icmp"
            $0.member("from_port", rule.portRangeMin ?? (isAny && rule.protocolName != nil ? -1 : nil))
            $0.member("to_port", rule.portRangeMax ?? (isAny && rule.protocolName != nil ? -1 : nil))
            $0.object("group") {
                guard let id = rule.remoteGroupID, let group = names[id] else { return }
                $0.member("name", group.name)
                $0.member("tenant_id", group.projectID)
            }
            $0.object("ip_range") {
                guard rule.remoteGroupID == nil else { return }
                let everything = rule.etherType == .ipv4 ? "0.0.0.0/0" : "::/0"
                $0.member("cidr", rule.remoteIPPrefix?.description ?? everything)
            }
        }
    }
}

extension JSONMember {
    /// A text, or a number as one.
    func looseText() throws -> String {
        if case .integer(let number) = value { return String(number) }
        return try text()
    }
}

extension APICall {
    /// An id in the path that must be a UUID.
    /// - Throws: `APIError` 400.
    func uuid<Resource>(_ name: String) throws -> ID<Resource> {
        let text = self[parameter: name]
        guard text.isUUID, let id = ID<Resource>(untrusted: text) else {
            throw APIError(.badRequest, "\(text.prefix(80)): the id should be a UUID")
        }
        return id
    }
}
