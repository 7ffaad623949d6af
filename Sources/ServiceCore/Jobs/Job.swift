public import Database
import Foundation

/// Work to be done in the background, kept in the database until it is done.
public struct NewJob: Sendable {
    /// Which handler does it: `compute.build_instance`.
    public let kind: String
    /// The serial key, usually the resource's identifier: jobs of one key run one at a time, in the order they came.
    public let resource: String
    /// What the handler needs to know, as JSON.
    public let payload: String
    /// Not before this moment; nil for at once.
    public let runAfter: Timestamp?
    /// The request that caused it.
    public let requestID: String

    /// Makes a job whose payload is a flat object of texts.
    public init(
        kind: String, resource: String, payload: [String: String] = [:], runAfter: Timestamp? = nil, requestID: String
    ) {
        // Texts in a dictionary always have a JSON form.
        let json = (try? JobPayload.encode(payload)) ?? "{}"
        self.init(kind: kind, resource: resource, json: json, runAfter: runAfter, requestID: requestID)
    }

    /// Makes a job whose payload is any `Encodable` value.
    /// - Throws: what the value's encoding throws.
    public init(
        kind: String, resource: String, encoding payload: some Encodable, runAfter: Timestamp? = nil, requestID: String
    ) throws {
        let json = try JobPayload.encode(payload)
        self.init(kind: kind, resource: resource, json: json, runAfter: runAfter, requestID: requestID)
    }

    private init(kind: String, resource: String, json: String, runAfter: Timestamp?, requestID: String) {
        self.kind = kind
        self.resource = resource
        self.payload = json
        self.runAfter = runAfter
        self.requestID = requestID
    }
}

/// A job as it stands in the database, with its history.
public struct Job: Sendable, Identifiable {
    /// How far it is.
    public enum State: String, Sendable, DatabaseValue, CaseIterable {
        case queued, running, succeeded, failed
    }

    /// Grows with every job; the order of work within a resource.
    public let id: Int64
    /// Which handler does it.
    public let kind: String
    /// The serial key.
    public let resource: String
    /// JSON.
    public let payload: String
    /// How far it is.
    public let state: State
    /// How often it has been started, this time included; endings by `RetryLater` are not counted.
    public let attempts: Int
    /// How often it has failed in a way that may pass.
    public let failures: Int
    /// The request that caused it.
    public let requestID: String
    /// Not before this moment.
    public let runAfter: Timestamp
    /// When it was enqueued.
    public let createdAt: Timestamp
    /// When it was first started.
    public let startedAt: Timestamp?
    /// When it succeeded or failed.
    public let finishedAt: Timestamp?
    /// The `ServiceError` code of the last failure.
    public let errorCode: String?
    /// The last failure in words, for operators.
    public let errorText: String?
    /// Which taking this is; a worker may end only the taking it began.
    let claim: Int64

    /// The payload as a value.
    /// - Throws: `DecodingError` when the payload has another shape.
    public func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        try JSONDecoder().decode(type, from: Data(payload.utf8))
    }
}

enum JobPayload {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
