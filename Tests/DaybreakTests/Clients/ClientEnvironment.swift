import Foundation
import TestSupport

/// OpenStack's own clients in a virtual environment below `.build`, made once from what PyPI has.
actor ClientEnvironment {
    static let shared = ClientEnvironment()

    /// Why there can be none; nil when there can.
    static let missing: String? = {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") ? nil : "/usr/bin/python3"
    }()

    private static let folder = SourceTree.root + "/.build/openstack-clients"
    private var making: Task<Void, any Error>?

    /// Types the commands of a transcript (Tests/OpenStackClients) into the clients.
    /// - Returns: whether every answer was as expected, and what was said about those that were not.
    func play(_ transcript: String, to program: DaybreakProcess) async throws -> (isAsExpected: Bool, report: String) {
        try await make()
        let tools = SourceTree.root + "/Tests/OpenStackClients"
        let base = program.address.absoluteString.trimmingSuffix("/")
        let player = try ChildProcess(
            Self.folder + "/bin/python", [tools + "/play", base, "\(tools)/\(transcript).transcript"])
        let status = try await player.end(seconds: 600)
        defer { try? FileManager.default.removeItem(at: player.log) }
        return (status == 0, player.output)
    }

    private func make() async throws {
        if making == nil {
            making = Task {
                let script = SourceTree.root + "/Tests/OpenStackClients/venv"
                let maker = try ChildProcess("/bin/sh", [script, Self.folder])
                let status = try await maker.end(seconds: 600)
                guard status == 0 else { throw NeverHappened(description: "no clients:\n\(maker.output)") }
            }
        }
        try await making?.value
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
