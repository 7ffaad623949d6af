import Foundation
import ServiceCore

/// Where an import has its bytes from (Image API v2, "Interoperable image import").
public enum ImportMethod: Hashable, Sendable {
    /// They have been sent to `stage`.
    case glanceDirect
    /// They are fetched with HTTP.
    case webDownload(uri: String)
    /// They and some properties are those of another image, in a region of the cloud.
    case glanceDownload(imageID: String, region: String, interface: String)

    /// The methods there are, by Glance's names.
    public static let names = ["glance-direct", "web-download", "glance-download"]

    var name: String {
        switch self {
        case .glanceDirect: "glance-direct"
        case .webDownload: "web-download"
        case .glanceDownload: "glance-download"
        }
    }
}

/// What is asked for when an image is imported. Nothing in it has been checked.
public struct ImportRequest: Sendable {
    /// Where the bytes come from.
    public var method: ImportMethod
    /// Into which stores; nil: the default one.
    public var stores: [String]?
    /// Into all stores there are.
    public var allStores: Bool?
    /// Whether it has failed when one of several stores fails.
    public var allStoresMustSucceed: Bool?

    /// Makes a request for the default store.
    public init(_ method: ImportMethod) {
        self.method = method
    }
}

/// Where bytes are kept (Image API v2, "Stores"). There is one: the directory of this program.
public struct ImageStoreInformation: Sendable {
    /// Its name in requests and answers.
    public let id: String
    /// What it is, for people.
    public let description: String
    /// Whether it is used when none is named.
    public let isDefault: Bool

    /// The store.
    public static let local = ImageStoreInformation(
        id: "local", description: "Files of this program", isDefault: true)
    /// All stores.
    public static let all = [local]
}

/// What a task of an import keeps of its request, in the form in which Glance tells it.
struct ImportInput: Codable {
    struct Request: Codable {
        let method: Method
        var stores: [String]?
        var allStores: Bool?
        var allStoresMustSucceed: Bool?

        enum CodingKeys: String, CodingKey {
            case method, stores
            case allStores = "all_stores"
            case allStoresMustSucceed = "all_stores_must_succeed"
        }
    }

    struct Method: Codable {
        let name: String
        var uri: String?
        var imageID: String?
        var region: String?
        var interface: String?

        enum CodingKeys: String, CodingKey {
            case name, uri
            case imageID = "glance_image_id"
            case region = "glance_region"
            case interface = "glance_service_interface"
        }
    }

    let imageID: String
    let request: Request
    let backend: [String]

    enum CodingKeys: String, CodingKey {
        case imageID = "image_id"
        case request = "import_req"
        case backend
    }

    init(_ request: ImportRequest, of id: ID<Image>) {
        imageID = id.text
        var method = Method(name: request.method.name)
        switch request.method {
        case .glanceDirect: break
        case .webDownload(let uri): method.uri = uri
        case .glanceDownload(let id, let region, let interface):
            (method.imageID, method.region, method.interface) = (id, region, interface)
        }
        self.request = Request(
            method: method, stores: request.stores, allStores: request.allStores,
            allStoresMustSucceed: request.allStoresMustSucceed)
        backend = [ImageStoreInformation.local.id]
    }
}

/// What a task of kind import keeps of its request, in Glance's form.
struct LegacyImportInput: Codable {
    let source: String
    let format: String
    let properties: [String: String]

    enum CodingKeys: String, CodingKey {
        case source = "import_from"
        case format = "import_from_format"
        case properties = "image_properties"
    }
}

extension Encodable {
    /// Its JSON, with the members in the order of their names.
    var jsonText: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
