import Foundation
import TestSupport
import Testing

@testable import HTTP

/// Who is met with TLS, and how; `openssl s_client` and plain sockets are the other side.
struct HandshakeTests {
    @Test(arguments: [
        ("-tls1_2", "New, TLSv1.2, Cipher is ECDHE-ECDSA-AES"), ("-tls1_3", "New, TLSv1.3, Cipher is TLS_"),
    ])
    func `TLS 1.2 and 1.3 are spoken, with forward secrecy`(option: String, expected: String) async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let said = try await handshake(address, certificate, [option])
            #expect(said.contains(expected) && said.contains("Verify return code: 0 (ok)"), "\(said)")
            #expect(said.contains("Compression: NONE") || option == "-tls1_3", "\(said)")
        }
    }

    @Test(arguments: ["-tls1", "-tls1_1"])
    func `older versions are refused`(option: String) async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let said = try await handshake(address, certificate, [option, "-cipher", "DEFAULT@SECLEVEL=0"])
            #expect(said.contains("alert protocol version"), "\(said)")
        }
    }

    @Test(arguments: ["AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA"])
    func `suites without forward secrecy or authenticated encryption are refused`(suite: String) async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let said = try await handshake(address, certificate, ["-tls1_2", "-cipher", suite])
            #expect(said.contains("alert handshake failure"), "\(said)")
        }
    }

    @Test func `HTTP 1.1 is chosen from what a client offers, and nothing else (RFC 7301)`() async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let both = try await handshake(address, certificate, ["-alpn", "h2,http/1.1"])
            #expect(both.contains("ALPN protocol: http/1.1"), "\(both)")
            let none = try await handshake(address, certificate, [])
            #expect(none.contains("No ALPN negotiated") && none.contains("Verify return code: 0 (ok)"), "\(none)")
            let other = try await handshake(address, certificate, ["-alpn", "h2"])
            #expect(other.contains("alert no application protocol"), "\(other)")
        }
    }

    @Test func `any server name is tolerated`() async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let said = try await handshake(address, certificate, ["-servername", "somebody.else.example"])
            #expect(said.contains("Verify return code: 0 (ok)"), "\(said)")
        }
    }

    @Test func `a session is resumed from its ticket`() async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let ticket = certificate.folder.appending(path: "session").path
            _ = try await handshake(address, certificate, ["-tls1_2", "-sess_out", ticket])
            let said = try await handshake(address, certificate, ["-tls1_2", "-sess_in", ticket])
            #expect(said.contains("Reused, TLSv1.2"), "\(said)")
        }
    }

    @Test func `nobody renegotiates`() async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let client = try TLSClient(address, certificate, ["-tls1_2"], takesCommands: true)
            try client.send("R\n")
            _ = try client.rest()
            let said = client.lastWords()
            #expect(said.contains("RENEGOTIATING") && said.contains("no renegotiation"), "\(said)")
        }
    }

    @Test func `HTTP without TLS gets 400 in plain text`() async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let client = try RawClient(address)
            try client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try client.response()
            #expect(response.status == 400 && response.text.contains("https://"))
            #expect(response["connection"] == "close")
            #expect(try client.isClosed())
            #expect(try await handshake(address, certificate, []).contains("Verify return code: 0 (ok)"))
        }
    }

    @Test(arguments: ["\u{16}", "\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}\u{00}"])
    func `a handshake that stops in the middle is given the time of a head`(begun: String) async throws {
        try await withTLSServer(testRouter(), configure: { $0.timeouts.head = .milliseconds(100) }) { address, _, _ in
            let client = try RawClient(address)
            try client.send(begun)
            #expect(try client.isClosed())
        }
    }

    @Test func `a client that says nothing at all is given the time of a head`() async throws {
        try await withTLSServer(testRouter(), configure: { $0.timeouts.head = .milliseconds(100) }) { address, _, _ in
            let client = try RawClient(address)
            #expect(try client.isClosed())
        }
    }

    @Test func `clients that leave inside the handshake, or speak something else, harm nobody`() async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let hello: [UInt8] = [0x16, 0x03, 0x01, 0x00, 0xC8, 0x01, 0x00, 0x00, 0xC4, 0x03, 0x03]
            for length in 1...hello.count {
                let client = try RawClient(address)
                try client.send(Array(hello[..<length]))
                if length.isMultiple(of: 2) {
                    // Ends with a reset instead of an orderly end.
                    var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
                    setsockopt(client.descriptor, SOL_SOCKET, SO_LINGER, &linger, 8)
                }
            }
            for noise in [
                "SSH-2.0-OpenSSH_9.2\r\n", "DELETE / HTTP/1.1\r\n\r\n", String(repeating: "\u{16}", count: 500),
            ] {
                let client = try RawClient(address)
                try client.send(noise)
                // Closed, perhaps after an alert; perhaps with a reset, since not all of it was read.
                _ = try? client.rest()
            }
            #expect(try await handshake(address, certificate, []).contains("Verify return code: 0 (ok)"))
        }
    }
}
