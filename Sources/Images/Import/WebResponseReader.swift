import ServiceCore

/// Reads one response of HTTP/1.1 (RFC 9112) from a connection that ends with it.
struct WebResponseReader {
    struct Head {
        let status: Int
        /// By their names in lower case.
        let fields: [String: String]
    }

    private static let longestHead = 64 << 10

    private let connection: WebConnection
    private let deadline: ContinuousClock.Instant
    private var buffer: ArraySlice<UInt8> = []

    init(_ connection: WebConnection, deadline: ContinuousClock.Instant) {
        self.connection = connection
        self.deadline = deadline
    }

    /// The status and the fields of the final response; what comes before it (1xx) is passed over.
    mutating func head() throws -> Head {
        while true {
            let head = try nextHead()
            guard (100..<200).contains(head.status) else { return head }
        }
    }

    /// Hands on the content.
    mutating func content(_ head: Head, _ take: ([UInt8]) throws -> Void) throws {
        if let coding = head.fields["content-encoding"], coding.lowercased() != "identity" {
            throw DownloadFailure.refused("the server sends it with the coding \(coding)")
        }
        if let coding = head.fields["transfer-encoding"] {
            guard coding.lowercased() == "chunked" else { throw Self.malformed }
            return try chunks(take)
        }
        guard let text = head.fields["content-length"] else { return try everything(take) }
        guard let length = Int64(text), length >= 0 else { throw Self.malformed }
        try piece(of: length, take)
    }

    private mutating func nextHead() throws -> Head {
        var total = 0
        let first = try line(&total)
        let words = first.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].count == 3, let status = Int(words[1]) else {
            throw Self.malformed
        }
        var fields: [String: String] = [:]
        while true {
            let line = try line(&total)
            guard !line.isEmpty else { return Head(status: status, fields: fields) }
            guard let colon = line.firstIndex(of: ":") else { throw Self.malformed }
            let value = line[line.index(after: colon)...]
            let trimmed = value.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
            let name = line[..<colon].lowercased()
            // Two lengths that differ would be two ways to read the message.
            if let known = fields[name], name == "content-length", known != String(trimmed) { throw Self.malformed }
            fields[name] = String(trimmed)
        }
    }

    private mutating func chunks(_ take: ([UInt8]) throws -> Void) throws {
        while true {
            var total = 0
            let size = try line(&total).prefix { $0 != ";" }
            guard let length = Int64(size.filter { $0 != " " }, radix: 16), length >= 0 else { throw Self.malformed }
            guard length > 0 else { return }
            try piece(of: length, take)
            guard try line(&total).isEmpty else { throw Self.malformed }
        }
    }

    private mutating func piece(of length: Int64, _ take: ([UInt8]) throws -> Void) throws {
        var left = length
        while left > 0 {
            if buffer.isEmpty { try fill(orEnd: false) }
            let part = buffer.prefix(Int(min(left, Int64(buffer.count))))
            buffer = buffer.dropFirst(part.count)
            left -= Int64(part.count)
            try take(Array(part))
        }
    }

    private mutating func everything(_ take: ([UInt8]) throws -> Void) throws {
        while true {
            if buffer.isEmpty { try fill(orEnd: true) }
            guard !buffer.isEmpty else { return }
            let part = Array(buffer)
            buffer = []
            try take(part)
        }
    }

    private mutating func line(_ total: inout Int) throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                var line = buffer[..<end]
                buffer = buffer[(end + 1)...]
                total += line.count + 1
                guard total <= Self.longestHead else { throw Self.malformed }
                if line.last == 0x0D { line = line.dropLast() }
                return String(decoding: line, as: UTF8.self)
            }
            guard buffer.count <= Self.longestHead else { throw Self.malformed }
            try fill(orEnd: false)
        }
    }

    private mutating func fill(orEnd mayEnd: Bool) throws {
        guard ContinuousClock.now < deadline else { throw DownloadFailure.refused("it takes too long") }
        let more = try connection.receive()
        guard !more.isEmpty || mayEnd else { throw DownloadFailure.temporary("the connection was lost") }
        buffer = ArraySlice(Array(buffer) + more)
    }

    private static let malformed = DownloadFailure.refused("the server does not speak HTTP")
}
