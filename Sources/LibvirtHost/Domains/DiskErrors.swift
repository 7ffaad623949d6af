import CLibvirt
import ComputeHost
import Glibc

/// Why the emulator paused a guest whose disk it could not read or write.
enum DiskErrors {
    /// A sentence for the guest's owner.
    static func note(_ domain: borrowing DomainHandle) -> String {
        var errors = [virDomainDiskError](repeating: virDomainDiskError(), count: 16)
        let count = virDomainGetDiskErrors(domain.pointer, &errors, UInt32(errors.count), 0)
        defer { for error in errors { daybreak_libvirt_free(error.disk) } }
        let causes = errors.prefix(Int(max(0, count))).compactMap { error -> String? in
            guard let name = error.disk.map({ String(cString: $0) }) else { return nil }
            return error.error == Int32(VIR_DOMAIN_DISK_ERROR_NO_SPACE.rawValue)
                ? "the host has no space left for the disk \(name)" : "the disk \(name) cannot be read or written"
        }
        let cause = causes.isEmpty ? "a disk cannot be read or written" : causes.joined(separator: ", ")
        return "Paused: \(cause). Resume the instance once the host's operator has mended it."
    }
}
