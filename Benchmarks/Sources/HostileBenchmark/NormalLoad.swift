import BenchmarkKit
import CPoll
import Foundation

/// What well-behaved clients see: 32 connections, each asking 50 times a second, whatever the answers take.
///
/// A latency is measured from the moment the request was due, so that a server that stalls cannot hide the requests
/// it has kept from being sent.
struct NormalLoad {
    static let connections = 32
    private static let interval: UInt64 = 20_000_000

    /// Nanoseconds, sorted.
    private var latencies: [UInt64] = []
    /// Connections that were closed, and answers that were no 200.
    private(set) var errors = 0

    /// Two pieces of one load.
    static func + (a: NormalLoad, b: NormalLoad) -> NormalLoad {
        var sum = a
        sum.latencies = (a.latencies + b.latencies).sorted()
        sum.errors += b.errors
        return sum
    }

    /// Microseconds.
    func percentile(_ part: Double) -> Double {
        guard !latencies.isEmpty else { return .nan }
        return Double(latencies[min(latencies.count - 1, Int(Double(latencies.count) * part))]) / 1000
    }

    private struct Client {
        let socket: ClientSocket
        var due: UInt64
        var isAsking = false
        var received = 0
    }

    /// Asks for so long.
    init(port: UInt16, seconds: Double) throws {
        let request = Array("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)
        let start = Self.now()
        var clients: [Client] = []
        for number in 0..<Self.connections {
            guard let socket = ClientSocket(port: port) else { throw Failure("no connection for the normal load") }
            let offset = Self.interval * UInt64(number) / UInt64(Self.connections)
            clients.append(Client(socket: socket, due: start + offset))
        }
        defer { for client in clients { client.socket.close() } }
        var polled = clients.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN), revents: 0) }
        let end = start + UInt64(seconds * 1e9)
        while true {
            let now = Self.now()
            if now >= end { break }
            for index in clients.indices where !clients[index].isAsking && clients[index].due <= now {
                clients[index].isAsking = true
                if !clients[index].socket.send(request) { errors += 1 }
            }
            let next = clients.lazy.filter { !$0.isAsking }.map(\.due).min() ?? end
            let pause = min(next, end) > now ? min(next, end) - now : 0
            guard cp_wait(&polled, UInt(polled.count), Int(min(pause, 100_000_000))) > 0 else { continue }
            for index in clients.indices where polled[index].revents != 0 {
                guard receive(&clients[index]) else {
                    errors += 1
                    guard let socket = ClientSocket(port: port) else { throw Failure("no connection any more") }
                    clients[index].socket.close()
                    clients[index] = Client(socket: socket, due: now + Self.interval)
                    polled[index].fd = socket.descriptor
                    continue
                }
            }
        }
        latencies.sort()
    }

    /// Reads what has come; false when the connection is of no use any more.
    private mutating func receive(_ client: inout Client) -> Bool {
        var buffer = (0..<512).map { _ in UInt64(0) }
        let count = recv(client.socket.descriptor, &buffer, 4096, 0)
        if count < 0, errno == EAGAIN { return true }
        guard count > 0 else { return false }
        if client.received == 0 {
            let isRight = buffer.withUnsafeBytes { $0.prefix(12).elementsEqual("HTTP/1.1 200".utf8) }
            guard isRight else { return false }
        }
        client.received += count
        let isComplete = buffer.withUnsafeBytes { bytes in
            client.received > Self.content.count && bytes.prefix(count).suffix(8).elementsEqual(Self.content.suffix(8))
        }
        guard isComplete else { return true }
        latencies.append(Self.now() - client.due)
        // Late answers put off what comes after them, but do not pile it up.
        client.due = max(client.due + Self.interval, Self.now())
        client.isAsking = false
        client.received = 0
        return true
    }

    /// What every answer contains: 2048 bytes whose end stands nowhere else.
    static let content =
        Array(String(repeating: "All happy servers are alike...\r\n", count: 63).utf8)
        + Array("every unhappy one has its way.\n\n".utf8)

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
