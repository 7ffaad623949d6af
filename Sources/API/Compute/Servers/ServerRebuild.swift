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
        } else if let files = try reader.optional("personality")?.list(), !files.isEmpty {
            throw APIError(.forbidden, "This cloud puts no files into guests: use user_data or the config drive.")
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
    /// Bytes in base64, at most 65,535 characters of it.
    func base64() throws -> [UInt8] {
        guard let bytes = Base64Text.decode(try text(0...65_535)) else { throw refusal("must be base64") }
        return bytes
    }
}
