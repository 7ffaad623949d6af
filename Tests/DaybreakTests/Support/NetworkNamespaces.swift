import Foundation
import TestSupport

/// The network namespaces of the machine, as a person sees them with iproute2.
enum NetworkNamespaces {
    /// What is missing for networks on this machine; `nil` when nothing is.
    static let missing: String? = {
        guard getuid() == 0 else { return "root" }
        let needed = ["/usr/sbin/dnsmasq", "/usr/sbin/nft", "/usr/sbin/ip"].filter {
            !FileManager.default.isExecutableFile(atPath: $0)
        }
        return needed.isEmpty ? nil : needed.joined(separator: ", ")
    }()

    static var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? [] }

    /// What `ip` prints in a namespace.
    static func ip(_ namespace: String, _ arguments: String...) async throws -> String {
        let command = try ChildProcess("/usr/sbin/ip", ["-netns", namespace] + arguments)
        defer { try? FileManager.default.removeItem(at: command.log) }
        guard try await command.end() == 0 else { throw NeverHappened(description: "ip: \(command.output)") }
        return command.output
    }

    /// Takes a namespace away, with all that is only in it. Absent is fine.
    static func delete(_ name: String) {
        let path = "/run/netns/" + name
        guard FileManager.default.fileExists(atPath: path) else { return }
        umount2(path, Int32(MNT_DETACH))
        unlink(path)
    }
}
