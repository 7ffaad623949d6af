/// A program to run: an argument array, never a shell line.
struct Command: Sendable {
    /// A path, or a name that is looked up in `searchPath`.
    var program: String
    var arguments: [String]
    /// What it reads as its standard input; nil is nothing.
    var input: String?
    /// After this the program and everything it started is killed.
    var timeout: Duration = .seconds(30)
    /// Bytes kept of each of the two outputs; what comes after them is read and thrown away.
    var outputLimit = 1 << 20
    /// Added to a minimal environment.
    var environment: [String: String] = [:]
    /// Bytes of address space the program may use; nil leaves it as it is.
    var memoryLimit: Int?
    /// Bytes the program may make a file long; nil leaves it as it is.
    var fileSizeLimit: Int?

    init(_ program: String, _ arguments: [String], input: String? = nil) {
        self.program = program
        self.arguments = arguments
        self.input = input
    }

    /// Where programs are looked up, whatever PATH we were started with: some of them live in sbin.
    static let searchPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
}

/// How a program ended.
struct CommandResult: Sendable {
    enum Ending: Hashable, Sendable {
        case exit(Int32)
        case signal(Int32)
        case timedOut
    }

    var ending: Ending
    var output: [UInt8]
    var errorOutput: [UInt8]

    var succeeded: Bool { ending == .exit(0) }

    /// The last thing the program complained about, in one line that fits a message.
    var complaint: String {
        let text = String(decoding: errorOutput.isEmpty ? output : errorOutput, as: UTF8.self)
        let line = text.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) }
        switch ending {
        case .timedOut: return "it did not finish in time"
        case .signal(let number): return "it was ended by signal \(number)"
        case .exit(let status): return line.map { String($0.prefix(400)) } ?? "exit status \(status)"
        }
    }
}
