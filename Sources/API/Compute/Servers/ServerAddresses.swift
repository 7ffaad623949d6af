import Foundation
import HTTP
import Networking

extension ServerDocument {
    /// `addresses`: by the names of the networks, in the order of the cards.
    func addresses(_ addresses: [InstanceAddress], types: Bool, _ json: inout JSONWriter) {
        json.object("addresses") { json in Self.networks(addresses, types: types, &json) }
    }

    /// The members of `addresses`.
    static func networks(_ addresses: [InstanceAddress], types: Bool, _ json: inout JSONWriter) {
        var names: [String] = []
        for address in addresses where !names.contains(address.networkName) { names.append(address.networkName) }
        for name in names {
            json.entry(name) { json in
                json.list(addresses.lazy.filter { $0.networkName == name }) { Self.address($1, types: types, &$0) }
            }
        }
    }

    private static func address(_ address: InstanceAddress, types: Bool, _ json: inout JSONWriter) {
        json.object {
            $0.member("version", address.address.version == .v4 ? 4 : 6)
            $0.member("addr", address.address.description)
            guard types else { return }
            $0.member("OS-EXT-IPS:type", address.isFloating ? "floating" : "fixed")
            $0.member("OS-EXT-IPS-MAC:mac_addr", address.macAddress.description)
        }
    }
}

/// Base64 as JSON carries it (RFC 4648 section 4).
enum Base64Text {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// Nil for what is no base64; line breaks are passed over, as Python's decoder does.
    static func decode(_ text: String) -> [UInt8]? {
        let plain = text.filter { !$0.isNewline && $0 != " " }
        return Data(base64Encoded: plain).map { [UInt8]($0) }
    }
}
