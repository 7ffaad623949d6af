import BenchmarkKit
import Foundation

/// Measures launches of the real program beside libvirt's own define and create of the same XML: one launch on each
/// driver, and many at once on `test:///default` beside plain loops; prints tables and writes them to a file.
///
/// A round is a launch and, right after it, the same by libvirt alone, so that what else happens on the machine meets
/// both alike.
@main
enum LaunchBenchmark {
    static func main() throws {
        let options = LaunchOptions()
        signal(SIGPIPE, SIG_IGN)
        let (loadBefore, started) = (ProcessTimes.load, Date())
        var singles: [(LaunchDriver, [Single])] = []
        var crowds: [Crowd] = []
        for driver in options.drivers {
            if let obstacle = driver.obstacle {
                note("nothing is measured on \(driver.title): \(obstacle)")
                continue
            }
            note("starting the program on \(driver.title)")
            let program = try LaunchProgram(options.program, driver)
            defer { program.remove() }
            let plain = try PlainLibvirt(program.uri)
            singles.append((driver, try Single.rounds(options.rounds, program, plain)))
            if driver == .test { crowds = try Crowd.rounds(options.rounds, of: options.crowd, program, plain) }
        }
        let results = """
            # Launches

            Written by `\(options.command)`. The real program, asked by its own form, with durable transactions and a \
            config drive for each guest; medians of \(options.rounds) rounds, each launch followed by libvirt's \
            `virDomainDefineXML` and `virDomainCreate` of the same XML. "Accepted" is the end of the phase *Accept the \
            request*, before the form is answered; "running" that of *Start the guest*, when the row says ACTIVE.

            * Machine: \(Machine.description)
            * Time: \(started.ISO8601Format()) to \(Date.now.ISO8601Format())
            * Load average: \(loadBefore) before, \(ProcessTimes.load) after (this benchmark itself makes about 1)

            ## One launch

            \(Single.tables(singles))
            \(crowds.isEmpty ? "" : Crowd.section(crowds, of: options.crowd))
            """
        print(results)
        if let output = options.output { try results.write(toFile: output, atomically: true, encoding: .utf8) }
    }

    static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
