public import Database

extension IPAddress: DatabaseValue {
    public var databaseValue: SQLValue { .text(description) }

    public init?(databaseValue: SQLValue) {
        guard case .text(let text) = databaseValue else { return nil }
        self.init(text)
    }

    /// Hexadecimal of the version's full width: texts of one version sort as their addresses do.
    var key: String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: version.width / 4 - digits.utf8.count) + digits
    }

    init?(key: String) {
        let length = key.utf8.count
        guard length == 8 || length == 32, let bits = UInt128(key, radix: 16) else { return nil }
        self.init(version: length == 8 ? .v4 : .v6, bits: bits)
    }
}

extension CIDR: DatabaseValue {
    public var databaseValue: SQLValue { .text(description) }

    public init?(databaseValue: SQLValue) {
        guard case .text(let text) = databaseValue else { return nil }
        self.init(text)
    }
}

extension MACAddress: DatabaseValue {
    public var databaseValue: SQLValue { .text(description) }

    public init?(databaseValue: SQLValue) {
        guard case .text(let text) = databaseValue else { return nil }
        self.init(text)
    }
}

extension IPVersion: DatabaseValue {}
extension NetworkStatus: DatabaseValue {}
extension PortStatus: DatabaseValue {}
extension ProviderType: DatabaseValue {}
extension IPv6AddressMode: DatabaseValue {}
extension TrafficDirection: DatabaseValue {}
extension EtherType: DatabaseValue {}
extension FloatingIP.Status: DatabaseValue {}
extension NetworkAgent.Kind: DatabaseValue {}
extension SharedObject: DatabaseValue {}
extension SharingAction: DatabaseValue {}
