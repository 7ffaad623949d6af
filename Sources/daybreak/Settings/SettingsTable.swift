/// The settings in effect, for `daybreak settings`.
struct SettingsTable {
    let file: SettingsFile
    /// With what each setting does and may be.
    let explained: Bool

    var lines: [String] {
        let width = SettingKey.all.map(\.name.count).max() ?? 0
        return SettingKey.all.flatMap { key in
            let origin = file.lines[key.name].map { "line \($0)" } ?? "default"
            let name = key.name.padded(to: width)
            let row = name + "  " + origin.padded(to: 8) + "  " + key.show(file.settings)
            return explained ? [row, "    \(key.summary)", "    Takes \(key.expected).", ""] : [row]
        }
    }
}

extension String {
    /// Filled up with spaces at the end.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
