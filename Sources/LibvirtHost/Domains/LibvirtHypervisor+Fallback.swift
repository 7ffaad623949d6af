import CLibvirt
import ComputeHost
import Foundation

/// Guests that kvm accepts and cannot run.
///
/// Paravirtual and nested kvm offer the device, and libvirt believes it. What then happens depends on the guest: the
/// emulator gives up while it starts, or kvm stops the guest moments later, or when it leaves its boot loader.
extension LibvirtHypervisor {
    /// For how long after its start a stopped kvm guest is put down to kvm.
    static let trialPeriod = Duration.seconds(60)

    /// Starts a kvm domain, and again as qemu when kvm does not run it.
    func startAccelerated(
        _ instanceID: String, _ domain: borrowing DomainHandle, _ connect: OpaquePointer
    ) throws(HostError) -> DomainStatus {
        do {
            try create(domain)
        } catch {
            guard case .failed = error else { throw error }
            return try startEmulated(instanceID, because: "kvm did not start it (\(error.reason))", connect)
        }
        // Most failures come within moments; the later ones come as events. Once kvm has run a guest here nothing is
        // waited for: it would double the time of every start.
        for look in 0..<(isAccelerationProven ? 1 : 11) {
            if look > 0 { usleep(50_000) }
            switch try domain.state().power {
            case .running: continue
            case .paused: return try startEmulated(instanceID, because: "kvm paused it at once", connect)
            case .shutdown, .crashed, .noState, .suspended:
                return try startEmulated(instanceID, because: "kvm ended it at once", connect)
            }
        }
        kvmHeld()
        beginTrial(instanceID)
        return try status(domain)
    }

    /// Called on libvirt's event thread: a guest on trial that stops without being asked is started again as qemu.
    func judgeTrial(_ instanceID: String, _ event: Int32, _ detail: Int32) {
        let stopsByItself =
            switch virDomainEventType(UInt32(bitPattern: event)) {
            case VIR_DOMAIN_EVENT_SUSPENDED: true
            case VIR_DOMAIN_EVENT_CRASHED: true
            case VIR_DOMAIN_EVENT_STOPPED: DomainStates.event(event, detail)?.reason == .crashed
            default: false
            }
        guard stopsByItself, isOnTrial(instanceID) else { return }
        // libvirt must not be called from its event thread.
        Thread.detachNewThread { [self] in
            _ = try? use { connect throws(HostError) in
                let (power, reason) = try require(instanceID, connect).state()
                // Somebody may have paused it, or saved its memory; libvirt has a reason of its own for each of those.
                let isUnexplained =
                    power == .paused
                    && [VIR_DOMAIN_PAUSED_UNKNOWN, VIR_DOMAIN_PAUSED_CRASHED].contains { $0.rawValue == reason }
                let hasFailed = power == .shutdown && reason == Int32(VIR_DOMAIN_SHUTOFF_FAILED.rawValue)
                guard isUnexplained || hasFailed || power == .crashed else { return }
                _ = try startEmulated(instanceID, because: "kvm stopped it while it booted", connect)
            }
        }
    }

    /// Defines the domain again without kvm, and starts it. From now on nothing new is defined with kvm.
    private func startEmulated(
        _ instanceID: String, because failure: String, _ connect: OpaquePointer
    ) throws(HostError) -> DomainStatus {
        let domain = try require(instanceID, connect)
        try destroy(domain)
        guard let defined = DefinedDomain.read(instanceID, files) else {
            throw .notFound("\(files.domainJSON(instanceID)) is missing")
        }
        let emulated = try DomainXML(domainType: "qemu", owner: owner, files: files).document(for: defined)
        try FileSystem.write(emulated, to: files.libvirtXML(instanceID))
        try define(emulated)
        try create(domain)
        // Only now: had the emulated guest failed as well, kvm would not have been the reason.
        kvmFailed(failure)
        return try status(domain)
    }
}
