import BenchmarkKit
import Foundation

/// One server, its normal clients, and the hostile ones that come to it.
struct Encounter {
    let quiet: NormalLoad
    let hostile: NormalLoad
    /// Bytes.
    let memoryBefore: Double
    let memoryForEach: Double
    let kernelForEach: Double
    let descriptorsLeft: Double
    /// Processor time in the two seconds after they have left.
    let millisecondsAfter: Double
    /// What the hostile clients did a second while the normal load was measured.
    let actsPerSecond: Double
    /// How many of them had a connection in the end.
    let held: Double

    /// Quiet for half the time, hostile clients, quiet for the other half: what slowly changes on the machine meets
    /// both alike.
    init(_ kinds: [HostileClients.Kind], seconds: Int, _ site: Site) throws {
        let port = try Loopback.freePort()
        let server = try RunningServer(
            [site.program, "\(port)", "2", site.body], .shared, port: port, path: "/", content: NormalLoad.content)
        defer { server.stop() }
        let process = server.processes[0]
        // The first requests of a server pay for what later ones find.
        _ = try NormalLoad(port: port, seconds: 1)
        let before = try NormalLoad(port: port, seconds: Double(seconds) / 2)
        usleep(200_000)
        let memory = ProcessTimes.residentBytes(of: [process])
        let kernel = Self.kernelBytes()
        let descriptors = ProcessTimes.descriptors(of: process)

        let clients = HostileClients(kinds, port: port)
        guard clients.missed == 0 else { throw Failure("\(clients.missed) hostile clients could not connect") }
        sleep(1)
        let count = Double(kinds.map(\.count).reduce(0, +))
        memoryBefore = Double(memory)
        memoryForEach = Double(ProcessTimes.residentBytes(of: [process]) - memory) / count
        kernelForEach = Double(Self.kernelBytes() - kernel) / count
        let acts = clients.acts
        hostile = try NormalLoad(port: port, seconds: Double(seconds))
        actsPerSecond = Double(clients.acts - acts) / Double(seconds)

        held = Double(clients.leave())
        usleep(500_000)
        descriptorsLeft = Double(ProcessTimes.descriptors(of: process) - descriptors)
        let used = ProcessTimes.processorSeconds(of: [process])
        sleep(2)
        millisecondsAfter = (ProcessTimes.processorSeconds(of: [process]) - used) * 1000
        quiet = before + (try NormalLoad(port: port, seconds: Double(seconds) / 2))
    }

    /// How much longer the slowest in a hundred waits among hostile clients.
    var ratio: Double { hostile.percentile(0.99) / quiet.percentile(0.99) }

    /// Memory of all TCP sockets' buffers (proc(5), sockstat).
    private static func kernelBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/net/sockstat", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("TCP:") }
        let pages = line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        return pages * Int(getpagesize())
    }
}

/// The files that are served, in a directory of their own.
struct Site {
    let program: String
    let directory: URL
    let body: String

    init() throws {
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        program = URL(fileURLWithPath: executable).deletingLastPathComponent().path + "/DaybreakResponder"
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("hostile-\(getpid())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        body = directory.appendingPathComponent("body.txt").path
        try Data(NormalLoad.content).write(to: URL(fileURLWithPath: body))
        try Data(count: 1 << 20).write(to: directory.appendingPathComponent("large.bin"))
    }

    func remove() {
        try? FileManager.default.removeItem(at: directory)
    }
}

/// The command line.
struct Options {
    var rounds = 7
    var seconds = 4
    var output: String?
    /// As it can be typed again.
    private(set) var command = ""

    init() {
        command = CommandWords.read(usage: "[--rounds N] [--seconds N] [--output FILE]") { take($0, $1) }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--rounds": rounds = CommandWords.number(value, 1...99) ?? 0
        case "--seconds": seconds = CommandWords.number(value, 2...60) ?? 0
        case "--output": output = value
        default: return false
        }
        return rounds > 0 && seconds > 0
    }
}
