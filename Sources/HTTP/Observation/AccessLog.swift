import Glibc

/// One line for every request in a file, in the Combined Log Format that tools for web logs read, and behind it how
/// many milliseconds the answer took, the request's id, and `cut-off` when not all of it could be sent:
///
///     127.0.0.1 - - [26/Nov/2026:13:24:20 +0000] "GET /dashboard/ HTTP/1.1" 200 5120 "-" "curl/7.88.1" 1.204ms req-…
///
/// What a client sent stands in quotes with every quote, backslash, control character and byte outside ASCII written
/// as `\xHH`, so that nobody can end the quotes or the line. The value of a query's `token` is left out. Each event loop collects its lines and writes many with
/// one call, after a twentieth of a second at the latest, or when the loop ends.
public final class AccessLog: ObserverSource {
    private let file: OpenFile

    /// Opens the file for appending, readable by its owner only. One that is larger than `limit` bytes is put aside
    /// first, as `PATH.1`.
    /// - Throws: ``SystemError`` when it cannot be opened.
    public init(path: String, limit: Int64 = 16 << 20) throws {
        var status = stat()
        if stat(path, &status) == 0, status.st_size > limit { rename(path, path + ".1") }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError.last("open \(path)") }
        file = OpenFile(descriptor)
    }

    /// Writes the lines of one event loop.
    public func makeObserver() -> any RequestObserver { AccessLogWriter(file) }
}

/// The lines of one event loop on their way to the file.
private final class AccessLogWriter: RequestObserver {
    private static let enough = 32 << 10

    private let file: OpenFile
    private let lines = OutputBuffer(capacity: 64 << 10)
    /// `[26/Nov/2026:13:24:20 +0000]`, made once a second.
    private var time: [UInt8] = []
    private var timeSecond = 0

    init(_ file: OpenFile) {
        self.file = file
    }

    func observe(_ request: RequestSummary) {
        lines.append(text: request.remoteAddress)
        lines.append(" - - ")
        appendTime()
        lines.append(" \"")
        appendRequestLine(request)
        lines.append("\" ")
        lines.append(decimal: Int64(request.status.code))
        lines.append(" ")
        lines.append(decimal: request.bytesSent)
        appendQuoted(request.head, request.head?.refererRange)
        appendQuoted(request.head, request.head?.userAgentRange)
        appendMilliseconds(request.microseconds)
        lines.append(capacity: RequestID.length) { request.id.write(to: $0) }
        lines.append(request.isComplete ? "\n" : " cut-off\n")
        if lines.count > AccessLogWriter.enough { flush() }
    }

    /// A line goes whole or not at all, since the file is shared: what the disk does not take is dropped.
    func flush() {
        guard !lines.isEmpty else { return }
        _ = write(file.descriptor, lines.bytes.baseAddress, lines.count)
        lines.removeAll()
    }

    private func appendRequestLine(_ request: RequestSummary) {
        guard let head = request.head else { return lines.append("-") }
        lines.append(text: head.method.rawValue)
        lines.append(" ")
        head.withBytes(head.target.whole) { appendAddress($0) }
        lines.append(head.minorVersion == 1 ? " HTTP/1.1" : " HTTP/1.0")
    }

    /// An address, with the values of its query's `token` left out: consoles are opened with one.
    private func appendAddress(_ address: UnsafeBufferPointer<UInt8>) {
        var (logged, index) = (0, address.firstIndex(of: UInt8(ascii: "?")) ?? address.count)
        while index < address.count {
            index += 1
            guard Self.isParameter(address[..<index]), address[index...].starts(with: Self.token) else { continue }
            index += Self.token.count
            appendEscaped(UnsafeBufferPointer(rebasing: address[logged..<index]))
            lines.append("-")
            index = address[index...].firstIndex(of: UInt8(ascii: "&")) ?? address.count
            logged = index
        }
        appendEscaped(UnsafeBufferPointer(rebasing: address[logged...]))
    }

    private static let token = Array("token=".utf8)

    /// Whether the next byte begins a parameter's name.
    private static func isParameter(_ before: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        before.last == UInt8(ascii: "?") || before.last == UInt8(ascii: "&")
    }

    private func appendQuoted(_ head: RequestHead?, _ range: Range<Int>?) {
        guard let head, let range else { return lines.append(" \"-\"") }
        lines.append(" \"")
        head.withBytes(range) { appendAddress($0) }
        lines.append("\"")
    }

    /// Copies runs of what is harmless, and spells out the rest.
    private func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        let digits: StaticString = "0123456789abcdef"
        let raw = UnsafeRawBufferPointer(bytes)
        var start = 0
        while let index = AccessLogWriter.firstHarmful(in: raw, from: start) {
            let byte = bytes[index]
            lines.append(UnsafeRawBufferPointer(rebasing: raw[start..<index]))
            start = index + 1
            lines.append("\\x")
            lines.append(capacity: 2) { output in
                output[0] = digits.utf8Start[Int(byte >> 4)]
                output[1] = digits.utf8Start[Int(byte & 15)]
                return 2
            }
        }
        lines.append(UnsafeRawBufferPointer(rebasing: raw[start...]))
    }

    /// Looks at eight bytes at a time, as long as all eight are harmless.
    private static func firstHarmful(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        while index + 8 <= bytes.count, isHarmless(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
            index += 8
        }
        return bytes[index...].firstIndex { !isHarmless($0) }
    }

    /// Whether all bytes of a word surely are. Each term has the highest bit of a byte set when that byte is below 0x20
    /// or above 0x7F, DEL, a quote, a backslash; a borrow may set one without need, never clear one.
    @inline(__always)
    private static func isHarmless(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let (delete, quote) = (word ^ ones &* 0x7F, word ^ ones &* 0x22)
        let backslash = word ^ ones &* 0x5C
        let marks = (word &- ones &* 0x20) | word | (delete &- ones) | (quote &- ones) | (backslash &- ones)
        return marks & (ones &* 0x80) == 0
    }

    @inline(__always)
    private static func isHarmless(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private func appendMilliseconds(_ microseconds: UInt64) {
        lines.append(" ")
        lines.append(decimal: Int64(microseconds / 1000))
        let rest = microseconds % 1000
        lines.append(rest < 10 ? ".00" : rest < 100 ? ".0" : ".")
        lines.append(decimal: Int64(rest))
        lines.append("ms ")
    }

    private func appendTime() {
        let second = Clock.wallSeconds()
        if second != timeSecond {
            timeSecond = second
            time = Array("[\(HTTPDate.logText(seconds: second))]".utf8)
        }
        lines.append(time)
    }
}
