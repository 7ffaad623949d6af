/// What a simulated guest writes to its serial port: enough to look at, and marked as simulated.
enum SimulatedConsole {
    static func boot(_ spec: DomainSpec, drive: ConfigDriveSpec?) -> [UInt8] {
        let hostname = drive?.hostname ?? spec.domainName
        var lines = [
            "(simulated) This instance is not running: no hypervisor is in use, so its console is made up.",
            "Linux version 6.1.0-simulated (\(spec.domainName))",
            "Memory: \(spec.memoryMiB * 1024)K available, \(spec.vcpus) CPU(s)",
            "virtio_blk virtio0: [vda] \(spec.diskGiB << 21) 512-byte logical blocks",
        ]
        for (index, interface) in spec.interfaces.enumerated() {
            let addresses = interface.fixedIPs.map(\.address).joined(separator: ", ")
            lines.append("eth\(index): \(interface.macAddress) \(addresses)")
        }
        if drive != nil { lines.append("config drive read; hostname \(hostname)") }
        lines.append("")
        return Array((lines.joined(separator: "\r\n") + "\r\n\(hostname) login: ").utf8)
    }

    static let powerDown = Array("\r\n(simulated) power button pressed\r\nreboot: Power down\r\n".utf8)
}
