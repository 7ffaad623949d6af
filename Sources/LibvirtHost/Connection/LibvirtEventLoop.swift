import CLibvirt
import ComputeHost
import Foundation

/// libvirt's event loop, on a thread of its own for as long as the process lives.
///
/// It must be registered before the first connection is opened, or that connection never delivers an event. It ignores
/// SIGPIPE for the whole process.
enum LibvirtEventLoop {
    static func prepare() { _ = started }

    private static let started: Bool = {
        // libvirt writes to a daemon that may just have gone.
        signal(SIGPIPE, SIG_IGN)
        // libvirt otherwise prints every error to stderr; we read them from the call instead.
        virSetErrorFunc(nil) { _, _ in }
        virInitialize()
        guard virEventRegisterDefaultImpl() == 0 else { return false }
        keepAwake()
        Thread.detachNewThread {
            while true {
                if virEventRunDefaultImpl() < 0 { usleep(50_000) }
            }
        }
        return true
    }()

    /// A timer that does nothing, twice a second: after an error the loop would otherwise sleep for ever on nothing.
    private static func keepAwake() {
        virEventAddTimeout(500, { _, _ in }, nil, nil)
    }
}
