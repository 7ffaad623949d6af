/// Bytes and files waiting to be sent on one connection.
///
/// A reference, because its connection looks at it several times a request.
final class Outbox {
    private enum Segment {
        case bytes([UInt8], sent: Int)
        case file(FileRegion, sent: Int64)
    }

    enum Outcome: Equatable {
        /// Everything is with the kernel.
        case drained
        /// The kernel takes no more at present. `progress` says whether it took anything.
        case blocked(progress: Bool)
        /// The connection is gone, or a file is shorter than promised.
        case failed
    }

    private var segments: [Segment] = []
    /// Bytes not yet sent.
    private(set) var count: Int64 = 0
    /// Bytes in memory: an array stays whole until all of it is sent.
    private(set) var memory = 0

    var isEmpty: Bool { segments.isEmpty }

    func append(_ bytes: [UInt8], from start: Int = 0) {
        guard start < bytes.count else { return }
        segments.append(.bytes(bytes, sent: start))
        count += Int64(bytes.count - start)
        memory += bytes.count
    }

    func append(_ region: FileRegion) {
        guard region.length > 0 else { return }
        segments.append(.file(region, sent: 0))
        count += region.length
    }

    /// Sends as much as the kernel takes.
    func send(to socket: Socket) -> Outcome {
        var progress = false
        var done = 0
        defer { segments.removeFirst(done) }
        while done < segments.count {
            let (transfer, rest) = Outbox.send(segments[done], to: socket, more: done + 1 < segments.count)
            switch transfer {
            case .ended: return .failed
            case .wouldBlock: return .blocked(progress: progress)
            case .bytes(let sent):
                progress = true
                count -= Int64(sent)
                if let rest {
                    segments[done] = rest
                } else {
                    if case .bytes(let bytes, _) = segments[done] { memory -= bytes.count }
                    done += 1
                }
            }
        }
        return .drained
    }

    /// Sends one piece; what is left of it comes back.
    private static func send(_ segment: Segment, to socket: Socket, more: Bool) -> (Socket.Transfer, Segment?) {
        switch segment {
        case .bytes(let bytes, let sent):
            let transfer = bytes.withUnsafeBytes {
                socket.send(UnsafeRawBufferPointer(rebasing: $0[sent...]), more: more)
            }
            guard case .bytes(let count) = transfer else { return (transfer, segment) }
            return (transfer, sent + count < bytes.count ? .bytes(bytes, sent: sent + count) : nil)
        case .file(let region, let sent):
            let rest = region.length - sent
            let transfer = socket.send(
                file: region.file.descriptor, from: region.offset + sent, count: Int(clamping: rest))
            guard case .bytes(let count) = transfer else { return (transfer, segment) }
            return (transfer, Int64(count) < rest ? .file(region, sent: sent + Int64(count)) : nil)
        }
    }
}
