import Database
import Foundation
import TestSupport

/// What a program has in its state directory and on its hypervisor, seen from outside: with the tools a person would
/// use, and with none of the program's own services.
struct Aftermath: Sendable {
    let state: URL

    /// libvirt, where the program has its domains.
    var libvirt: String {
        let socket = state.appending(path: "libvirt/run/libvirt-sock").path
        if FileManager.default.fileExists(atPath: socket) { return "qemu+unix:///system?socket=" + socket }
        return getuid() == 0 ? "qemu:///system" : "qemu:///session"
    }

    /// Names of the domains libvirt knows, running or not.
    func domains() async throws -> [String] {
        let list = try ChildProcess("/usr/bin/virsh", ["-q", "-c", libvirt, "list", "--all", "--name"])
        defer { try? FileManager.default.removeItem(at: list.log) }
        guard try await list.end() == 0 else { throw NeverHappened(description: "virsh: \(list.output)") }
        return list.output.split(whereSeparator: \.isNewline).map(String.init)
    }

    /// Folders of instances: those named by a UUID.
    func instanceFolders() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: state.appending(path: "instances").path)
            .filter { UUID(uuidString: $0) != nil }
    }

    /// `ipallocations` of ports that belong to instances.
    func addresses() throws -> [String] {
        try texts(
            """
            SELECT ip_address AS text FROM ipallocations JOIN ports ON ports.id = ipallocations.port_id
            WHERE ports.device_owner LIKE 'compute:%'
            """)
    }

    /// `vm_state` of an instance; `nil` when there is none of that name.
    func state(of name: String) throws -> String? {
        try texts("SELECT vm_state AS text FROM instances WHERE name = \(name)").first
    }

    /// The phase of an instance's launch that has begun and not ended.
    func runningPhase(of name: String) throws -> String? {
        try texts(
            """
            SELECT phase AS text FROM instance_steps JOIN instances ON instances.id = instance_steps.instance_id
            WHERE instances.name = \(name) AND outcome = 'running'
            """
        ).first
    }

    /// The rows of a query with one column called `text`.
    func texts(_ query: SQL) throws -> [String] {
        let database = try DatabasePool(path: state.appending(path: "daybreak.sqlite").path, readers: 1)
        return try database.read { transaction in
            try transaction.map(query) { row in
                let text: String = try row["text"]
                return text
            }
        }
    }
}
