import HTTP
import Images
import ServiceCore

/// `/v2/images/{image_id}/members`: with whom an image is shared.
struct ImageMemberEndpoints: Sendable {
    let images: ImageService

    /// `GET …/members`: 200.
    func list(_ call: APICall) throws -> Response {
        let members = try images.members(of: call.imageID(), as: call.context)
        return call.answer { json in
            json.list("members", members) { Self.write($1, to: &$0) }
            json.member("schema", "/v2/schemas/members")
        }
    }

    /// `POST …/members`: 200.
    func create(_ call: APICall) throws -> Response {
        let id = try call.imageID()
        let project = try call.content().object { reader in
            reader.allowUnknown()
            return try reader.required("member").text()
        }
        return document(try images.addMember(project, to: id, as: call.context))
    }

    /// `GET …/members/{member_id}`: 200.
    func show(_ call: APICall) throws -> Response {
        document(try images.member(call[parameter: "member_id"], of: call.imageID(), as: call.context))
    }

    /// `PUT …/members/{member_id}`: 200.
    func update(_ call: APICall) throws -> Response {
        let id = try call.imageID()
        let text = try call.content().object { reader in
            reader.allowUnknown()
            return try reader.required("status").choice(ImageMember.Status.allCases.map(\.rawValue))
        }
        return document(
            try images.setStatus(
                ImageMember.Status(rawValue: text) ?? .pending, ofMember: call[parameter: "member_id"], of: id,
                as: call.context))
    }

    /// `DELETE …/members/{member_id}`: 204.
    func delete(_ call: APICall) throws -> Response {
        try images.removeMember(call[parameter: "member_id"], from: call.imageID(), as: call.context)
        return .nothing()
    }

    private func document(_ member: ImageMember) -> Response {
        var json = JSONWriter()
        Self.write(member, to: &json)
        return .json(json.bytes)
    }

    private static func write(_ member: ImageMember, to json: inout JSONWriter) {
        json.object { json in
            json.member("member_id", member.projectID)
            json.member("image_id", member.imageID.text)
            json.member("status", member.status.rawValue)
            json.member("created_at", member.createdAt.iso8601)
            json.member("updated_at", member.updatedAt.iso8601)
            json.member("schema", "/v2/schemas/member")
        }
    }
}
