import BenchmarkKit

/// One launch, and libvirt alone.
struct Single {
    let launch: Launch
    /// Milliseconds of libvirt's define and create.
    let plain: Double

    /// The disk and the config drive (genisoimage) are made before libvirt has anything to do.
    var disks: Double { launch.mean("block_device_mapping") }
    var withoutDisks: Double { launch.untilRunning - disks }

    static func rounds(_ count: Int, _ program: LaunchProgram, _ plain: PlainLibvirt) throws -> [Single] {
        var rounds: [Single] = []
        // The first is for warming up: it fetches the image.
        for round in 0...count {
            LaunchBenchmark.note("one launch on \(program.driver.title), round \(round)")
            let launch = try program.launch(1)
            let document = try program.foreignCopy(of: launch)
            try program.deleteAll()
            let time = try plain.run([document])
            plain.removeAll()
            if round > 0 { rounds.append(Single(launch: launch, plain: time)) }
        }
        return rounds
    }

    /// What others on the machine take the least from.
    private static func least(_ rounds: [Single], _ time: (Single) -> Double) -> Double {
        rounds.map(time).min() ?? .nan
    }

    static func tables(_ measured: [(LaunchDriver, [Single])]) -> String {
        let times = MarkdownTable.text(
            [
                "form answered after, ms", "accepted to running, ms", "of it disks, ms", "libvirt alone, ms", "ratio",
                "ratio without disks", "ratio of the least times, without disks",
            ],
            measured.map { driver, rounds in
                (
                    driver.title,
                    [
                        rounds.median(\.launch.answer).figure(1), rounds.median(\.launch.untilRunning).figure(1),
                        rounds.median(\.disks).figure(1), rounds.median(\.plain).figure(2),
                        rounds.median { $0.launch.untilRunning / $0.plain }.figure(2),
                        rounds.median { $0.withoutDisks / $0.plain }.figure(2),
                        (least(rounds, \.withoutDisks) / least(rounds, \.plain)).figure(2),
                    ]
                )
            })
        let phases = MarkdownTable.text(
            ["waiting for a worker"] + Launch.phases.map { $0.replacing("_", with: " ") },
            measured.map { driver, rounds in
                (
                    driver.title,
                    [rounds.median(\.launch.waiting).figure(1)]
                        + Launch.phases.map { phase in rounds.median { $0.launch.mean(phase) }.figure(1) }
                )
            })
        return """
            \(times)

            What the instance's page shows of the same launches, in ms; `spawn` is libvirt's part and what is around it:

            \(phases)
            """
    }
}
