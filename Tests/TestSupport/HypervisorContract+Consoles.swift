public import ComputeHost
import Glibc

extension HypervisorContract {
    /// What a host with consoles must keep; libvirt's test driver has none.
    public static let consoles = [
        HypervisorContract("the screen of a running guest greets in RFB") { subject in
            let spec = try subject.running()
            let screen = PlainConsole(try subject.hypervisor.openDisplay(of: spec.instanceID))
            let greeting = screen.read(12)
            try expect(greeting == Array("RFB 003.008\n".utf8), "the greeting was \(greeting)")
            let second = PlainConsole(try subject.hypervisor.openDisplay(of: spec.instanceID))
            try expect(second.read(12) == greeting, "a second one must be greeted too")
            try expect(!screen.isOver(milliseconds: 200), "the first must not end for it")
        },
        HypervisorContract("a new serial connection ends the one before it") { subject in
            let spec = try subject.running()
            let first = PlainConsole(try subject.hypervisor.openSerial(of: spec.instanceID))
            try expect(!first.isOver(milliseconds: 300), "the first must be open")
            let second = PlainConsole(try subject.hypervisor.openSerial(of: spec.instanceID))
            try expect(first.isOver(milliseconds: 5_000), "the first must have ended")
            try expect(!second.isOver(milliseconds: 300), "the second must be open")
        },
        HypervisorContract("a guest that goes off takes its consoles with it") { subject in
            let spec = try subject.running()
            let screen = PlainConsole(try subject.hypervisor.openDisplay(of: spec.instanceID))
            let serial = PlainConsole(try subject.hypervisor.openSerial(of: spec.instanceID))
            try subject.hypervisor.powerOff(spec.instanceID)
            try expect(screen.isOver(milliseconds: 5_000), "the screen must have ended")
            try expect(serial.isOver(milliseconds: 5_000), "the serial port must have ended")
        },
        HypervisorContract("a guest that is off, or absent, has no consoles") { subject in
            let spec = try subject.makeSpec()
            func refused(_ open: (String) throws(HostError) -> ConsoleSocket, isRight: (HostError) -> Bool) throws {
                try expectError("opening a console", isRight) { () throws(HostError) in
                    _ = try open(spec.instanceID)
                }
            }
            let isNotFound: (HostError) -> Bool = { if case .notFound = $0 { true } else { false } }
            let isRefused: (HostError) -> Bool = { if case .failed = $0 { true } else { false } }
            try refused(subject.hypervisor.openDisplay, isRight: isNotFound)
            try refused(subject.hypervisor.openSerial, isRight: isNotFound)
            try subject.hypervisor.define(spec)
            try refused(subject.hypervisor.openDisplay, isRight: isRefused)
            try refused(subject.hypervisor.openSerial, isRight: isRefused)
        },
        HypervisorContract("many serial connections come and go") { subject in
            let spec = try subject.running()
            for _ in 0..<20 {
                let console = PlainConsole(try subject.hypervisor.openSerial(of: spec.instanceID))
                console.write("x\r")
            }
            let last = PlainConsole(try subject.hypervisor.openSerial(of: spec.instanceID))
            try expect(!last.isOver(milliseconds: 300), "the last must be open")
        },
    ]
}

extension HypervisorUnderTest {
    fileprivate func running() throws -> DomainSpec {
        let spec = try makeSpec()
        try hypervisor.define(spec)
        _ = try hypervisor.start(spec.instanceID)
        return spec
    }
}

/// A console as a test uses it; closed when it is let go.
public final class PlainConsole: Sendable {
    private let descriptor: Int32

    /// Takes the connection.
    public init(_ socket: ConsoleSocket) {
        descriptor = socket.takeDescriptor()
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Up to `count` bytes: fewer when the other side closes or says nothing for ten seconds.
    public func read(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var piece = [UInt8](repeating: 0, count: count - bytes.count)
            let got = recv(descriptor, &piece, piece.count, 0)
            guard got > 0 else { return bytes }
            bytes += piece[..<got]
        }
        return bytes
    }

    /// Everything until a text has come; what came when it does not.
    public func read(until text: String) -> String {
        var bytes: [UInt8] = []
        while !String(decoding: bytes, as: UTF8.self).contains(text) {
            let more = read(1)
            guard !more.isEmpty else { break }
            bytes += more
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Types a text.
    public func write(_ text: String) { write(Array(text.utf8)) }

    /// Sends bytes.
    public func write(_ bytes: [UInt8]) { _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// Whether the other side closes within that time, whatever it says before.
    public func isOver(milliseconds: Int32) -> Bool {
        let deadline = ContinuousClock.now + .milliseconds(Int(milliseconds))
        while ContinuousClock.now < deadline {
            var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wish, 1, 20) == 1 else { continue }
            var piece = [UInt8](repeating: 0, count: 4096)
            if recv(descriptor, &piece, piece.count, Int32(MSG_DONTWAIT)) == 0 { return true }
        }
        return false
    }
}
