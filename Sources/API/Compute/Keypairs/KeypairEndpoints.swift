import Compute
import HTTP
import ServiceCore

/// `/os-keypairs`.
struct KeypairEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/os-keypairs", list)
        table.on(.post, "/v2.1/os-keypairs", create)
        table.on(.get, "/v2.1/os-keypairs/{name}", show)
        table.on(.delete, "/v2.1/os-keypairs/{name}", delete)
    }

    func list(_ call: APICall) throws -> Response {
        let query = call.query
        let user = call.isAtLeast(2, 10) ? query.text("user_id") : nil
        let request = call.isAtLeast(2, 35) ? try query.novaPage() : PageRequest()
        try query.finish(call)
        var keypairs = try compute.keypairs(ofUser: user, as: call.context)
        if let marker = request?.marker {
            guard let place = keypairs.firstIndex(where: { $0.name == marker }) else {
                throw APIError(.badRequest, "marker [\(marker.prefix(80))] not found")
            }
            keypairs.removeFirst(place + 1)
        }
        let items = Array(keypairs.prefix(request?.limit ?? 0))
        return call.answer { json in
            json.list("keypairs", items) { json, keypair in
                json.object { $0.object("keypair") { $0.keypair(keypair, call) } }
            }
            json.nextLink("keypairs_links", keypairs.count > items.count ? items.last?.name : nil, call)
        }
    }

    func show(_ call: APICall) throws -> Response {
        let keypair = try compute.keypair(named: call[parameter: "name"], ofUser: user(call), as: call.context)
        return call.answer { json in
            json.object("keypair") {
                $0.keypair(keypair, call)
                $0.member("user_id", keypair.userID)
                $0.member("id", keypair.number)
                $0.member("created_at", keypair.createdAt.withMicroseconds)
                $0.member("deleted", false)
                $0.member("deleted_at", nil as String?)
                $0.member("updated_at", nil as String?)
            }
        }
    }

    func create(_ call: APICall) throws -> Response {
        let wanted = try call.object("keypair") { reader in
            Wanted(
                name: try reader.required("name").keypairName(call),
                publicKey: try reader.optional("public_key")?.text(),
                type: call.isAtLeast(2, 2) ? try reader.optional("type")?.choice(["ssh", "x509"]) ?? "ssh" : "ssh",
                user: call.isAtLeast(2, 10) ? try reader.optional("user_id")?.text() : nil)
        }
        if call.isAtLeast(2, 92), wanted.publicKey == nil {
            throw APIError(.badRequest, "keypair.public_key is required.")
        }
        let keypair: Keypair
        var privateKey: String?
        if let text = wanted.publicKey {
            keypair = try compute.importKeypair(
                named: wanted.name, publicKey: text, type: wanted.type, forUser: wanted.user, as: call.context)
        } else {
            let made = try compute.createKeypair(
                named: wanted.name, algorithm: wanted.type == "x509" ? .x509 : .ed25519, forUser: wanted.user,
                as: call.context)
            (keypair, privateKey) = (made.keypair, made.privateKey)
        }
        return call.answer(call.isAtLeast(2, 2) ? .created : .ok) { json in
            json.object("keypair") {
                $0.keypair(keypair, call)
                $0.member("user_id", keypair.userID)
                $0.optionalMember("private_key", privateKey)
            }
        }
    }

    func delete(_ call: APICall) throws -> Response {
        try compute.deleteKeypair(named: call[parameter: "name"], ofUser: user(call), as: call.context)
        return .nothing(call.isAtLeast(2, 2) ? .noContent : .accepted)
    }

    private struct Wanted {
        let name: String
        let publicKey: String?
        let type: String
        let user: String?
    }

    private func user(_ call: APICall) throws -> String? {
        let query = call.query
        let user = call.isAtLeast(2, 10) ? query.text("user_id") : nil
        try query.finish(call)
        return user
    }
}

extension JSONWriter {
    /// What all answers about a keypair show.
    fileprivate mutating func keypair(_ keypair: Keypair, _ call: APICall) {
        member("name", keypair.name)
        member("public_key", keypair.publicKey)
        member("fingerprint", keypair.fingerprint)
        if call.isAtLeast(2, 2) { member("type", keypair.type) }
    }
}

extension JSONMember {
    /// Letters, digits, spaces, `_` and `-`; since 2.92 `@` and `.` as well.
    fileprivate func keypairName(_ call: APICall) throws -> String {
        let name = try name()
        let more = call.isAtLeast(2, 92) ? "_- @." : "_- "
        guard
            name.unicodeScalars.allSatisfy({
                $0.isASCII && (Character($0).isLetter || Character($0).isNumber || more.unicodeScalars.contains($0))
            })
        else { throw refusal("must have letters, digits, spaces and the characters \(more) only") }
        return name
    }
}
