import Foundation
import Glibc
import TestSupport
import Testing

@testable import Cryptography

struct TLSClientTests {
    init() {
        // As the program does.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Two ends of one connection.
    private static func pair() throws -> (Int32, Int32) {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        return (ends[0], ends[1])
    }

    /// A server on one end that says back what it hears, once, and closes as it should or just hangs up.
    private static func serve(_ socket: Int32, _ certificate: TestCertificate, hangsUp: Bool = false) throws {
        let context = try TLSContext(certificateFile: certificate.certificate, keyFile: certificate.key)
        Thread.detachNewThread {
            defer { close(socket) }
            guard let session = TLSSession(context, descriptor: socket) else { return }
            var buffer = [UInt8](repeating: 0, count: TLSSession.longestRecord)
            while true {
                switch buffer.withUnsafeMutableBytes({ session.read(into: $0) }) {
                case .bytes(0): continue
                case .bytes(let count):
                    _ = buffer[..<count].withUnsafeBytes { session.write($0) }
                    if !hangsUp { _ = session.endSending() }
                    return
                default: return
                }
            }
        }
    }

    @Test func `a client talks to the server that it asked for`() async throws {
        let certificate = try await TestCertificate()
        let (server, client) = try Self.pair()
        defer { close(client) }
        try Self.serve(server, certificate)
        let session = try TLSClient(
            host: "localhost", descriptor: client, authorities: certificate.certificate)
        try session.write(Array("hello".utf8))
        #expect(try session.read() == Array("hello".utf8))
        #expect(try session.read() == [])
    }

    @Test(arguments: [("example.org", true), ("localhost", false), ("10.0.0.1", true)])
    func `a server that is somebody else, or that nobody vouches for, is not talked to`(
        host: String, isKnown: Bool
    ) async throws {
        let certificate = try await TestCertificate()
        let (server, client) = try Self.pair()
        defer { close(client) }
        try Self.serve(server, certificate)
        #expect(throws: TLSClient.Failure.self) {
            try TLSClient(
                host: host, descriptor: client, authorities: isKnown ? certificate.certificate : nil)
        }
    }

    @Test func `a connection that ends without a word may have lost something`() async throws {
        let certificate = try await TestCertificate()
        let (server, client) = try Self.pair()
        defer { close(client) }
        try Self.serve(server, certificate, hangsUp: true)
        let session = try TLSClient(
            host: "localhost", descriptor: client, authorities: certificate.certificate)
        try session.write([1])
        #expect(try session.read() == [1])
        #expect(throws: TLSClient.Failure.self) { try session.read() }
    }
}
