import Cryptography
import Logging
import Synchronization

extension EventLoop {
    /// Clients taken from a listener in one turn, so that those who are here already have theirs: a fraction of a
    /// millisecond.
    private static let acceptedPerTurn = 16

    /// Takes the clients that wait. Without descriptors the one that has been idle longest makes room; when there is
    /// none, the others stay in the kernel's queue until something is closed.
    func accept(from listener: Listener, atMost most: Int = EventLoop.acceptedPerTurn) {
        for _ in 0..<most where !listener.isClosed {
            do throws(SystemError) {
                guard let (socket, peer) = try listener.socket.accept() else {
                    // Everybody who waited is in.
                    if listener.isStarved { recovered(listener) }
                    return
                }
                welcome(socket, peer, listener)
            } catch {
                if evictOne() { continue }
                return starved(listener, error)
            }
        }
    }

    func resumeListeners() {
        for listener in listeners where listener.isPaused && now >= listener.pausedUntil { listener.resume() }
    }

    /// Gives a new client a connection, or a refusal.
    private func welcome(_ socket: Socket, _ peer: SocketAddress, _ listener: Listener) {
        let tls = listener.tls
        // A proxy's connections are those of many clients.
        let isCounted =
            (server.configuration.limits.countsThisMachine || !ClientNetwork.isThisMachine(peer))
            && !server.configuration.forwarding.trusts(peer)
        let adopted = listener.name.flatMap { $0.text == nil ? nil : $0 }
        let network = isCounted ? ClientNetwork(peer, through: adopted) : nil
        var answer = server.admission.admit(network)
        if answer == .full, evictOne() { answer = server.admission.admit(network) }
        switch answer {
        case .admitted:
            guard let socket = socket.secured(by: tls) else {
                server.admission.leave(network)
                return socket.close()
            }
            add(socket, peer, network, through: listener.name)
        case .full: refuse(socket, peer, "as many connections as there may be", isSecure: tls != nil)
        case .tooManyFromNetwork:
            refuse(socket, peer, "too many connections from this address", isSecure: tls != nil)
        }
    }

    private func refuse(_ socket: Socket, _ peer: SocketAddress, _ reason: String, isSecure: Bool) {
        if explanations.take(now: now) {
            // A client that waits for a handshake would not understand.
            if !isSecure { _ = EventLoop.tooBusy.withUnsafeBytes { socket.send($0) } }
            socket.shutdownSending()
            // What came already is read, so that the close is no reset, which could overtake the answer.
            _ = socket.receive(into: receiveBuffer)
            socket.close()
        } else {
            socket.reset()
        }
        server.admission.refused.add(1, ordering: .relaxed)
        if let count = refusals.happened(now: now) {
            server.logger.warning(
                "connections refused",
                metadata: ["reason": "\(reason)", "client": "\(peer.host)", "count": "\(count)"])
        }
    }

    private static let tooBusy = Array(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)

    /// Closes the connection of this loop that has kept it waiting for a request longest.
    /// - Returns: whether there was one.
    private func evictOne() -> Bool {
        let evicted = evictions.next(
            now: now, { connections.all.compactMap(\.evictionCandidate) },
            { connections[$0.reference]?.mayBeEvicted($0) == true })
        guard let evicted, let connection = connections[evicted] else { return false }
        connection.close()
        server.admission.evicted.add(1, ordering: .relaxed)
        return true
    }

    /// Too much waits in memory for slow clients: the slowest of this loop go until it is little enough, or, when it
    /// has none, the one that wants more.
    func shedMemory(for newcomer: Connection) {
        while server.admission.buffered.load(ordering: .relaxed) > server.configuration.limits.bufferedBytes {
            let slow = slowest.next(
                now: now, { connections.all.compactMap(\.memoryCandidate) },
                { connections[$0.reference]?.memoryCandidate?.since == $0.since })
            let connection = slow.flatMap { connections[$0] } ?? newcomer
            connection.close()
            server.admission.shed.add(1, ordering: .relaxed)
            if let count = sheddings.happened(now: now) {
                server.logger.warning(
                    "slow connections closed: too much waits for them in memory",
                    metadata: ["client": "\(connection.remoteAddress)", "count": "\(count)"])
            }
            if connection === newcomer { return }
        }
    }

    private func starved(_ listener: Listener, _ error: SystemError) {
        if !listener.isStarved {
            listener.isStarved = true
            if server.admission.starvationBegan(now: now) {
                server.logger.warning(
                    "accepting pauses",
                    metadata: ["reason": "\(error)", "connections": "\(server.admission.count)"])
            }
        }
        listener.pause(until: now + 100_000)
    }

    private func recovered(_ listener: Listener) {
        listener.isStarved = false
        guard server.admission.starvationEnded() else { return }
        server.logger.notice("accepting goes on", metadata: ["connections": "\(server.admission.count)"])
    }
}
