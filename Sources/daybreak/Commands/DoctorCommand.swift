import ArgumentParser

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what a start depends on: what is wrong, why, and what to do.",
        discussion: "Ends with status 1 when something keeps the program from its work.")

    @OptionGroup var settings: SettingsOption

    func run() throws {
        let findings = Doctor(file: try settings.load()).findings()
        for finding in findings { print(finding.text) }
        if findings.contains(where: { $0.grade == .bad }) { throw ExitCode(1) }
    }
}
