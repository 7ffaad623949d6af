import Database
import ServiceCore

extension NetworkingService {
    /// Makes, once in the life of a database, the network the tutorials begin with, so that an instance can be
    /// launched at once: `provider`, shared, with the subnet 192.168.56.0/24 and the pool .100 to .200. Somebody who
    /// deletes it has deleted it.
    /// - Parameter ownerProjectID: the administrators' project.
    /// - Throws: `ServiceError`.
    public func seed(ownerProjectID: String) throws {
        let seedStore = SeedStore()
        guard try read({ try !seedStore.isSeeded(Self.seededName, in: $0) }) else { return }
        var network = NewNetwork(name: Self.seededName)
        network.description = "The network every project may use."
        network.shared = true
        network.projectID = ownerProjectID
        var subnet = NewSubnet(name: Self.seededName, cidr: "192.168.56.0/24")
        subnet.gateway = .address("192.168.56.2")
        subnet.allocationPools = [PoolInput(start: "192.168.56.100", end: "192.168.56.200")]
        let (checked, content) = try checkedNetwork(network, subnet, projectID: ownerProjectID)
        try write { transaction in
            guard try !seedStore.isSeeded(Self.seededName, in: transaction) else { return }
            try storeNetwork(checked, content, .system("seed"), transaction)
            try seedStore.record(Self.seededName, checked.id, at: clock.now(), in: transaction)
        }
    }

    private static let seededName = "provider"
}
