/// Which hypervisor is used on this machine, and why: a decision on facts, without effects.
public struct HypervisorChoice: Sendable, Hashable {
    /// How libvirt is reached.
    public enum Mode: String, Sendable, Hashable {
        /// A system libvirt that was running already; it is used as it is.
        case system
        /// A libvirtd of our own, under the state path.
        case privateDaemon
        /// The user's own libvirt, which starts itself.
        case session
        /// The address in the settings.
        case configured
        /// Nothing runs; instances are simulated.
        case simulated
    }

    /// One fact that the choice rests on, for `doctor`.
    public struct Finding: Sendable, Hashable {
        /// What was looked at: "KVM", "libvirt", "emulator".
        public let subject: String
        /// What was found.
        public let found: String
        /// What follows from it.
        public let why: String
        /// Nothing needs to be done about it.
        public let isFine: Bool
    }

    /// How libvirt is reached.
    public internal(set) var mode: Mode
    /// `qemu:///system` and the like; of a private daemon only the start is known before it runs.
    public internal(set) var uri: String
    /// `kvm`, `qemu`, `test` or `simulated`.
    public internal(set) var domainType: String
    /// One sentence for people.
    public internal(set) var reason: String
    /// The facts that the choice rests on.
    public internal(set) var findings: [Finding]

    /// Looks at this machine and decides. Starts nothing.
    ///
    /// - Parameter setting: `LIBVIRT_URI`: `auto`, `private`, `simulated`, or an address of libvirt's.
    /// - Parameter disks: the directory of the instances' disks, which the guests must be able to reach.
    public static func decide(setting: String, disks: String) -> HypervisorChoice {
        decide(setting: setting, facts: .gather(disks: disks))
    }

    static func decide(setting: String, facts: HostFacts) -> HypervisorChoice {
        var choice = HypervisorChoice(
            mode: .simulated, uri: "simulated", domainType: "simulated", reason: "", findings: [])
        choice.findings = [accelerator(facts), libvirt(facts), emulator(facts)]
        switch setting {
        case "simulated":
            choice.reason = "The settings ask for simulated instances."
        case "private":
            (choice.mode, choice.uri) = (.privateDaemon, privateURI)
            choice.domainType = type(facts)
            choice.reason = "A libvirtd of its own is asked for. " + accelerator(facts).why
        case "auto", "":
            choice.chooseAutomatically(facts)
        default:
            choice.mode = .configured
            choice.uri = setting
            choice.domainType = setting.hasPrefix("test:") ? "test" : type(facts)
            choice.reason = "LIBVIRT_URI names it. " + accelerator(facts).why
        }
        return choice
    }

    private mutating func chooseAutomatically(_ facts: HostFacts) {
        let missing = [HostFacts.emulator, "qemu-img"].filter { facts.programs[$0] == nil }
        if !missing.isEmpty {
            reason =
                "No hypervisor: \(missing.joined(separator: " and ")) not installed (packages qemu-system-x86, qemu-utils)."
            return
        }
        let accelerator = Self.accelerator(facts).why
        if facts.isRoot, facts.systemLibvirtAnswers, facts.closedDirectory == nil {
            (mode, uri) = (.system, "qemu:///system")
            reason = "The system's libvirt answers. " + accelerator
        } else if facts.programs["libvirtd"] == nil {
            reason = "No hypervisor: libvirtd is not installed (package libvirt-daemon)."
            return
        } else if !facts.isRoot {
            (mode, uri) = (.session, "qemu:///session")
            reason = "We are not root, so guests run in this user's own libvirt. " + accelerator
        } else if facts.programs["unshare"] == nil {
            reason = "No libvirt answers, and without unshare (package util-linux) none can be started privately."
            return
        } else {
            (mode, uri) = (.privateDaemon, Self.privateURI)
            let obstacle = facts.systemLibvirtAnswers ? facts.closedDirectory : nil
            reason =
                (obstacle.map { "The system's libvirt cannot reach disks below \($0)" } ?? "No system libvirt answers")
                + ", so one of our own is used. " + accelerator
        }
        domainType = Self.type(facts)
    }

    /// The start of a private daemon's address; the rest is known when it runs.
    private static let privateURI = "qemu+unix:///system"

    private static func type(_ facts: HostFacts) -> String {
        facts.kvm == .opens && facts.hasVirtualizationFlags ? "kvm" : "qemu"
    }

    /// The same choice with nothing real, because what was chosen did not work.
    func simulated(because failure: String) -> HypervisorChoice {
        var choice = self
        choice.mode = .simulated
        choice.uri = "simulated"
        choice.domainType = "simulated"
        choice.reason = failure
        choice.findings.append(
            Finding(subject: "start", found: failure, why: "Instances are simulated.", isFine: false))
        return choice
    }

    /// The same choice, although it does not work now.
    func waiting(because failure: String) -> HypervisorChoice {
        var choice = self
        choice.reason = "Waiting for libvirt: \(failure)"
        choice.findings.append(
            Finding(
                subject: "start", found: failure, why: "The instances here are out of reach until libvirt answers.",
                isFine: false))
        return choice
    }
}
