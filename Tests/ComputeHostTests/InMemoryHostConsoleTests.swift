import ComputeHost
import TestSupport
import Testing

struct InMemoryHostConsoleTests {
    private func subject(_ host: InMemoryHost) throws -> HypervisorUnderTest {
        _ = try host.fetchBase(ImageSpec(id: "image", format: .raw))
        return HypervisorUnderTest(host) { instanceID in
            try host.createDisk(DiskSpec(instanceID: instanceID, imageID: "image", sizeGiB: 1))
        }
    }

    @Test(arguments: HypervisorContract.consoles)
    func `the in-memory host keeps the contract of consoles`(_ expectation: HypervisorContract) throws {
        try expectation.check(subject(InMemoryHost()))
    }

    @Test func `the simulated serial port repeats what is typed, and so does the log`() throws {
        let host = InMemoryHost()
        let spec = try subject(host).makeSpec()
        try host.define(spec)
        _ = try host.start(spec.instanceID)
        let console = PlainConsole(try host.openSerial(of: spec.instanceID))
        #expect(console.read(until: "login: ").hasSuffix("\(spec.domainName) login: "))
        console.write("root\r")
        #expect(console.read(until: "login: ").contains("root\r\n(simulated) Login incorrect"))
        #expect(String(decoding: try host.consoleLog(of: spec.instanceID, tail: 3), as: UTF8.self).contains("root"))
    }

    /// What noVNC does first, byte by byte (RFC 6143, 7.1 to 7.6).
    @Test func `the simulated screen paints, and a key changes it`() throws {
        let host = InMemoryHost()
        let spec = try subject(host).makeSpec()
        try host.define(spec)
        _ = try host.start(spec.instanceID)
        let socket = try host.openDisplay(of: spec.instanceID)
        let screen = PlainConsole(socket)
        #expect(screen.read(12) == Array("RFB 003.008\n".utf8))
        screen.write("RFB 003.008\n")
        #expect(screen.read(2) == [1, 1])
        screen.write([1])
        #expect(screen.read(4) == [0, 0, 0, 0])
        screen.write([1])
        let size = screen.read(4)
        #expect(size == [1, 64, 0, 200])
        let format = screen.read(16)
        #expect(format.prefix(4) == [32, 24, 0, 1])
        let length = screen.read(4)
        #expect(screen.read(Int(length[3])) == Array(spec.domainName.utf8))

        screen.write([3, 0, 0, 0, 0, 0, 1, 64, 0, 200])
        let first = screen.read(16 + 320 * 200 * 4)
        #expect(first.prefix(4) == [0, 0, 0, 1])
        // Asked again, it says something only once a key is pressed: a white square of 16 by 16.
        screen.write([3, 1, 0, 0, 0, 0, 1, 64, 0, 200])
        screen.write([4, 1, 0, 0, 0, 0, 0, 97])
        let second = screen.read(16 + 16 * 16 * 4)
        #expect(second[4..<12] == [0, 0, 0, 0, 0, 16, 0, 16])
        #expect(second[16...].allSatisfy { $0 == 0xFF })
    }
}
