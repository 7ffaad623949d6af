import ComputeHost
import Database
import ServiceCore
import Synchronization
import TestSupport
import Testing

@testable import Compute

struct RemoteConsoleTests {
    let cloud: TestCloud
    let web: Instance

    init() throws {
        cloud = try TestCloud()
        web = try cloud.launch("web")
    }

    private func ask(
        _ type: ConsoleType = .novnc, session: String? = nil, as context: RequestContext = TestCloud.member
    ) throws -> RemoteConsole {
        try cloud.compute.createConsole(
            of: web.id, protocol: type.protocolName, type: type.rawValue, session: session, as: context)
    }

    private func refusal(_ body: () throws -> Void) -> String? { serviceError(body)?.code }

    @Test func `a token opens its console, once`() throws {
        let screen = try ask(.novnc)
        let opened = try cloud.compute.openConsole(token: screen.token, session: nil)
        #expect(opened.grant.instanceID == web.id && opened.grant.userID == "u-ada" && !opened.grant.isOfSession)
        #expect(PlainConsole(opened.socket).read(12) == Array("RFB 003.008\n".utf8))
        let again = serviceError { _ = try cloud.compute.openConsole(token: screen.token, session: nil) }
        #expect(again?.kind == .forbidden && again?.code == "console_token_invalid")
        let port = try cloud.compute.openConsole(token: try ask(.serial).token, session: nil)
        #expect(PlainConsole(port.socket).read(until: "login: ").contains("web login: "))
    }

    @Test func `of many who come with one token at once one gets in`() throws {
        let token = try ask().token
        let opened = Counter()
        let compute = cloud.compute
        TestCloud.concurrently(8) { _ in
            if (try? compute.openConsole(token: token, session: nil)) != nil { opened.add() }
        }
        #expect(opened.count == 1)
    }

    @Test func `a token is good for ten minutes, a restart of the program included`() throws {
        let (first, second) = (try ask(), try ask())
        cloud.clock.advance(seconds: 599)
        let later = try TestCloud(after: cloud)
        _ = try later.compute.openConsole(token: first.token, session: nil)
        cloud.clock.advance(seconds: 1)
        #expect(
            refusal { _ = try later.compute.openConsole(token: second.token, session: nil) } == "console_token_invalid")
    }

    @Test func `what is stored opens nothing`() throws {
        let token = try ask(session: "secret").token
        let stored = try cloud.database.read { transaction in
            try transaction.rows("SELECT * FROM console_auth_tokens").map { "\($0)" }.joined()
        }
        #expect(!stored.contains(token) && !stored.contains("secret"))
    }

    @Test func `a token of a session is worth nothing without it, and is not lost to others`() throws {
        let token = try ask(session: "ada's").token
        for stranger in [nil, "bob's", ""] {
            #expect(
                refusal { _ = try cloud.compute.openConsole(token: token, session: stranger) }
                    == "console_token_invalid")
        }
        #expect(try cloud.compute.openConsole(token: token, session: "ada's").grant.isOfSession)
    }

    @Test(arguments: ["", "x", String(repeating: "x", count: 100_000), "' OR 1=1 --", "\0"])
    func `a token that never was is refused`(token: String) {
        #expect(refusal { _ = try cloud.compute.openConsole(token: token, session: nil) } == "console_token_invalid")
    }

    @Test func `who asked must still be allowed when it is opened`() throws {
        let token = try ask().token
        #expect(
            refusal { _ = try cloud.compute.openConsole(token: token, session: nil) { $0.userID != "u-ada" } }
                == "console_token_invalid")
    }

    @Test func `another project's instance is not found, and readers may not`() throws {
        let foreign = serviceError { _ = try ask(as: TestCloud.stranger) }
        #expect(foreign?.kind == .notFound)
        let reader = serviceError { _ = try ask(as: TestCloud.reader) }
        #expect(reader?.kind == .forbidden && reader?.message.english.contains("get_vnc_console") == true)
        _ = try ask(as: TestCloud.admin)
        #expect(cloud.compute.consoleRefusal(of: web, as: TestCloud.reader) != nil)
        #expect(cloud.compute.consoleRefusal(of: web, as: TestCloud.member) == nil)
    }

    @Test(arguments: [("vnc", "serial"), ("serial", "novnc"), ("spice", "spice-html5"), ("vnc", "xvpvnc"), ("", "")])
    func `a console this cloud does not have is refused with the field`(protocolName: String, type: String) {
        let error = serviceError {
            _ = try cloud.compute.createConsole(
                of: web.id, protocol: protocolName, type: type, as: TestCloud.member)
        }
        #expect(error?.kind == .invalid)
        #expect(error?.violations.first?.field == (ConsoleType(rawValue: type) == nil ? "type" : "protocol"))
    }

    @Test func `a guest that is off has no console, before and after its token was made`() throws {
        let token = try ask().token
        try cloud.compute.perform(.stop, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(refusal { _ = try ask() } == "console_unavailable")
        #expect(refusal { _ = try cloud.compute.openConsole(token: token, session: nil) } == "console_unavailable")
    }

    @Test func `a deleted instance ends what was open, and its tokens`() throws {
        let console = try cloud.compute.openConsole(token: try ask().token, session: nil)
        let token = try ask().token
        #expect(cloud.compute.mayGoOn(console))
        try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(!cloud.compute.mayGoOn(console))
        #expect(PlainConsole(console.socket).isOver(milliseconds: 5_000))
        #expect(refusal { _ = try cloud.compute.openConsole(token: token, session: nil) } == "not_found")
    }

    @Test func `an instance has at most sixteen consoles at once`() throws {
        var open = try (0..<ConsoleSeats.limit).map { _ in
            try cloud.compute.openConsole(token: try ask().token, session: nil)
        }
        #expect(
            refusal { _ = try cloud.compute.openConsole(token: try ask().token, session: nil) } == "too_many_consoles")
        open.removeLast()
        _ = try cloud.compute.openConsole(token: try ask().token, session: nil)
    }

    @Test func `tokens that nobody uses are bounded, and old ones go`() throws {
        for _ in 0..<ComputeService.consoleTokenLimit { _ = try ask() }
        #expect(refusal { _ = try ask() } == "too_many_console_tokens")
        _ = try ask(as: TestCloud.admin)
        cloud.clock.advance(seconds: 600)
        _ = try ask()
        let left = try cloud.database.read { try $0.value("SELECT count(*) FROM console_auth_tokens", as: Int.self) }
        #expect(left == 1)
    }

    @Test func `no statement about tokens reads the whole table`() throws {
        _ = try cloud.compute.openConsole(token: try ask().token, session: nil)
        let scans = try cloud.database.scans(in: cloud.recorder).filter { $0.contains("console_auth_tokens") }
        #expect(scans == [])
    }
}

/// Counted on several threads.
private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}
