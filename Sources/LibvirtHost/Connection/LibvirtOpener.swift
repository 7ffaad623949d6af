import CLibvirt
import ComputeHost
import Dispatch
import Foundation
import Synchronization

/// A connection of libvirt's; closed when it is let go.
final class OpenConnection: @unchecked Sendable {
    // Safety: libvirt counts references and locks for itself.
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    /// Closing is a call, too, and the daemon may say nothing.
    deinit {
        watch(interval: 1, count: 2)
        virConnectClose(pointer)
    }

    /// Whether its socket is still of use. Asks nobody.
    var isAlive: Bool { virConnectIsAlive(pointer) == 1 }

    /// Has libvirt ask the daemon for signs of life from now on, and give up on it: `count` times `interval` seconds, and
    /// once more. Drivers whose connections cannot break refuse.
    func watch(interval: Int32, count: UInt32) { _ = virConnectSetKeepAlive(pointer, interval, count) }
}

/// Opens connections, and never waits for ever: libvirt itself would, on a daemon that takes a connection and says
/// nothing (one that is stopped, or whose threads wait for each other).
enum LibvirtOpener {
    /// How a daemon took the wish for a connection.
    enum Answer {
        case open(OpenConnection)
        case refused(String)
        /// No answer in time, now or to somebody who still waits.
        case silent
    }

    /// The longest that anybody waits, in seconds.
    static let patience = 10

    /// Addresses at which a thread still waits after its time: one waits at each, not one more for everybody who asks.
    private static let silent = Mutex<Set<String>>([])

    static func answer(of uri: String, patience: Int = patience) -> Answer {
        LibvirtEventLoop.prepare()
        guard !silent.withLock({ $0.contains(uri) }) else { return .silent }
        let attempt = Attempt()
        Thread.detachNewThread {
            let connect = virConnectOpen(uri)
            let answer = connect.map { Answer.open(OpenConnection($0)) } ?? .refused(LibvirtError.current().message)
            attempt.end(answer) { silent.withLock { _ = $0.remove(uri) } }
        }
        return attempt.wait(seconds: patience) { silent.withLock { _ = $0.insert(uri) } }
    }

    /// Whether `uri` can be opened now.
    static func answers(_ uri: String) -> Bool {
        if case .open = answer(of: uri) { true } else { false }
    }

    /// - Throws: `.unavailable`.
    static func open(_ uri: String) throws(HostError) -> OpenConnection {
        switch answer(of: uri) {
        case .open(let connection): return connection
        case .refused(let reason): throw .unavailable("libvirt at \(uri) does not answer: \(reason)")
        case .silent: throw .unavailable("libvirt at \(uri) takes connections and says nothing")
        }
    }
}

/// A wish for a connection, and the two threads that see to it.
private final class Attempt: Sendable {
    private enum State {
        case open
        case ended(LibvirtOpener.Answer)
        case abandoned
    }

    private let state = Mutex(State.open)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// A connection that nobody waits for any more is closed.
    func end(_ answer: LibvirtOpener.Answer, late: () -> Void) {
        state.withLock { state in
            if case .abandoned = state { late() } else { state = .ended(answer) }
        }
        hasEnded.signal()
    }

    func wait(seconds: Int, inVain: () -> Void) -> LibvirtOpener.Answer {
        _ = hasEnded.wait(timeout: .now() + .seconds(seconds))
        return state.withLock { state in
            if case .ended(let answer) = state { return answer }
            inVain()
            state = .abandoned
            return .silent
        }
    }
}
