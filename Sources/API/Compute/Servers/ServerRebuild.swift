import Compute
import HTTP
import ServiceCore

/// What the action `rebuild` asks for.
struct ServerRebuild {
    let request: RebuildRequest
    let password: String

    /// - Throws: `APIError` 400.
    init(_ member: JSONMember, _ call: APICall) throws {
        self = try member.object { reader in
            var request = RebuildRequest(imageID: try reader.required("imageRef").uuid())
            request.name = try reader.optional("name")?.name()
            request.metadata = try reader.optional("metadata")?.metadata()
            _ = try reader.optional("preserve_ephemeral")?.looseBool()
            request.update.diskConfig = try reader.optional("OS-DCF:diskConfig")?.diskConfig()
            request.update.accessIPv4 = try reader.optional("accessIPv4")?.ipv4()
            request.update.accessIPv6 = try reader.optional("accessIPv6")?.ipv6()
            try Self.readLater(reader, &request, call)
            let password = try reader.optional("adminPass")?.text() ?? ServerCreation.newPassword()
            request.adminPassword = password
            return Self(request: request, password: password)
        }
    }

    private init(request: RebuildRequest, password: String) {
        self.request = request
        self.password = password
    }

    private static func readLater(_ reader: JSONReader, _ request: inout RebuildRequest, _ call: APICall) throws {
        if call.isAtLeast(2, 19), let member = reader.optional("description") {
            request.description = try member.description() ?? ""
        }
        if call.isAtLeast(2, 54), let member = reader.optional("key_name") {
            request.keypairName = member.isNull ? .remove : .set(try member.name())
        }
        if call.isAtLeast(2, 57) {
            if let member = reader.optional("user_data") {
                request.userData = member.isNull ? .remove : .set(try member.base64())
            }
        } else {
            request.files = try reader.optional("personality")?.files() ?? []
        }
        if call.isAtLeast(2, 63), let certificates = reader.optional("trusted_image_certificates"),
            !certificates.isNull, try !certificates.list(0...50).isEmpty
        {
            throw APIError(.badRequest, "This cloud does not validate the certificates of images.")
        }
        if call.isAtLeast(2, 90) { request.update.hostname = try reader.optional("hostname")?.hostname(call) }
    }
}

extension JSONMember {
    /// Bytes in base64, at most 65,535 characters of it, or as many as there may be.
    func base64(_ most: Int = 65_535) throws -> [UInt8] {
        guard let bytes = Base64Text.decode(try text(0...most)) else { throw refusal("must be base64") }
        return bytes
    }

    /// Files for a guest. How many and how long they may be is a matter of quota.
    func files() throws -> [InjectedFile] {
        try list().map { file in
            try file.object {
                InjectedFile(
                    path: try $0.required("path").text(1...4096),
                    contents: try $0.required("contents").base64(RouteTable.contentLimit))
            }
        }
    }
}
