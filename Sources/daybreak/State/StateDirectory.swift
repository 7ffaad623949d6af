import Foundation

/// The folder everything that must outlive the program is kept in, and the claim that one program works on it.
struct StateDirectory: Sendable {
    /// Absolute.
    let path: String

    var database: String { path + "/daybreak.sqlite" }
    var images: String { path + "/images" }
    var instances: String { path + "/instances" }
    var uploads: String { path + "/uploads" }
    var log: String { path + "/log" }

    /// Makes what is missing.
    ///
    /// The folder can be passed through by others but not listed: the emulator may run as a user of its own and has to
    /// reach its disks. What others must not read is closed by itself.
    ///
    /// - Throws: `StateFault` naming the path and the reason.
    func prepare() throws {
        let open = [path, images, instances, instances + "/_base", instances + "/locks", path + "/volumes"]
        for folder in open { try make(folder, mode: 0o711) }
        for folder in [uploads, log] { try make(folder, mode: 0o700) }
        // The engine gives its journal the mode of the database.
        let file = Glibc.open(database, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StateFault(path: database, errno: errno) }
        close(file)
    }

    private func make(_ folder: String, mode: mode_t) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw StateFault(path: folder, reason: error.localizedDescription)
        }
        guard chmod(folder, mode) == 0 || access(folder, R_OK | W_OK | X_OK) == 0 else {
            throw StateFault(path: folder, errno: errno)
        }
    }

    /// Where a compute host keeps what is its own; nil for the only host, which keeps it here.
    func folder(of host: ComputeHostEntry) -> String { resolve(host.path ?? "hosts/" + host.name) }

    /// Where a path from the settings leads: an absolute one to itself, another one into this folder.
    func resolve(_ name: String) -> String {
        name.hasPrefix("/") ? name : path + "/" + name
    }

    /// Bytes a file here may still take.
    var freeBytes: Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }
}

/// Something about the state directory makes a start impossible.
struct StateFault: Error, CustomStringConvertible {
    let path: String
    let reason: String

    init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    init(path: String, errno: Int32) {
        self.init(path: path, reason: String(cString: strerror(errno)))
    }

    var description: String { "\(path): \(reason)" }
}
