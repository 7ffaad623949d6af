import ComputeHost
import Glibc

extension LinuxBridgeNetworks {
    /// The socket belongs to the namespace for as long as it is open, whatever becomes of the namespace's name.
    ///
    /// - Throws: `.busy` when something listens there already.
    func openMetadataListener(networkID: String) throws(HostError) -> Int32? {
        try NetworkSpec.checkID(networkID)
        let namespace = server(networkID).namespace
        guard FileSystem.exists(namespace.path) else { return nil }
        return try namespace.inside { () throws(HostError) in try Self.listen(DHCPPlan.metadataAddress, port: 80) }
    }

    private static func listen(_ address: String, port: UInt16) throws(HostError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw FileSystem.failure("make", "a socket") }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        inet_pton(AF_INET, address, &name.sin_addr)
        let bound = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if bound == 0, Glibc.listen(descriptor, 512) == 0 { return descriptor }
        let code = errno
        close(descriptor)
        let reason = "\(address) port \(port): \(String(cString: strerror(code)))"
        if code == EADDRINUSE { throw .busy(reason) }
        throw .failed("nothing can listen on \(reason)", remedy: nil)
    }
}
