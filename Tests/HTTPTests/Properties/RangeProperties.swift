@testable import HTTP

/// The Range field (RFC 9110 section 14).
enum RangeProperties {
    static func check(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        for size: Int64 in [0, 1, 10, 1000, .max] {
            guard case .parts(let parts) = ByteRanges(text, size: size) else { continue }
            try require(!parts.isEmpty, "there are no parts")
            for part in parts {
                try require(!part.isEmpty, "a part is empty")
                try require(part.lowerBound >= 0 && part.upperBound <= size, "\(part) of \(size) bytes")
            }
            // Answering costs no more than the content is long.
            for (index, part) in parts.enumerated() {
                try require(!parts[..<index].contains { $0.overlaps(part) }, "parts overlap: \(parts)")
            }
        }
    }
}
