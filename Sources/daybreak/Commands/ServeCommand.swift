import ArgumentParser
import Logging

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the dashboard until SIGTERM or Control-C.",
        discussion: "Starts memcached and libvirt when none answers. Guests run on when the program ends.")

    @OptionGroup var settings: SettingsOption

    func run() throws {
        // Before anything starts a thread.
        TerminationSignals.block()
        LoggingSystem.bootstrap { ConsoleLog(label: $0) }
        let file = try settings.load()
        let program: Program
        do {
            program = try Program(file)
        } catch {
            StandardError.write("daybreak: cannot start: \(error)\n")
            throw ExitCode.failure
        }
        for line in program.greeting { print(line) }
        flushOutput()
        _ = TerminationSignals.wait()
        StandardError.write("daybreak: finishing what is under way; once more to end at once\n")
        program.stop()
    }
}
