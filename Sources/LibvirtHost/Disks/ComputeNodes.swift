import ComputeHost
import Foundation

/// nova's file `compute_nodes`: which hosts use the directory of instances, and when each was last there (seconds
/// since 1970). Hosts that share the directory use it to agree on which base files are in use.
enum ComputeNodes {
    static func record(_ hostname: String, in files: InstanceFiles) throws(HostError) {
        try FileLock.hold(files.locksDirectory + "/storage-registry-lock") { () throws(HostError) in
            let text = FileSystem.readText(files.computeNodes) ?? "{}"
            var nodes = (try? JSONDecoder().decode([String: Double].self, from: Data(text.utf8))) ?? [:]
            nodes[hostname] = (Date().timeIntervalSince1970 * 1_000).rounded() / 1_000
            try FileSystem.write(try JSONText.encode(nodes), to: files.computeNodes)
        }
    }
}
