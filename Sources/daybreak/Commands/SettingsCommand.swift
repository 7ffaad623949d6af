import ArgumentParser

struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Print every setting, its value and where that comes from.")

    @OptionGroup var settings: SettingsOption

    @Flag(name: .long, help: "Also print what each setting does and may be.")
    var explain = false

    func run() throws {
        let file = try settings.load()
        for line in SettingsTable(file: file, explained: explain).lines { print(line) }
        for advice in file.settings.advice(isWritten: { file.lines[$0] != nil }) {
            StandardError.write("note: \(advice)\n")
        }
    }
}
