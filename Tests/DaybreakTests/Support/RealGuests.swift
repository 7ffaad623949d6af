import Foundation

/// Whether guests can run on this machine.
enum RealGuests {
    /// What is missing; `nil` when nothing is.
    static let missing: String? = {
        let needed = ["/usr/sbin/libvirtd", "/usr/bin/qemu-system-x86_64", "/usr/bin/qemu-img", "/usr/bin/virsh"]
        let absent = needed.filter { !FileManager.default.isExecutableFile(atPath: $0) }
        return absent.isEmpty ? nil : absent.joined(separator: ", ")
    }()
}
