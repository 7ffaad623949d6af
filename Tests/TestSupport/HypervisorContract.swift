public import ComputeHost
import Glibc
import Synchronization

/// What every hypervisor must do, whoever stands behind it: one list, run against the in-memory host, libvirt's test
/// driver and real guests. A stand-in that drifts from the real thing fails here.
public struct HypervisorContract: Sendable, CustomStringConvertible {
    /// The expectation in the words of a sentence.
    public let description: String
    private let body: @Sendable (HypervisorUnderTest) throws -> Void

    /// A further expectation, in the words of a sentence.
    public init(_ description: String, _ body: @escaping @Sendable (HypervisorUnderTest) throws -> Void) {
        self.description = description
        self.body = body
    }

    /// Runs the expectation, and removes what it made however it ends.
    public func check(_ subject: HypervisorUnderTest) throws {
        defer { subject.cleanUp() }
        try body(subject)
    }
}

/// An expectation that was not met.
public struct ContractBreach: Error, CustomStringConvertible {
    /// What was expected and what was found.
    public let description: String
}

/// A hypervisor, and how to make instances for it.
public final class HypervisorUnderTest: Sendable {
    /// What the expectations are run against.
    public let hypervisor: any Hypervisor
    private let prepareDisk: @Sendable (String) throws -> Void
    private let removeFiles: @Sendable (String) throws -> Void
    private let made = Mutex<[String]>([])
    private static let lastNumber = Atomic<Int>(Int(getpid()) << 8)

    /// - Parameters:
    ///   - prepareDisk: creates the disk of an instance; libvirt's test driver needs none.
    ///   - removeFiles: removes an instance's files.
    public init(
        _ hypervisor: any Hypervisor, prepareDisk: @escaping @Sendable (String) throws -> Void = { _ in },
        removeFiles: @escaping @Sendable (String) throws -> Void = { _ in }
    ) {
        self.hypervisor = hypervisor
        self.prepareDisk = prepareDisk
        self.removeFiles = removeFiles
    }

    /// A specification of an instance that nobody else uses, with its disk in place.
    public func makeSpec(name: String = "contract", memoryMiB: Int = 80) throws -> DomainSpec {
        let number = Self.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue & 0x7fff_ffff
        let digits = String(number, radix: 16)
        let last = String(repeating: "0", count: 12 - digits.count) + digits
        let instanceID = "00000000-0000-4000-8000-\(last)"
        made.withLock { $0.append(instanceID) }
        try prepareDisk(instanceID)
        let mac = "fa:16:3e:00:\(last.suffix(4).prefix(2)):\(last.suffix(2))"
        let port = InterfaceSpec(
            portID: "6a790b22-2900-4000-8000-\(last)", networkID: "33b9ef50-354b-4000-8000-\(last)", macAddress: mac,
            fixedIPs: [
                FixedAddress(subnetID: "s", address: "192.168.56.108", prefixLength: 24, gateway: "192.168.56.1")
            ])
        return DomainSpec(
            instanceID: instanceID, number: number, name: name, vcpus: 1, memoryMiB: memoryMiB, diskGiB: 1,
            flavorName: "m1.small", imageID: "image", imageName: "image", projectID: "p", projectName: "admin",
            userID: "u", userName: "admin", createdAt: 1_486_436_076_000, interfaces: [port])
    }

    /// Undefines what was made and removes its files.
    public func cleanUp() {
        for instanceID in made.withLock({ $0 }) {
            try? hypervisor.undefine(instanceID)
            try? removeFiles(instanceID)
        }
    }
}

/// Throws a breach unless `condition` holds.
public func expect(_ condition: Bool, _ sentence: @autoclosure () -> String) throws {
    if !condition { throw ContractBreach(description: sentence()) }
}

/// Throws a breach unless `body` throws a `HostError` that `isRight` accepts.
func expectError(_ sentence: String, _ isRight: (HostError) -> Bool, _ body: () throws(HostError) -> Void) throws {
    do {
        try body()
    } catch {
        return try expect(isRight(error), "\(sentence): got \(error)")
    }
    throw ContractBreach(description: "\(sentence): nothing was thrown")
}

/// Waits until `condition` holds; events come on another thread.
public func eventually(_ sentence: String, seconds: Int = 10, _ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
        try expect(ContinuousClock.now < deadline, "\(sentence): not within \(seconds) s")
        usleep(20_000)
    }
}
