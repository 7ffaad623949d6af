import BenchmarkKit
import Foundation

/// The command line: `--program .build/release/daybreak --rounds 5 --crowd 50 --drivers qemu,test --output FILE`.
struct LaunchOptions {
    var program = ".build/release/daybreak"
    var rounds = 5
    /// Launches at once.
    var crowd = 50
    var drivers = LaunchDriver.allCases
    /// Where the tables are written, if anywhere.
    var output: String?
    /// As it can be typed again.
    private(set) var command = ""

    init() {
        let usage = "[--program FILE] [--rounds N] [--crowd N] [--drivers qemu,test] [--output FILE]"
        command = CommandWords.read(usage: usage) { take($0, $1) }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--rounds": rounds = CommandWords.number(value, 1...99) ?? 0
        case "--crowd": crowd = CommandWords.number(value, 1...100) ?? 0
        case "--drivers": drivers = value.split(separator: ",").compactMap { LaunchDriver(rawValue: String($0)) }
        case "--program": program = value
        case "--output": output = value
        default: return false
        }
        return rounds > 0 && crowd > 0 && !drivers.isEmpty
    }
}

/// Which libvirt runs the guests.
enum LaunchDriver: String, CaseIterable {
    /// A private libvirtd whose guests run in the emulator.
    case qemu
    /// The driver that only pretends, inside of each process that uses it.
    case test

    /// Why it cannot be used here; nil when it can.
    var obstacle: String? {
        guard self == .qemu else { return nil }
        if geteuid() != 0 { return "a private libvirtd is started by root only" }
        let programs = ["/usr/sbin/libvirtd", "/usr/bin/qemu-system-x86_64"]
        return programs.first { access($0, X_OK) != 0 }.map { "\($0) is not installed" }
    }

    /// The setting `LIBVIRT_URI`.
    var setting: String { self == .qemu ? "private" : "test:///default" }
    /// As the tables call it.
    var title: String { self == .qemu ? "qemu, emulated" : "test:///default" }
}
