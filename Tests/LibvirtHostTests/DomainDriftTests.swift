import ComputeHost
import TestSupport
import Testing

@testable import LibvirtHost

struct DomainDriftTests {
    private static let files = InstanceFiles(root: "/var/lib/daybreak/instances")

    private func document(_ change: (inout DomainSpec) -> Void = { _ in }) throws -> String {
        var spec = DomainXMLTests.spec
        change(&spec)
        return try DomainXML(domainType: "qemu", owner: "11111111-1111-4111-8111-111111111111", files: Self.files)
            .document(for: DefinedDomain(spec))
    }

    private func differences(
        _ found: String, running: String? = nil, plugged: [String]? = nil
    ) throws -> [DomainDifference] {
        try DomainDrift(expected: document(), running: running, defined: found, plugged: plugged).differences
    }

    /// As libvirt writes it: other quotes, other units, more of everything.
    private func asLibvirtWrites(_ document: String) -> String {
        document.replacing("\"", with: "'")
            .replacing("<devices>", with: "<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>")
            .replacing(
                "</devices>",
                with: """
                    <controller type='usb' index='0' model='piix3-uhci'/><input type='mouse' bus='ps2'/>
                    <console type='pty'><target type='serial' port='0'/></console><audio id='1' type='none'/></devices>
                    """
            )
            .replacing("machine='pc'", with: "machine='pc-i440fx-7.2'")
    }

    @Test func `what libvirt adds of its own is no drift`() throws {
        #expect(try differences(asLibvirtWrites(document())).isEmpty)
        let written = try asLibvirtWrites(document())
        #expect(try differences(written, running: written, plugged: ["fa:16:3e:1a:06:90"]).isEmpty)
    }

    @Test func `memory is compared whatever its unit`() throws {
        let text = try document().replacing("<memory unit=\"KiB\">131072<", with: "<memory unit=\"MiB\">128<")
        #expect(try differences(text).isEmpty)
    }

    @Test func `processors and memory that were changed by hand are told`() throws {
        let found = try document {
            $0.vcpus = 4
            $0.memoryMiB = 256
        }
        #expect(
            try differences(found) == [
                DomainDifference(kind: .vcpus, expected: "2", found: "4", place: .definition),
                DomainDifference(kind: .memory, expected: "128", found: "256", place: .definition),
            ])
    }

    @Test func `a disk that was swapped, and one that was added, are told`() throws {
        let found = try document().replacing("/disk\"", with: "/other\"").replacing(
            "<serial ",
            with: "<disk type='file'><source file='/etc/shadow'/><target dev='vdz' bus='virtio'/></disk><serial ")
        let told = try differences(found)
        #expect(told.map(\.name) == ["vda", "vdz"])
        #expect(told[0].expected?.hasSuffix("/disk, qcow2, virtio") == true)
        #expect(told[0].found?.hasSuffix("/other, qcow2, virtio") == true)
        #expect(told[1].expected == nil && told[1].found == "/etc/shadow, virtio")
    }

    @Test func `an interface that is missing, or in another bridge, is told by its MAC address`() throws {
        let bridged = try document { $0.interfaces[0].mode = .bridge }
        let told = try differences(bridged)
        #expect(told.map(\.kind) == [.interface])
        #expect(told[0].name == "fa:16:3e:1a:06:90")
        #expect(told[0].expected == "user" && told[0].found == "bridge, brq33b9ef50-35, tap6a790b22-29")
        #expect(try differences(document { $0.interfaces = [] }).map(\.found) == [nil])
    }

    @Test func `a screen that strangers could reach, a log elsewhere and a foreign device are told`() throws {
        let found = try document()
            .replacing("<listen type=\"socket\"/>", with: "<listen type=\"address\" address=\"0.0.0.0\"/>")
            .replacing("console.log\"", with: "other.log\"")
            .replacing("<serial ", with: "<hostdev mode='subsystem'/><serial ")
        #expect(try differences(found).map(\.kind) == [.console, .display, .device])
    }

    @Test func `what is only so in the guest that runs is told apart from its definition`() throws {
        let running = try document { $0.memoryMiB = 96 }
        #expect(
            try differences(document(), running: running, plugged: nil) == [
                DomainDifference(kind: .memory, expected: "128", found: "96", place: .running)
            ])
        // What is wrong in both is said once.
        #expect(try differences(running, running: running).map(\.place) == [.definition])
    }

    @Test func `interfaces that the emulator has and libvirt does not know are counted`() throws {
        let alone = try document { $0.interfaces = [] }
        let mac = "fa:16:3e:1a:06:90"
        #expect(try differences(document(), running: alone, plugged: [mac]).isEmpty)
        #expect(try differences(document(), running: document(), plugged: []).map(\.name) == [mac])
        #expect(
            try differences(document(), running: alone, plugged: [mac, "fa:16:3e:00:00:09"]).map(\.found) == ["user"])
    }

    @Test func `text that is no definition is an error`() {
        #expect(throws: HostError.self) { try DomainDrift(expected: "<domain/>", running: nil, defined: "<x>") }
    }
}
