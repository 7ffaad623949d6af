import CLibvirt
import ComputeHost

/// libvirt's last error on this thread, copied: the next libvirt call, even a free, clears it.
struct LibvirtError {
    let code: UInt32
    let message: String

    static func current() -> LibvirtError {
        guard let error = virGetLastError() else { return LibvirtError(code: 0, message: "libvirt gave no reason") }
        let message = error.pointee.message.map { String(cString: $0) } ?? "libvirt gave no reason"
        return LibvirtError(code: UInt32(bitPattern: error.pointee.code), message: message)
    }

    func isOne(of codes: virErrorNumber...) -> Bool { codes.contains { $0.rawValue == code } }

    /// The connection is of no use any more.
    var isConnectionLost: Bool {
        if isOne(of: VIR_ERR_NO_CONNECT, VIR_ERR_INVALID_CONN, VIR_ERR_RPC, VIR_ERR_LIBSSH) { return true }
        return message.contains("client socket is closed") || message.contains("Cannot recv data")
            || message.contains("Cannot write data") || message.contains("keepalive")
    }

    /// What `doing` failed with, for our callers.
    func hostError(_ doing: String) -> HostError {
        if isOne(of: VIR_ERR_NO_DOMAIN) { return .notFound(message) }
        if isConnectionLost { return .unavailable("libvirt does not answer: \(message)") }
        if isOne(of: VIR_ERR_OPERATION_TIMEOUT, VIR_ERR_RESOURCE_BUSY) { return .busy(message) }
        return .failed("\(doing): \(message)", remedy: nil)
    }
}
