import Foundation

/// What every responder is told on its command line: `PORT LOOPS BODY-FILE`.
public struct ResponderOptions: Sendable {
    /// Where to listen, on 127.0.0.1.
    public let port: UInt16
    /// Event-loop threads, where the responder lets one choose.
    public let loops: Int
    /// The file whose bytes are the content of every response.
    public let file: URL
    /// Those bytes.
    public let body: [UInt8]

    /// Reads the command line; says what it should be, and ends the program, when it is not that.
    public init() throws {
        let words = CommandLine.arguments
        guard words.count == 4, let port = UInt16(words[1]), let loops = Int(words[2]), loops > 0 else {
            FileHandle.standardError.write(Data("usage: \(words[0]) PORT LOOPS BODY-FILE\n".utf8))
            exit(2)
        }
        self.port = port
        self.loops = loops
        file = URL(fileURLWithPath: words[3])
        body = Array(try Data(contentsOf: file))
    }
}
