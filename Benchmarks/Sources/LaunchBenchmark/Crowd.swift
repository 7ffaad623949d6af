import BenchmarkKit
import Foundation

/// Many launches at once, and plain loops over like domains.
struct Crowd {
    let count: Double
    let launch: Launch
    /// Milliseconds of a loop of define and create.
    let plain: Double
    /// The same for a loop that makes each domain's disks as well.
    let plainWithDisks: Double

    static func rounds(
        _ rounds: Int, of count: Int, _ program: LaunchProgram, _ plain: PlainLibvirt
    ) throws -> [Crowd] {
        var taken: [Crowd] = []
        for round in 0...rounds {
            LaunchBenchmark.note("\(count) launches at once, round \(round)")
            let launch = try program.launch(count)
            let documents = try program.definitions(of: launch)
            let disks = try PlainDisks(over: try program.baseFile())
            defer { disks.remove() }
            try program.deleteAll()
            plain.removeAll()
            let time = try plain.run(documents)
            plain.removeAll()
            let timeWithDisks = try plain.run(documents) { try disks.make($0) }
            plain.removeAll()
            guard round > 0 else { continue }
            taken.append(
                Crowd(count: Double(count), launch: launch, plain: time, plainWithDisks: timeWithDisks))
        }
        return taken
    }

    static func section(_ rounds: [Crowd], of count: Int) -> String {
        func line(_ name: String, _ time: (Crowd) -> Double) -> (name: String, figures: [String]) {
            let figures = [
                rounds.median(time).figure(1), rounds.median { $0.count * 1000 / time($0) }.figure(0),
                rounds.median { $0.plain / time($0) }.figure(2),
                rounds.median { $0.plainWithDisks / time($0) }.figure(2),
            ]
            return (name, figures)
        }
        let rates = MarkdownTable.text(
            ["ms", "domains/s", "rate to the plain loop's", "rate to the loop with disks"],
            [
                line("plain loop: define, create", \.plain),
                line("plain loop: qemu-img, genisoimage, define, create", \.plainWithDisks),
                line("launches, from the form sent to the last one running", \.launch.whole),
            ])
        let means = Launch.phases.map { phase in rounds.median { $0.launch.mean(phase) }.figure(1) }
        let phases = MarkdownTable.text(
            Launch.phases.map { $0.replacing("_", with: " ") }, [("mean of the instances, ms", means)])
        return "\n## \(count) launches at once on test:///default\n\n\(rates)\n\n\(phases)\n"
    }
}

/// The files of guests as a script would make them.
struct PlainDisks {
    private let folder: URL
    private let base: String

    init(over base: String) throws {
        self.base = base
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("plain-\(getpid())")
        let tree = folder.appendingPathComponent("tree/openstack/latest")
        try FileManager.default.createDirectory(at: tree, withIntermediateDirectories: true)
        for name in ["meta_data.json", "network_data.json"] {
            try Data(#"{"uuid": "x"}"#.utf8).write(to: tree.appendingPathComponent(name))
        }
    }

    func make(_ index: Int) throws {
        let directory = folder.appendingPathComponent("\(index)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let path = directory.path
        _ = try Program(
            [
                "/usr/bin/qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "raw", path + "/disk", "1G",
            ]
        ).end()
        _ = try Program(
            [
                "/usr/bin/genisoimage", "-quiet", "-V", "config-2", "-r", "-J", "-l", "-o", path + "/disk.config",
                folder.path + "/tree",
            ]
        ).end()
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
