import Foundation
import LibvirtHost

/// Looks at everything a start depends on and says what is wrong, why, and what to do.
struct Doctor {
    let file: SettingsFile
    private var settings: Settings { file.settings }
    private var directory: StateDirectory { StateDirectory(path: file.statePath) }

    init(file: SettingsFile) { self.file = file }

    func findings() -> [Finding] {
        [settingsFile()] + advice() + [state(), disk()] + listen() + certificates() + hypervisor() + networks()
            + programs()
            + consoles() + cache() + [clock()]
    }

    private func settingsFile() -> Finding {
        FileManager.default.fileExists(atPath: file.path)
            ? .good("settings", "\(file.path): \(file.lines.count) of \(SettingKey.all.count) settings given")
            : .warning("settings", "\(file.path) is not there; defaults are used", remedy: "Name one with --settings.")
    }

    private func advice() -> [Finding] {
        settings.advice { file.lines[$0] != nil }.map { text in
            Finding(grade: .warning, subject: "settings", found: text)
        }
    }

    private func state() -> Finding {
        do {
            try directory.prepare()
            return .good("state", directory.path)
        } catch {
            return .bad("state", "\(error)", remedy: "Set STATE_PATH to a folder this user may write to.")
        }
    }

    private func disk() -> Finding {
        guard let free = directory.freeBytes else {
            return .warning("disk", "free space of \(directory.path) is not known", remedy: "See the line above.")
        }
        let gib = Double(free) / Double(1 << 30)
        let text = "\((gib * 10).rounded() / 10) GiB free"
        return gib >= 2
            ? .good("disk", text)
            : .warning("disk", text, remedy: "A guest of 1 GiB may grow to that size; keep 2 GiB free.")
    }

    private func listen() -> [Finding] {
        settings.listen.map(\.address).map { address in
            guard let obstacle = SocketProbe.obstacle(address) else { return .good("listen", "\(address) is free") }
            if isAtWork { return .good("listen", "\(address) is taken; a daybreak is at work on this state") }
            return .bad("listen", "\(address): \(obstacle)", remedy: "Free the port, or change LISTEN.")
        }
    }

    /// Whether a program on the same state runs at this moment.
    private var isAtWork: Bool {
        do {
            _ = try StateLock(directory)
            return false
        } catch {
            return true
        }
    }

    private func programs() -> [Finding] {
        let needed: [(program: String, package: String, purpose: String)] = [
            ("qemu-img", "qemu-utils", "no disks can be made"),
            ("memcached", "memcached", "none can be started for the sessions"),
        ]
        return needed.map { item in
            if let path = Self.find(item.program) { return .good("program", path) }
            return .warning(
                "program", "\(item.program) is missing: \(item.purpose)", remedy: "apt-get install \(item.package)")
        }
    }

    private func consoles() -> [Finding] {
        let files = ConsoleFiles(settings.consoles)
        let needed = [
            (files.screenModule, settings.consoles.noVNCPath, "novnc", "screens"),
            (files.terminalScript, settings.consoles.xtermPath, "node-xterm", "serial ports"),
        ]
        return needed.map { found, path, package, shown in
            if found != nil { return .good("console", path) }
            return .warning(
                "console", "no \(package) in \(path): \(shown) of instances cannot be shown",
                remedy: "apt-get install --no-install-recommends \(package)")
        }
    }

    private static func find(_ program: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return (path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"])
            .map { $0 + "/" + program }.first { access($0, X_OK) == 0 }
    }

    private func cache() -> [Finding] {
        guard settings.cache.backend.isMemcached else {
            return [.good("sessions", "kept in this process; a restart signs everybody out")]
        }
        return settings.cache.locations.map { location in
            let place = CacheLocation(location, in: directory)
            if SocketProbe.answers(place.text) { return .good("sessions", "memcached answers at \(place.text)") }
            return place.isLocal
                ? .good("sessions", "no memcached at \(place.text) yet; one is started with the program")
                : .bad(
                    "sessions", "no memcached at \(place.text)",
                    remedy: "Start it there, or change CACHES.default.LOCATION.")
        }
    }

    /// A clock that stands before the program was built makes every token look as if it were not valid yet.
    private func clock() -> Finding {
        var built = stat()
        guard stat("/proc/self/exe", &built) == 0, time(nil) < built.st_mtim.tv_sec else {
            return .good("clock", "\(LogTime.now())")
        }
        return .bad("clock", "\(LogTime.now()) is before this program was built", remedy: "Set the clock; use NTP.")
    }

    /// The machine's facts once, then what was chosen for each host.
    private func hypervisor() -> [Finding] {
        let hosts = ComputeHosts.configurations(settings, directory)
        let choices = hosts.map { host in
            host.choice
        }
        let facts = (choices.first?.findings ?? []).map { fact in
            fact.isFine
                ? Finding.good(fact.subject, "\(fact.found). \(fact.why)")
                : .warning(fact.subject, fact.found, remedy: fact.why)
        }
        let chosen = zip(hosts, choices).map { host, choice in
            let name = host.hostname.map { "\($0): " } ?? ""
            return Finding.good("hypervisor", "\(name)\(choice.domainType) by \(choice.uri). \(choice.reason)")
        }
        return facts + chosen
    }
}
