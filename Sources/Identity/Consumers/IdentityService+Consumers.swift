import Cryptography
import Database
public import ServiceCore

extension IdentityService {
    /// All consumers.
    /// - Throws: `ServiceError`; forbidden unless administrator or reader of the system.
    public func consumers(as context: RequestContext) throws -> [Consumer] {
        try policy.require("identity:list_consumers", context)
        return try read { try consumerStore.all(in: $0) }
    }

    /// One consumer.
    /// - Throws: `ServiceError`.
    public func consumer(_ id: String, as context: RequestContext) throws -> Consumer {
        try policy.require("identity:list_consumers", context)
        guard let consumer = try read({ try consumerStore.consumer(id: id, in: $0) }) else {
            throw ServiceError.notFound("Consumer", id)
        }
        return consumer
    }

    /// Makes a consumer. Its secret is told only now.
    /// - Throws: `ServiceError`.
    public func createConsumer(
        description: String?, as context: RequestContext
    ) throws -> (consumer: Consumer, secret: String) {
        try policy.require("identity:change_consumer", context)
        try IdentityRules.refuse(IdentityRules.description(description))
        let consumer = Consumer(id: RandomIdentifier.hexadecimal(), description: description)
        let secret = Random.bytes(16).hexadecimal
        let sealed = credentialSeal.seal(Array(secret.utf8), at: clock.now().seconds)
        try write { try consumerStore.insert(consumer, sealedSecret: sealed, in: $0) }
        return (consumer, secret)
    }

    /// Describes a consumer anew.
    /// - Throws: `ServiceError`.
    public func updateConsumer(_ id: String, description: String?, as context: RequestContext) throws -> Consumer {
        try policy.require("identity:change_consumer", context)
        try IdentityRules.refuse(IdentityRules.description(description))
        let consumer = Consumer(id: id, description: description)
        try write { transaction in
            guard try consumerStore.update(consumer, in: transaction) else {
                throw ServiceError.notFound("Consumer", id)
            }
        }
        return consumer
    }

    /// Forgets a consumer.
    /// - Throws: `ServiceError`.
    public func deleteConsumer(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:change_consumer", context)
        try write { transaction in
            guard try consumerStore.delete(id: id, in: transaction) else { throw ServiceError.notFound("Consumer", id) }
        }
    }
}
