import HTTP
import Identity

/// `/v3/OS-OAUTH1/consumers`.
struct ConsumerEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        let path = "/v3/OS-OAUTH1/consumers"
        table.on(.get, path, list)
        table.on(.post, path, create)
        table.on(.get, path + "/{consumer_id}", show)
        table.on(.patch, path + "/{consumer_id}", update)
        table.on(.delete, path + "/{consumer_id}", delete)
    }

    private func list(_ call: APICall) throws -> Response {
        call.collection("consumers", try identity.consumers(as: call.context)) { $0.consumer($1, nil, call) }
    }

    private func create(_ call: APICall) throws -> Response {
        let description = try call.object("consumer") { reader in
            reader.allowUnknown()
            return try reader.nullable("description")?.text()
        }
        let (consumer, secret) = try identity.createConsumer(description: description, as: call.context)
        return call.document("consumer", .created) { $0.consumer(consumer, secret, call) }
    }

    private func show(_ call: APICall) throws -> Response {
        let consumer = try identity.consumer(call[parameter: "consumer_id"], as: call.context)
        return call.document("consumer") { $0.consumer(consumer, nil, call) }
    }

    private func update(_ call: APICall) throws -> Response {
        let description = try call.object("consumer") { reader in
            guard !reader.has("secret") else { throw APIError(.badRequest, "consumer.secret cannot be changed.") }
            reader.allowUnknown()
            return try reader.required("description").nullableText()
        }
        let consumer = try identity.updateConsumer(
            call[parameter: "consumer_id"], description: description, as: call.context)
        return call.document("consumer") { $0.consumer(consumer, nil, call) }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteConsumer(call[parameter: "consumer_id"], as: call.context)
        return .nothing()
    }
}

extension JSONWriter {
    fileprivate mutating func consumer(_ consumer: Consumer, _ secret: String?, _ call: APICall) {
        member("id", consumer.id)
        member("description", consumer.description)
        optionalMember("secret", secret)
        selfLink(call, "OS-OAUTH1/consumers/" + consumer.id)
    }
}
