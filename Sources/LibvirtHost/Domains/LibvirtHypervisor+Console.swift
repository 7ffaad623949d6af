import CLibvirt
import ComputeHost
import Glibc

/// Screens and serial ports.
extension LibvirtHypervisor {
    /// libvirt hands QEMU a socket of a pair and us the other one: the display's own Unix socket need not be reachable from
    /// here, which that of another user or network namespace is not.
    func openDisplay(of instanceID: String) throws(HostError) -> ConsoleSocket {
        try use { connect throws(HostError) in
            let domain = try requireRunning(instanceID, connect)
            let flags = UInt32(VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH.rawValue)
            let descriptor = virDomainOpenGraphicsFD(domain.pointer, 0, flags)
            guard descriptor >= 0 else {
                throw LibvirtError.current().hostError("opening the screen of \(domain.name)")
            }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return ConsoleSocket(descriptor: descriptor)
        }
    }

    func openSerial(of instanceID: String) throws(HostError) -> ConsoleSocket {
        try use { connect throws(HostError) in
            let domain = try requireRunning(instanceID, connect)
            guard let stream = virStreamNew(connect, UInt32(VIR_STREAM_NONBLOCK.rawValue)) else {
                throw LibvirtError.current().hostError("opening the serial port of \(domain.name)")
            }
            // Of two who look at one port only one would see each byte: whoever comes last has it.
            let flags = UInt32(VIR_DOMAIN_CONSOLE_FORCE.rawValue)
            guard virDomainOpenConsole(domain.pointer, nil, stream, flags) == 0 else {
                let error = LibvirtError.current().hostError("opening the serial port of \(domain.name)")
                virStreamFree(stream)
                throw error
            }
            return try SerialBridge.join(stream)
        }
    }

    private func requireRunning(_ instanceID: String, _ connect: OpaquePointer) throws(HostError) -> DomainHandle {
        let domain = try require(instanceID, connect)
        let power = try domain.state().power
        guard power == .running || power == .paused else {
            throw .failed("\(domain.name) is not running", remedy: "Start the instance.")
        }
        return domain
    }
}
