import Glibc
import Logging

/// Log lines for people: time, level, part of the program, message, then what is attached. On standard error.
struct ConsoleLog: LogHandler {
    let label: String
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let attached = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let tail = attached.map { " \($0.key)=\(Self.quoted($0.value.description))" }.joined()
        StandardError.write(
            "\(LogTime.now()) \(event.level.rawValue.padded(to: 7)) \(label): \(Self.plain(event.message.description + tail))\n"
        )
    }

    /// A value with spaces stands in quotes, so that nobody's name reads like one more `key=value`.
    static func quoted(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy { $0 != "\"" && $0 != "=" && !$0.properties.isWhitespace }
        guard !isPlain else { return value }
        return "\"" + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
    }

    /// One line, without the control characters with which a sender could forge others.
    static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var line = ""
        for scalar in text.unicodeScalars {
            line.unicodeScalars.append(isControl(scalar) ? " " : scalar)
        }
        return line
    }

    /// C0 and C1, and the two line ends Unicode adds.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
    }
}

/// The time in front of a log line, UTC with milliseconds.
enum LogTime {
    static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var parts = tm()
        gmtime_r(&time.tv_sec, &parts)
        var text = [UInt8](repeating: 0, count: 32)
        let count = text.withUnsafeMutableBytes {
            strftime($0.baseAddress, $0.count, "%Y-%m-%dT%H:%M:%S", &parts)
        }
        let milliseconds = String(1000 + time.tv_nsec / 1_000_000).dropFirst()
        return String(decoding: text[..<count], as: UTF8.self) + ".\(milliseconds)Z"
    }
}
