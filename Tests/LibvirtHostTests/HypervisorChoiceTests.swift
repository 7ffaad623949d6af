import Foundation
import Testing

@testable import LibvirtHost

struct HypervisorChoiceTests {
    private static let everything = HostFacts(
        isRoot: true, kvm: .opens, hasVirtualizationFlags: true, systemLibvirtAnswers: false,
        programs: Dictionary(uniqueKeysWithValues: HostFacts.wanted.map { ($0, "/usr/bin/" + $0) }))

    private func decide(_ setting: String = "auto", _ change: (inout HostFacts) -> Void = { _ in }) -> HypervisorChoice
    {
        var facts = Self.everything
        change(&facts)
        return HypervisorChoice.decide(setting: setting, facts: facts)
    }

    @Test func `root uses the system's libvirt when it answers`() {
        let choice = decide { $0.systemLibvirtAnswers = true }
        #expect(choice.mode == .system)
        #expect(choice.uri == "qemu:///system")
    }

    @Test func `root gets a libvirtd of its own when the system's cannot reach the disks`() {
        let choice = decide {
            $0.systemLibvirtAnswers = true
            $0.closedDirectory = "/root"
        }
        #expect(choice.mode == .privateDaemon)
        #expect(choice.reason.contains("/root"))
    }

    @Test func `a directory that only its owner may enter is found from below`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let below = folder.appending(path: "var/instances")
        try FileManager.default.createDirectory(at: below, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(HostFacts.closedDirectory(from: below.path) != folder.path)
        chmod(folder.path, 0o700)
        #expect(HostFacts.closedDirectory(from: below.path) == folder.path)
        #expect(HostFacts.closedDirectory(from: below.path + "/not/yet/there") == folder.path)
    }

    @Test func `root gets a libvirtd of its own when none answers`() {
        #expect(decide().mode == .privateDaemon)
    }

    @Test func `everybody else uses their session`() {
        let choice = decide { $0.isRoot = false }
        #expect(choice.mode == .session)
        #expect(choice.uri == "qemu:///session")
    }

    @Test(arguments: ["qemu-system-x86_64", "qemu-img", "libvirtd", "unshare"])
    func `without a needed program instances are simulated, and the reason names it`(_ program: String) {
        let choice = decide { $0.programs[program] = nil }
        #expect(choice.mode == .simulated)
        #expect(choice.domainType == "simulated")
        #expect(choice.reason.contains(program))
    }

    @Test func `kvm needs the device and the processor's flags`() {
        #expect(decide().domainType == "kvm")
        #expect(decide { $0.hasVirtualizationFlags = false }.domainType == "qemu")
        #expect(decide { $0.kvm = .absent }.domainType == "qemu")
        #expect(decide { $0.kvm = .refused("Permission denied") }.domainType == "qemu")
    }

    @Test func `the settings can name an address, or ask for simulation`() {
        #expect(decide("test:///default").domainType == "test")
        #expect(decide("qemu+ssh://host/system").uri == "qemu+ssh://host/system")
        #expect(decide("simulated").mode == .simulated)
    }

    @Test func `a libvirtd of its own can be asked for, whatever else answers`() {
        let choice = decide("private") { $0.systemLibvirtAnswers = true }
        #expect(choice.mode == .privateDaemon && choice.domainType == "kvm")
    }

    @Test func `every finding says what was found and what follows`() {
        for choice in [decide(), decide { $0.kvm = .refused("no") }, decide { $0.programs = [:] }] {
            #expect(choice.findings.count == 3)
            #expect(choice.findings.allSatisfy { !$0.found.isEmpty && !$0.why.isEmpty })
        }
    }

    @Test func `only the flags line tells of virtualization`() {
        #expect(HostFacts.virtualizationFlags("processor : 0\nflags\t\t: fpu vme svm lm\n"))
        #expect(HostFacts.virtualizationFlags("flags\t\t: fpu vmx\n"))
        #expect(!HostFacts.virtualizationFlags("model name : svm vmx\nflags\t\t: fpu svm_lock\nbugs: svm\n"))
        #expect(!HostFacts.virtualizationFlags(""))
    }
}
