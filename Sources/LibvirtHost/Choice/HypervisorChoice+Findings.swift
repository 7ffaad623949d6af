import Foundation

extension HypervisorChoice {
    static func accelerator(_ facts: HostFacts) -> Finding {
        switch (facts.kvm, facts.hasVirtualizationFlags) {
        case (.opens, true):
            Finding(
                subject: "KVM", found: "/dev/kvm opens and the processor has vmx or svm",
                why: "Guests run on the processor itself (kvm).", isFine: true)
        case (.opens, false):
            Finding(
                subject: "KVM", found: "/dev/kvm opens, but the processor's flags name neither vmx nor svm",
                why: "This is paravirtual KVM, on which common guests die: guests are emulated (qemu).", isFine: true)
        case (.absent, _):
            Finding(
                subject: "KVM", found: "there is no /dev/kvm", why: "Guests are emulated (qemu), which is slower.",
                isFine: true)
        case (.refused(let reason), false):
            Finding(
                subject: "KVM", found: "/dev/kvm cannot be opened (\(reason)), nor does the processor have vmx or svm",
                why: "Guests are emulated (qemu), which is slower.", isFine: true)
        case (.refused(let reason), true):
            Finding(
                subject: "KVM", found: "/dev/kvm cannot be opened: \(reason)",
                why: "Guests are emulated (qemu). Joining the group kvm would make them fast.", isFine: false)
        }
    }

    static func libvirt(_ facts: HostFacts) -> Finding {
        if facts.systemLibvirtAnswers, let closed = facts.closedDirectory {
            return Finding(
                subject: "libvirt",
                found: "the system's libvirt answers at qemu:///system, but \(closed) can be entered only by its owner",
                why: "Its guests run as another user and could not reach their disks, so one of our own is started. "
                    + "A STATE_PATH that every user may enter lets the system's be used.", isFine: true)
        }
        if facts.systemLibvirtAnswers {
            return Finding(
                subject: "libvirt", found: "the system's libvirt answers at qemu:///system",
                why: "It is used as it is; its configuration is not touched.", isFine: true)
        }
        guard let path = facts.programs["libvirtd"] else {
            return Finding(
                subject: "libvirt", found: "libvirtd is not installed",
                why: "Without it instances are simulated. Install libvirt-daemon.", isFine: false)
        }
        return Finding(
            subject: "libvirt", found: "\(path), not running as the system's",
            why: facts.isRoot
                ? "One of our own is started, with its own configuration, under the state path."
                : "The user's own libvirt starts by itself when it is needed.", isFine: true)
    }

    static func emulator(_ facts: HostFacts) -> Finding {
        let missing = [HostFacts.emulator, "qemu-img"].filter { facts.programs[$0] == nil }
        if missing.isEmpty {
            let hasISO = ConfigDriveImage.programs.contains { facts.programs[$0] != nil }
            return Finding(
                subject: "emulator", found: facts.programs[HostFacts.emulator] ?? "",
                why: hasISO ? "Guests get a config drive." : "No config drive can be written: install genisoimage.",
                isFine: hasISO)
        }
        return Finding(
            subject: "emulator", found: "\(missing.joined(separator: ", ")) not installed",
            why: "Without it instances are simulated. Install qemu-system-x86 and qemu-utils.", isFine: false)
    }
}
