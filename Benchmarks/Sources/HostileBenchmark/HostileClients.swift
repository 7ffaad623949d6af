import BenchmarkKit
import Foundation
import Synchronization

/// Clients who hold connections and give nothing for them. A thread keeps up what has to be kept up.
final class HostileClients: Sendable {
    /// What they do.
    struct Kind: Sendable {
        let name: String
        let count: Int
        /// Sent at once.
        let opening: String
        /// Sent every half second.
        var drip = ""
        /// Bytes of the client's receive buffer; 0 leaves it to the kernel.
        var receiveBuffer: Int32 = 0
        /// Whether all come from one address, and are mostly turned away.
        var isFlood = false
    }

    static let idle = Kind(name: "idle connections", count: 10_000, opening: "")
    static let slowSenders = Kind(
        name: "slowloris senders", count: 1_000, opening: "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", drip: "X-A: b\r\n")
    static let fileReaders = reader("a 1 MB file", "/static/large.bin")
    static let streamReaders = reader("an endless stream", "/stream")
    static let pageReaders = reader("a 100 KB page made for each", "/page")
    static let flood = Kind(
        name: "connections from one address, over and over", count: 2_000, opening: "", isFlood: true)

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

    /// Brings them all; returns when they are connected.
    init(_ kinds: [Kind], port: UInt16) {
        self.port = port
        self.kinds = kinds
        Thread.detachNewThread { self.run() }
        isThere.wait()
    }

    /// How many could not connect.
    var missed: Int { missing.load(ordering: .relaxed) }

    /// Takes them all away.
    func leave() {
        isOver.store(true, ordering: .relaxed)
        hasLeft.wait()
    }

    private func run() {
        var groups = kinds.enumerated().map { index, kind in
            (0..<kind.count).map { number in connect(kind, UInt8(index + 1), number) }
        }
        isThere.signal()
        while !isOver.load(ordering: .relaxed) {
            for index in kinds.indices where !kinds[index].drip.isEmpty || kinds[index].isFlood {
                keepUp(&groups[index], kinds[index], UInt8(index + 1))
            }
            usleep(500_000)
        }
        for socket in groups.joined() { socket?.close() }
        hasLeft.signal()
    }

    private func keepUp(_ sockets: inout [ClientSocket?], _ kind: Kind, _ network: UInt8) {
        let drip = Array(kind.drip.utf8)
        for number in sockets.indices {
            if let socket = sockets[number], !kind.isFlood, socket.send(drip) { continue }
            sockets[number]?.close()
            sockets[number] = connect(kind, network, number)
            // Some thousands a second, and not all in one moment.
            if kind.isFlood, number % 20 == 0 { usleep(2_000) }
        }
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
