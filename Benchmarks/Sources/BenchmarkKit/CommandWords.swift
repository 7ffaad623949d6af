import Foundation

/// A benchmark's command line: names and values in turn.
public enum CommandWords {
    /// Reads it; says what it should be, and ends the program, when it is not that.
    /// - Parameters:
    ///   - usage: the names and what they take.
    ///   - take: takes a name and its value; false when it can make nothing of them.
    /// - Returns: the command as it can be typed again.
    public static func read(usage: String, _ take: (_ name: String, _ value: String) -> Bool) -> String {
        let program = CommandLine.arguments[0].split(separator: "/").last.map(String.init) ?? ""
        let words = Array(CommandLine.arguments.dropFirst())
        var rest = words[...]
        while let name = rest.popFirst() {
            if let value = rest.popFirst(), !value.isEmpty, take(name, value) { continue }
            let text = "\(program): cannot make sense of \(name)\nusage: \(program) \(usage)\n"
            FileHandle.standardError.write(Data(text.utf8))
            exit(2)
        }
        return ((Machine.isRealTime ? ["chrt", "--rr", "1"] : []) + [program] + words).joined(separator: " ")
    }

    /// A number within bounds.
    public static func number(_ text: String, _ bounds: ClosedRange<Int>) -> Int? {
        Int(text).flatMap { bounds.contains($0) ? $0 : nil }
    }
}
