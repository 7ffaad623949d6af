import CLibvirt
import ComputeHost
import Glibc

/// Screens and serial ports.
extension LibvirtHypervisor {
    /// How often a serial port is asked for, the last time by force.
    private static let serialAttempts = 5

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
        try serialPorts.next(of: instanceID) { () throws(HostError) in
            let connection = try lend()
            let domain = try requireRunning(instanceID, connection.pointer)
            return try SerialBridge.join(try openConsole(domain, connection), of: connection)
        }
    }

    private func openConsole(
        _ domain: borrowing DomainHandle, _ connection: OpenConnection
    ) throws(HostError) -> OpaquePointer {
        guard let stream = virStreamNew(connection.pointer, UInt32(VIR_STREAM_NONBLOCK.rawValue)) else {
            throw LibvirtError.current().hostError("opening the serial port of \(domain.name)")
        }
        // Of two who look at one port only one would see each byte: whoever comes last has it. Ours is over by now. Another
        // program's is ended by force, and as the last resort: a daemon whose client ends it at that moment waits for
        // itself, and answers nobody any more (libvirt 9.0.0).
        for attempt in 1...Self.serialAttempts {
            let flags = attempt < Self.serialAttempts ? 0 : UInt32(VIR_DOMAIN_CONSOLE_FORCE.rawValue)
            if virDomainOpenConsole(domain.pointer, nil, stream, flags) == 0 { return stream }
            let error = LibvirtError.current()
            guard error.isOne(of: VIR_ERR_OPERATION_FAILED), flags == 0 else {
                virStreamFree(stream)
                throw error.hostError("opening the serial port of \(domain.name)")
            }
            usleep(50_000)
        }
        return stream
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
