import Dashboard

/// What shows consoles.
struct ConsoleSettings: Sendable, Equatable {
    /// Nil shows none.
    var type: ConsoleChoice? = .auto
    /// Where Debian's package novnc puts its modules.
    var noVNCPath = "/usr/share/novnc"
    /// Where Debian's package node-xterm puts its modules.
    var xtermPath = "/usr/share/nodejs/xterm"
}

extension SettingKey {
    static let consoles: [SettingKey] = [
        SettingKey(
            "CONSOLE_TYPE", \.consoles.type, .consoleType,
            "Console on an instance's page: \"VNC\" its screen, \"SERIAL\" its serial port, \"AUTO\" both, null none."),
        SettingKey(
            "NOVNC_PATH", \.consoles.noVNCPath, .folderPath,
            "Folder of noVNC (Debian: novnc), which shows screens; read at the start."),
        SettingKey(
            "XTERM_PATH", \.consoles.xtermPath, .folderPath,
            "Folder of xterm.js (Debian: node-xterm), which shows serial ports; read at the start."),
    ]
}

extension SettingType where Value == String {
    fileprivate static let folderPath = text("a folder's absolute path") { $0.hasPrefix("/") && !$0.contains("\0") }
}

extension SettingType where Value == ConsoleChoice? {
    fileprivate static var consoleType: SettingType {
        let known = ConsoleChoice.allCases.map(\.rawValue)
        let expected = known.map(LocatedJSON.quoted).joined(separator: ", ") + " or null"
        return SettingType(
            expected: expected, known: { known },
            read: { json throws(SettingRefusal) in
                if case .null = json.value { return nil }
                guard case .string(let name) = json.value, let choice = ConsoleChoice(rawValue: name) else {
                    throw SettingRefusal(found: json, expected: expected)
                }
                return choice
            },
            write: { $0.map { LocatedJSON.quoted($0.rawValue) } ?? "null" })
    }
}
