import BenchmarkKit
import CPlainLibvirt
import Foundation

/// A connection to libvirt without anything around it.
final class PlainLibvirt {
    private let connection: UnsafeMutableRawPointer

    init(_ uri: String) throws {
        guard let connection = pl_open(uri) else {
            throw Failure("libvirt at \(uri) does not answer: \(String(cString: pl_failure()))")
        }
        self.connection = connection
    }

    deinit { pl_close(connection) }

    /// Defines and starts one domain after the other.
    /// - Parameter prepare: what is done before each.
    /// - Returns: the milliseconds that it took.
    func run(_ documents: [String], prepare: (Int) throws -> Void = { _ in }) throws -> Double {
        let start = ContinuousClock.now
        for (index, document) in documents.enumerated() {
            try prepare(index)
            guard pl_run(connection, document) == 0 else {
                throw Failure("libvirt did not start the domain: \(String(cString: pl_failure()))")
            }
        }
        return (ContinuousClock.now - start) / .milliseconds(1)
    }

    /// Ends all domains, whoever made them.
    func removeAll() { pl_remove_all(connection) }
}
