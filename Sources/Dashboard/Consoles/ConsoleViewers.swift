import Compute

/// The programs for browsers that show consoles: other people's work, served from where Debian installs it.
public struct ConsoleViewers: Sendable {
    /// Which console an instance's page shows first (`CONSOLE_TYPE`); nil shows none.
    public var preferred: ConsoleChoice? = .auto
    /// The address of noVNC's module `core/rfb.js`; nil when noVNC is not installed.
    public var screenModule: String?
    /// The address of the script that makes xterm.js's `Terminal` known; nil when xterm.js is not installed.
    public var terminalScript: String?

    /// None installed.
    public init() {}

    /// The kinds of consoles a page offers, first the one it shows.
    var types: [ConsoleType] {
        switch preferred {
        case nil: []
        case .auto: ConsoleType.allCases
        case .vnc: [.novnc]
        case .serial: [.serial]
        }
    }

    /// The address of the program for a kind of console; nil when it is not installed.
    func program(for type: ConsoleType) -> String? {
        switch type {
        case .novnc: screenModule
        case .serial: terminalScript
        }
    }

    /// Debian's package of that program.
    static func package(of type: ConsoleType) -> String {
        switch type {
        case .novnc: "novnc"
        case .serial: "node-xterm"
        }
    }
}

/// Horizon's `CONSOLE_TYPE`.
public enum ConsoleChoice: String, Sendable, CaseIterable {
    /// The screen, and the serial port beside it.
    case auto = "AUTO"
    /// The screen.
    case vnc = "VNC"
    /// The serial port.
    case serial = "SERIAL"
}
