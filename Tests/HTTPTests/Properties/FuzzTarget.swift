@testable import HTTP

/// The readers of what strangers send, each with what must hold whatever they send.
///
/// `make fuzz` looks for bytes for which something does not; `make test` tries the committed seeds. The folder is
/// compiled into both (`Tests/Fuzzing`).
enum FuzzTarget: String, CaseIterable {
    case request
    case chunked
    case multipart
    case urlencoded
    case cookie
    case range
    case websocket

    /// - Throws: ``Violation`` for bytes for which a property does not hold.
    func check(_ bytes: [UInt8]) throws {
        switch self {
        case .request: try RequestProperties.check(bytes)
        case .chunked: try ChunkedProperties.check(bytes)
        case .multipart: try MultipartProperties.check(bytes)
        case .urlencoded: try FormProperties.checkForm(bytes)
        case .cookie: try FormProperties.checkCookie(bytes)
        case .range: try RangeProperties.check(bytes)
        case .websocket: try WebSocketProperties.check(bytes)
        }
    }
}

/// A property that does not hold.
struct Violation: Error, CustomStringConvertible {
    let description: String
}

func require(_ holds: Bool, _ property: @autoclosure () -> String) throws {
    guard holds else { throw Violation(description: property()) }
}

/// Places to cut an input at: byte by byte when it is short, and some that follow from its own bytes, so that every
/// run cuts it alike.
func cuttings(of bytes: [UInt8]) -> [[Int]] {
    var random = SeededRandom(state: hash(bytes))
    var cuttings = bytes.count <= 200 ? [Array(0...bytes.count)] : []
    for _ in 0..<2 {
        let count = Int.random(in: 1...5, using: &random)
        cuttings.append((0..<count).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted())
    }
    return cuttings
}

/// A content in a trace: short, however long it is.
func summary(_ content: [UInt8]) -> String {
    "\(content.count) bytes \(String(hash(content), radix: 16))"
}

/// FNV-1a.
private func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}

/// What a stream's reader said about some bytes: must not depend on how they were cut, and a refusal must not depend
/// on what comes after.
func checkStream(
    _ bytes: [UInt8], isRefused: ([String]) -> Bool, _ trace: ([UInt8], [Int]) -> [String]
) throws -> [String] {
    let whole = trace(bytes, [])
    for cuts in cuttings(of: bytes) {
        let cut = trace(bytes, cuts)
        try require(cut == whole, "cut at \(cuts): \(cut); whole: \(whole)")
    }
    if isRefused(whole) {
        for more in ["\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\u{0}\u{1}"] {
            let longer = trace(bytes + more.utf8, [])
            try require(longer == whole, "a refusal is not final: \(whole), then \(longer)")
        }
    }
    return whole
}
