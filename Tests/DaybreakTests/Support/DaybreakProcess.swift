import Foundation
import TestSupport

/// The real program, as it was built with these tests, on a free port with settings and a state directory of its own.
final class DaybreakProcess: Sendable {
    /// Holds the settings file and, below `var`, the state.
    let folder: URL
    var state: URL { folder.appending(path: "var") }
    let process: ChildProcess
    /// `http://127.0.0.1:40123`
    let address: URL

    /// The executable stands beside the bundle of tests that is running.
    static let executable: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "daybreak").path
    }()

    /// Writes settings (JSON members, beside `LISTEN`, `STATE_PATH` and `HOST_NETWORK`) and starts the program on them.
    ///
    /// - Parameter folder: that of an earlier process, to start again on what it left behind.
    init(settings: [String: String] = [:], in folder: URL? = nil) async throws {
        self.folder = try folder ?? Self.freshFolder()
        let file = self.folder.appending(path: "local_settings.json")
        if folder == nil {
            // Bridges would be made in the machine's own namespace; tests of networks name one of theirs.
            var members = ["LISTEN": "[\"127.0.0.1:0\"]", "STATE_PATH": "\"var\"", "HOST_NETWORK": "\"user\""]
            members.merge(settings) { $1 }
            let text = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
            try "{\(text.joined(separator: ",\n "))}\n".write(to: file, atomically: true, encoding: .utf8)
            try await Self.bringGuest(to: self.folder.appending(path: "var/guest"))
        }
        let number = try FileManager.default.contentsOfDirectory(atPath: self.folder.path).count
        process = try ChildProcess(
            Self.executable, ["serve", "--settings", file.path], folder: URL(filePath: SourceTree.root),
            log: self.folder.appending(path: "daybreak-\(number).log"))
        let line = try await process.line(containing: "/dashboard", seconds: 120)
        guard let word = line.split(separator: " ").first(where: { $0.hasPrefix("http://") }),
            let address = URL(string: String(word.replacing("/dashboard", with: "")))
        else { throw NeverHappened(description: "no address in \(line)") }
        self.address = address
    }

    /// Puts the image where an earlier start would have left it. Where it cannot be made, the program tries by itself
    /// and says why not; tests that need it find out.
    private static func bringGuest(to folder: URL) async throws {
        guard let image = try? await GuestCache.shared.image() else { return }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: image, to: folder.appending(path: "daybreak-guest.qcow2"))
    }

    /// What the program said when it was started.
    func addresses(scheme: String) -> [URL] {
        process.output.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix(scheme + "://") }
            .compactMap { URL(string: String($0.replacing("/dashboard", with: ""))) }
    }

    /// A page's address.
    func url(_ path: String) -> URL {
        URL(string: path, relativeTo: address)?.absoluteURL ?? address
    }

    /// Ends it as an operator would and waits.
    func stop() async throws {
        process.signal(SIGTERM)
        _ = try await process.end()
    }

    /// Ends it as a power cut would.
    func kill() async throws {
        process.signal(SIGKILL)
        _ = try await process.end()
    }

    /// Ends the guests and daemons it started, which outlive it, and removes everything it made.
    func remove() {
        process.signal(SIGKILL)
        Self.endDaemons(of: state)
        try? FileManager.default.removeItem(at: folder)
    }

    /// Ends guests, libvirt, memcached and DHCP servers by the files that hold their ids.
    static func endDaemons(of state: URL) {
        func names(in folder: URL) -> [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        }
        let hosts = names(in: state.appending(path: "hosts")).map { state.appending(path: "hosts/" + $0) }
        var files = [state.appending(path: "memcached/memcached.pid")]
        let networks = names(in: state.appending(path: "dhcp")).filter { UUID(uuidString: $0) != nil }
        files += networks.map { state.appending(path: "dhcp/\($0)/pid") }
        for folder in [state] + hosts {
            let guests = folder.appending(path: "libvirt/run/qemu")
            files += names(in: guests).filter { $0.hasSuffix(".pid") }.map { guests.appending(path: $0) }
            files.append(folder.appending(path: "libvirt/run/libvirtd.pid"))
        }
        for file in files {
            let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            if let id = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) { Glibc.kill(id, SIGTERM) }
        }
        for network in networks { NetworkNamespaces.delete("qdhcp-" + network) }
    }

    /// Short, because the path of a Unix socket holds at most 107 bytes.
    private static func freshFolder() throws -> URL {
        let name = "d\(UUID().uuidString.prefix(6).lowercased())"
        let folder = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
