import BenchmarkKit
import Foundation

/// What the disk alone takes for the least that a durable change needs: a page appended and flushed.
enum DurableWrite {
    /// The median in microseconds.
    static func microseconds(in folder: URL) throws -> Double {
        let path = folder.appendingPathComponent("durable-write").path
        let file = open(path, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        guard file >= 0 else { throw Failure("\(path) cannot be written") }
        defer {
            close(file)
            unlink(path)
        }
        let page = [UInt8](repeating: 1, count: 4096)
        let times = (0..<200).map { _ in
            let start = ContinuousClock.now
            _ = write(file, page, page.count)
            fdatasync(file)
            return (ContinuousClock.now - start) / .microseconds(1)
        }
        return times.median { $0 }
    }
}
