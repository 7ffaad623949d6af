import Database
import Foundation
import Markup
import TestSupport
import Testing

/// Somebody works on the guests with virsh and kill, behind the program's back. What the program shows must be so, soon;
/// and what it cannot know it must not guess.
@Suite(
    .enabled(
        if: RealGuests.missing == nil && getuid() == 0, "needs root, libvirt, qemu and the guest image's packages"),
    .serialized, .timeLimit(.minutes(10)))
struct `Somebody meddles with the guests` {
    private struct Row: Hashable {
        var vm: String
        var power: String
    }

    @Test func `the row is right within two seconds, and nothing is guessed while libvirt is away`() async throws {
        let daybreak = try await DaybreakProcess()
        defer { daybreak.remove() }
        let aftermath = Aftermath(state: daybreak.state)
        _ = try await waitUntil("there is an image", seconds: 120) {
            try aftermath.texts("SELECT name AS text FROM images WHERE status = 'active'").first
        }
        let client = WebClient(daybreak.address)
        try await client.logIn()
        let form = try await client.get("/dashboard/project/instances/launch/")
        let flavor = try form.document.xpath("//tr[.//label='m1.micro']//input").first?.attribute("value")
        _ = try await client.submit(form, action: "/instances/launch/", ["name": "web", "flavor_id": flavor ?? ""])
        _ = try await waitUntil("it runs", seconds: 120) {
            try row(aftermath) == Row(vm: "active", power: "1") ? true : nil
        }

        // nova's numbers: 1 running, 3 paused, 4 shut down, 6 crashed, 7 suspended.
        for (deed, power) in [("suspend", "3"), ("resume", "1"), ("managedsave", "7"), ("start", "1")] {
            try await virsh(daybreak, deed)
            try await expect("power state \(power) after \(deed)") { try row(aftermath)?.power == power }
        }
        try await virsh(daybreak, "destroy")
        try await expect("shut off") { try row(aftermath) == Row(vm: "stopped", power: "4") }
        try await virsh(daybreak, "start")
        try await expect("active") { try row(aftermath) == Row(vm: "active", power: "1") }

        let libvirtd = try process(daybreak, "libvirtd.pid")
        let guest = try process(daybreak, "qemu/instance-00000001.pid")
        kill(libvirtd, SIGKILL)
        for _ in 0..<10 {
            #expect(try row(aftermath) == Row(vm: "active", power: "1"))
            try await Task.sleep(for: .milliseconds(200))
        }
        _ = try await waitUntil("libvirt is back", seconds: 60) {
            let now = try process(daybreak, "libvirtd.pid")
            return now != libvirtd && kill(now, 0) == 0 ? true : nil
        }
        #expect(kill(guest, 0) == 0)
        _ = try await waitUntil("virsh is answered", seconds: 30) { try? await virsh(daybreak, "dominfo") }
        #expect(try row(aftermath) == Row(vm: "active", power: "1"))
        // The first event after a pause may come as soon as the program has noticed that libvirt is back.
        try await virsh(daybreak, "suspend")
        _ = try await waitUntil("paused", seconds: 20) { try row(aftermath)?.power == "3" ? true : nil }
        try await virsh(daybreak, "resume")
        try await expect("running") { try row(aftermath)?.power == "1" }
        kill(guest, SIGKILL)
        try await expect("crashed") { try row(aftermath) == Row(vm: "stopped", power: "6") }
    }

    private func row(_ aftermath: Aftermath) throws -> Row? {
        try aftermath.texts("SELECT vm_state || ' ' || power_state AS text FROM instances WHERE name = 'web'")
            .first.map { text in
                let parts = text.split(separator: " ").map(String.init)
                return Row(vm: parts[0], power: parts[1])
            }
    }

    private func expect(_ what: String, _ condition: @escaping @Sendable () throws -> Bool) async throws {
        _ = try await waitUntil(what, seconds: 2) { try condition() ? true : nil }
    }

    private func process(_ daybreak: DaybreakProcess, _ file: String) throws -> pid_t {
        let path = daybreak.state.appending(path: "libvirt/run/" + file)
        let text = try String(contentsOf: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        return try #require(pid_t(text))
    }

    private func virsh(_ daybreak: DaybreakProcess, _ deed: String) async throws {
        let socket = daybreak.state.appending(path: "libvirt/run/libvirt-sock").path
        let uri = "qemu+unix:///system?socket=" + socket
        let command = try ChildProcess("/usr/bin/virsh", ["-q", "-c", uri, deed, "instance-00000001"])
        defer { try? FileManager.default.removeItem(at: command.log) }
        guard try await command.end() == 0 else { throw NeverHappened(description: "virsh \(deed): \(command.output)") }
    }
}
