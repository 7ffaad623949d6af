@testable import HTTP

/// What a decoder said, in a form that does not depend on how its input was cut.
func webSocketTrace(
    _ bytes: [UInt8], cuts: [Int] = [], limits: WebSocketLimits = WebSocketLimits()
) -> [String] {
    var decoder = WebSocketDecoder(limits: limits)
    var log: [String] = []
    do throws(WebSocketError) {
        _ = try cutByCut(bytes, cuts) { (rest) throws(WebSocketError) in
            let (consumed, event) = try decoder.next(rest)
            if let event { log.append("\(event)") }
            return (consumed, event == nil && consumed == 0 ? .bytes : .step)
        }
    } catch {
        log.append("\(error.code.rawValue) \(error.reason)")
    }
    return log
}

/// One frame as a test says it or hears it (RFC 6455 section 5.2). Written apart from the code it tests.
struct Frame: Equatable, CustomStringConvertible {
    var first: UInt8
    var payload: [UInt8]

    /// - Parameter first: FIN, reserved bits and opcode: 0x81 is a whole text.
    init(_ first: UInt8, _ payload: [UInt8] = []) {
        self.first = first
        self.payload = payload
    }

    static func text(_ text: String) -> Frame { Frame(0x81, Array(text.utf8)) }
    static func binary(_ bytes: [UInt8]) -> Frame { Frame(0x82, bytes) }
    static func ping(_ text: String) -> Frame { Frame(0x89, Array(text.utf8)) }
    static func pong(_ text: String) -> Frame { Frame(0x8A, Array(text.utf8)) }
    static func close(_ code: UInt16, _ reason: String = "") -> Frame {
        Frame(0x88, [UInt8(code >> 8), UInt8(code & 255)] + reason.utf8)
    }

    /// The code of a Close.
    var code: Int? { payload.count < 2 ? nil : Int(payload[0]) << 8 | Int(payload[1]) }

    /// As a client sends it.
    func masked(_ key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]) -> [UInt8] {
        header(0x80) + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    /// As a server sends it.
    var unmasked: [UInt8] { header(0) + payload }

    private func header(_ mask: UInt8) -> [UInt8] {
        let length: [UInt8] =
            switch payload.count {
            case ..<126: [mask | UInt8(payload.count)]
            case ..<65536: [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
            default: [mask | 127] + (0..<8).map { UInt8(payload.count >> (56 - 8 * $0) & 255) }
            }
        return [first] + length
    }

    var description: String {
        String(first, radix: 16) + " " + String(decoding: payload.prefix(100), as: UTF8.self)
            + (code.map { first == 0x88 ? " (\($0))" : "" } ?? "")
    }
}
