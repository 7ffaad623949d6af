import API
import Compute
import ComputeHost
import Database
import Foundation
import Glibc
import HTTP
import Images
import Logging
import Networking
import ServiceCore
import TestSupport
import Testing

/// Instances on networks, and the metadata service that their guests ask.
final class MetadataCloud: Sendable {
    let jobs: JobQueue
    let networking: NetworkingService
    let compute: ComputeService
    private let directory: TemporaryDirectory
    private let imageID: String

    static let admin = RequestContext(
        userID: "u-admin", userName: "admin", projectID: "p-admin", projectName: "admin", roles: ["admin"])

    init() throws {
        directory = try TemporaryDirectory()
        let database = try DatabasePool(path: directory.path + "/db.sqlite")
        try database.migrate(ServiceCoreSchema.migrations)
        let (clock, events) = (SystemClock(), EventBus())
        let host = InMemoryHost(hostname: "node1", imagesDirectory: directory.path)
        jobs = JobQueue(database: database, clock: clock, owner: "test")
        let images = try ImageService(
            database: database, jobs: jobs, events: events, clock: clock, directory: directory.path,
            inspector: host.services.images
        )
        let hosts = HostDirectory(host.services)
        networking = try NetworkingService(database: database, jobs: jobs, events: events, clock: clock, hosts: hosts)
        compute = try ComputeService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: hosts, images: images,
            networking: networking)
        let path = directory.path + "/upload"
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: path))
        _ = try images.registerGuest(file: path, format: .raw, ownerProjectID: "p-admin")
        imageID = try #require(try images.images(as: Self.admin).items.first).id.text
        try jobs.recover()
        try jobs.drain()
    }

    /// A network whose guests have addresses of the loopback, so that tests can speak as them.
    func network(_ name: String, cidr: String = "127.0.5.0/24") throws -> String {
        let network = try networking.createNetwork(NewNetwork(name: name), as: Self.admin)
        var subnet = NewSubnet(name: name, cidr: cidr)
        subnet.enableDHCP = false
        subnet.gateway = .disabled
        _ = try networking.createSubnet(subnet, on: network.id, as: Self.admin)
        return network.id.text
    }

    /// An instance with this address.
    func launch(
        _ name: String, on network: String, at address: String, _ change: (inout LaunchRequest) -> Void = { _ in }
    ) throws -> Instance {
        var port = NewPort(networkID: ID(network))
        port.fixedIPs = [FixedIPInput(address: address)]
        let made = try networking.createPort(port, as: Self.admin)
        var request = LaunchRequest(name: name, flavorID: "1", imageID: imageID)
        request.portIDs = [made.id.text]
        change(&request)
        let instance = try compute.launch(request, as: Self.admin)[0]
        try jobs.drain()
        return try compute.instance(instance.id, as: Self.admin)
    }

    func service(rate: RequestRate = RequestRate(burst: 10_000)) -> MetadataService {
        MetadataService(compute: compute, networking: networking, rate: rate)
    }

    /// Runs the service as the program does, with a loopback socket for each network.
    func serving(
        _ networks: [String], rate: RequestRate = RequestRate(burst: 10_000),
        _ body: ([UInt16]) async throws -> Void
    ) async throws {
        let server = Server(
            router: service(rate: rate).router, configuration: MetadataService.configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        _ = try server.start()
        let ports = try networks.map { network in
            let socket = try LoopbackSocket.listen()
            try server.adopt(listener: socket.descriptor, named: network)
            return socket.port
        }
        do {
            try await body(ports)
        } catch {
            await server.stop(grace: .zero)
            throw error
        }
        await server.stop(grace: .zero)
    }
}

/// Sockets on this machine's loopback.
enum LoopbackSocket {
    struct Failure: Error { let call: String }

    static func listen() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard with("127.0.0.1", 0, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 64) == 0 else {
            throw Failure(call: "listen")
        }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// Asks as the guest with this address of 127.0.0.0/8.
    static func ask(
        _ path: String, port: UInt16, from source: String, method: String = "GET", fields: [String] = []
    ) throws -> Answer {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        guard with(source, 0, { bind(descriptor, $0, $1) }) == 0,
            with("127.0.0.1", port, { connect(descriptor, $0, $1) }) == 0
        else { throw Failure(call: "connect") }
        let lines = ["\(method) \(path) HTTP/1.1", "Host: 169.254.169.254", "Connection: close"] + fields
        let text = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        guard send(descriptor, text, text.count, Int32(MSG_NOSIGNAL)) == text.count else { throw Failure(call: "send") }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            all += buffer[..<count]
        }
        return try Answer(all)
    }

    struct Answer {
        let status: Int
        let head: String
        let content: [UInt8]

        init(_ bytes: [UInt8]) throws {
            let end = bytes.indices.first { bytes[$0...].starts(with: [13, 10, 13, 10]) }
            guard let end, let status = Int(String(decoding: bytes[9..<12], as: UTF8.self)) else {
                throw Failure(call: "recv")
            }
            self.status = status
            head = String(decoding: bytes[..<end], as: UTF8.self)
            content = Array(bytes[(end + 4)...])
        }

        var text: String { String(decoding: content, as: UTF8.self) }
    }

    private static func with(
        _ host: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
