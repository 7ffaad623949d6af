public import Database

/// The identifier of a resource, which knows what it names: an `ID<Network>` cannot be passed for an `ID<Port>`.
public struct ID<Resource>: Hashable, Sendable, CustomStringConvertible {
    /// The identifier as it is stored and shown.
    public let text: String

    /// Takes an identifier from a trusted place: the database or a constant.
    @inlinable
    public init(_ text: String) {
        self.text = text
    }

    /// Takes an identifier from a request; nil unless it has 1 to 64 letters, digits, `-`, `_` or `.`.
    public init?(untrusted text: String) {
        let bytes = text.utf8
        guard (1...64).contains(bytes.count), bytes.allSatisfy(\.isIdentifierByte) else { return nil }
        self.text = text
    }

    /// A random UUID of version 4 (RFC 9562 section 5.4), the form nova, neutron, glance and cinder use.
    public static func random() -> ID {
        ID(RandomIdentifier.uuid())
    }

    /// 32 random hexadecimal digits, the form keystone uses.
    public static func randomHex() -> ID {
        ID(RandomIdentifier.hexadecimal())
    }

    public var description: String { text }
}

extension ID: Codable {
    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension ID: DatabaseValue {
    @inlinable public var databaseValue: SQLValue { .text(text) }

    @inlinable public init?(databaseValue: SQLValue) {
        guard case .text(let text) = databaseValue else { return nil }
        self.init(text)
    }
}

extension UInt8 {
    fileprivate var isIdentifierByte: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
