import BenchmarkKit
import CPoll
import Foundation
import Synchronization

/// Clients who hold connections and give nothing for them. A thread keeps up what has to be kept up.
///
/// They stand for other machines, which bring processors of their own. So their thread is of the class for idle work
/// (SCHED_IDLE, sched(7)): it runs when server and normal clients want nothing, and what they do all the same costs the
/// machine what their traffic costs its kernel and the server. And what a thousand machines send in a second comes
/// spread over that second, not in one row of system calls that nothing gets in between. ``acts`` shows that they were
/// not kept from it.
final class HostileClients: Sendable {
    /// What they do.
    struct Kind: Sendable {
        let name: String
        let count: Int
        /// Sent at once.
        let opening: String
        /// Sent by each in its turn, all the time.
        var drip = ""
        /// Bytes of the client's receive buffer; 0 leaves it to the kernel.
        var receiveBuffer: Int32 = 0
        /// Whether all come from one address, are mostly turned away, and come again in their turn.
        var isFlood = false
        /// Drips, or comings, a second, of all of them together.
        var actsPerSecond = 0.0
    }

    static let idle = Kind(name: "idle connections", count: 10_000, opening: "")
    static let slowSenders = Kind(
        name: "slowloris senders", count: 1_000, opening: "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", drip: "X-A: b\r\n",
        actsPerSecond: 2_000)
    static let fileReaders = reader("a 1 MB file", "/static/large.bin")
    static let streamReaders = reader("an endless stream", "/stream")
    static let pageReaders = reader("a 100 KB page made for each", "/page")
    static let flood = Kind(
        name: "connections from one address, over and over", count: 2_000, opening: "", isFlood: true,
        actsPerSecond: 2_500)

    private static func reader(_ what: String, _ path: String) -> Kind {
        Kind(
            name: "readers that never read \(what)", count: 1_000,
            opening: "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", receiveBuffer: 4096)
    }

    private let port: UInt16
    private let kinds: [Kind]
    private let isOver = Atomic(false)
    private let isThere = DispatchSemaphore(value: 0)
    private let hasLeft = DispatchSemaphore(value: 0)
    private let missing = Atomic<Int>(0)
    private let acted = Atomic<Int>(0)
    private let open = Atomic<Int>(0)

    /// Brings them all; returns when they are connected.
    init(_ kinds: [Kind], port: UInt16) {
        self.port = port
        self.kinds = kinds
        Thread.detachNewThread { self.run() }
        isThere.wait()
    }

    /// How many could not connect.
    var missed: Int { missing.load(ordering: .relaxed) }
    /// Drips that were sent, and connections that came again.
    var acts: Int { acted.load(ordering: .relaxed) }

    /// Takes them all away.
    /// - Returns: how many of them still had a connection.
    func leave() -> Int {
        isOver.store(true, ordering: .relaxed)
        hasLeft.wait()
        return open.load(ordering: .relaxed)
    }

    private func run() {
        _ = cp_yield_to_all()
        var groups = kinds.enumerated().map { index, kind in
            (0..<kind.count).map { number in connect(kind, UInt8(index + 1), number) }
        }
        isThere.signal()
        var turns = kinds.map { Turns(perSecond: $0.actsPerSecond, of: $0.count) }
        while !isOver.load(ordering: .relaxed) {
            for index in kinds.indices {
                guard let number = turns[index].next() else { continue }
                act(&groups[index][number], kinds[index], UInt8(index + 1), number)
            }
            usleep(Turns.pause(turns))
        }
        for socket in groups.joined() {
            guard let socket else { continue }
            if socket.isOpen { open.add(1, ordering: .relaxed) }
            socket.close()
        }
        hasLeft.signal()
    }

    private func act(_ socket: inout ClientSocket?, _ kind: Kind, _ network: UInt8, _ number: Int) {
        acted.add(1, ordering: .relaxed)
        if let socket, !kind.isFlood, socket.send(Array(kind.drip.utf8)) { return }
        socket?.close()
        socket = connect(kind, network, number)
    }

    /// 400 clients have an address together.
    private func connect(_ kind: Kind, _ network: UInt8, _ number: Int) -> ClientSocket? {
        let source = (network, UInt8(kind.isFlood ? 1 : 1 + number / 400))
        guard let socket = ClientSocket(port: port, source: source, receiveBuffer: kind.receiveBuffer) else {
            missing.add(1, ordering: .relaxed)
            return nil
        }
        if !kind.opening.isEmpty { _ = socket.send(Array(kind.opening.utf8)) }
        return socket
    }
}

/// Whose turn it is, evenly in time.
private struct Turns {
    private let interval: Duration?
    private let count: Int
    private var number = 0
    private var due = ContinuousClock.now

    init(perSecond: Double, of count: Int) {
        interval = perSecond > 0 ? .seconds(1 / perSecond) : nil
        self.count = count
    }

    /// The next one, when it is time. Who was kept waiting makes up for it, but for no more than ten turns.
    mutating func next() -> Int? {
        let now = ContinuousClock.now
        guard let interval, due <= now else { return nil }
        due = max(due + interval, now - interval * 10)
        number = (number + 1) % count
        return number
    }

    /// Microseconds until somebody has a turn.
    static func pause(_ turns: [Turns]) -> UInt32 {
        let next = turns.filter { $0.interval != nil }.map(\.due).min()
        guard let next else { return 100_000 }
        return UInt32(max(0, min(100_000, (next - .now) / .microseconds(1))))
    }
}
