import ArgumentParser

/// The command line: `daybreak` alone serves.
@main
struct Daybreak: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daybreak",
        abstract: "A cloud and its dashboard in one program.",
        subcommands: [ServeCommand.self, DoctorCommand.self, SettingsCommand.self],
        defaultSubcommand: ServeCommand.self)
}

/// What every subcommand needs to know.
struct SettingsOption: ParsableArguments {
    @Option(name: .customLong("settings"), help: "The settings file.")
    var path = "local_settings.json"

    /// The file, read and checked; its faults are printed and end the program with status 78 (EX_CONFIG).
    func load() throws -> SettingsFile {
        do {
            return try SettingsFile(path: path)
        } catch {
            StandardError.write("daybreak: the settings cannot be used\n\(error)\n")
            throw ExitCode(78)
        }
    }
}
