import CSpawn
import ComputeHost
import Glibc

/// Both ends of a pipe, closed with the object.
final class Pipe {
    let readEnd: Int32
    private(set) var writeEnd: Int32

    init() throws(HostError) {
        var ends: [Int32] = [-1, -1]
        guard cs_pipe(&ends) == 0 else {
            throw .unavailable("no pipe can be made: \(String(cString: strerror(errno)))")
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    func closeWriteEnd() {
        if writeEnd >= 0 { close(writeEnd) }
        writeEnd = -1
    }

    deinit {
        close(readEnd)
        closeWriteEnd()
    }
}

/// Reads what a program writes until it closes its outputs.
struct OutputCollector {
    private let limit: Int
    private let onLine: ((String) -> Void)?
    private var line: [UInt8] = []
    private(set) var output: [UInt8] = []
    private(set) var errorOutput: [UInt8] = []

    init(limit: Int, onLine: ((String) -> Void)?) {
        self.limit = limit
        self.onLine = onLine
    }

    /// Returns false when `deadline` passes first.
    mutating func collect(output: Int32, errors: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        var watched = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while watched.contains(where: { $0.fd >= 0 }) {
            let left = deadline - .now
            guard left > .zero else { return false }
            let milliseconds = min(left.components.seconds * 1_000 + 1_000, 60_000)
            guard poll(&watched, nfds_t(watched.count), Int32(milliseconds)) >= 0 || errno == EINTR else {
                return false
            }
            for index in watched.indices where watched[index].fd >= 0 && watched[index].revents != 0 {
                let count = read(watched[index].fd, &buffer, buffer.count)
                if count > 0 {
                    take(buffer[..<count], isError: index == 1)
                } else if count == 0 || errno != EINTR {
                    watched[index].fd = -1
                }
            }
        }
        if !line.isEmpty { onLine?(String(decoding: line, as: UTF8.self)) }
        return true
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>, isError: Bool) {
        if isError {
            errorOutput.append(contentsOf: bytes.prefix(max(0, limit - errorOutput.count)))
            return
        }
        output.append(contentsOf: bytes.prefix(max(0, limit - output.count)))
        guard let onLine else { return }
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                onLine(String(decoding: line, as: UTF8.self))
                line.removeAll(keepingCapacity: true)
            } else if line.count < 4_096 {
                line.append(byte)
            }
        }
    }
}
