import Database
import ServiceCore

/// One row of `ipallocations`.
struct Allocation {
    let portID: ID<Port>
    let address: IPAddress
    let subnetID: ID<Subnet>
}

/// The only SQL for `ipallocations` and `ipallocation_keys`.
struct AllocationStore {
    func insert(
        _ allocation: Allocation, network networkID: ID<Network>, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO ipallocations (port_id, ip_address, subnet_id, network_id)
            VALUES (\(allocation.portID), \(allocation.address), \(allocation.subnetID), \(networkID))
            """)
        try transaction.execute(
            """
            INSERT INTO ipallocation_keys (subnet_id, address_key, network_id, ip_address)
            VALUES (\(allocation.subnetID), \(allocation.address.key), \(networkID), \(allocation.address))
            """)
    }

    /// The key goes with it.
    func delete(_ address: IPAddress, network networkID: ID<Network>, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "DELETE FROM ipallocations WHERE network_id = \(networkID) AND ip_address = \(address)")
    }

    func isAllocated(
        _ address: IPAddress, network networkID: ID<Network>, in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.value(
            """
            SELECT EXISTS (SELECT 1 FROM ipallocations WHERE network_id = \(networkID) AND ip_address = \(address))
            """) ?? false
    }

    func list(ofPort portID: ID<Port>, in transaction: borrowing Transaction) throws -> [Allocation] {
        try transaction.map(
            "SELECT port_id, ip_address, subnet_id FROM ipallocations WHERE port_id = \(portID)", Self.allocation)
    }

    /// How many addresses are allocated in each subnet of a network.
    /// How many addresses of each subnet of some networks are taken.
    func counts(
        ofNetworks networkIDs: [ID<Network>], in transaction: borrowing Transaction
    ) throws -> [ID<Subnet>: Int] {
        let rows = try transaction.map(
            """
            SELECT subnet_id, count(*) FROM ipallocations WHERE network_id IN (\(list: networkIDs)) GROUP BY subnet_id
            """
        ) { row in (try row[0] as ID<Subnet>, try row[1] as Int) }
        return Dictionary(rows) { first, _ in first }
    }

    func counts(
        ofNetwork networkID: ID<Network>, in transaction: borrowing Transaction
    ) throws -> [ID<Subnet>: Int] {
        let rows = try transaction.map(
            """
            SELECT subnet_id, count(*) FROM ipallocations WHERE network_id = \(networkID) GROUP BY subnet_id
            """
        ) { row in (try row[0] as ID<Subnet>, try row[1] as Int) }
        return Dictionary(rows) { first, _ in first }
    }

    func count(
        in range: AddressRange, of subnetID: ID<Subnet>, in transaction: borrowing Transaction
    ) throws -> Int {
        try transaction.value(
            """
            SELECT count(*) FROM ipallocation_keys
            WHERE subnet_id = \(subnetID) AND address_key BETWEEN \(range.first.key) AND \(range.last.key)
            """) ?? 0
    }

    /// Addresses and whose they are, lowest first, at most `limit`.
    func holders(
        in range: AddressRange, of subnetID: ID<Subnet>, limit: Int, in transaction: borrowing Transaction
    ) throws -> [AddressesOutsidePools.Entry] {
        try transaction.map(
            """
            SELECT k.ip_address, p.id, p.name, p.device_owner, p.device_id
            FROM ipallocation_keys k
                JOIN ipallocations a ON a.network_id = k.network_id AND a.ip_address = k.ip_address
                JOIN ports p ON p.id = a.port_id
            WHERE k.subnet_id = \(subnetID) AND k.address_key BETWEEN \(range.first.key) AND \(range.last.key)
            ORDER BY k.address_key LIMIT \(limit)
            """
        ) { row in
            let holder = AddressMap.Holder(
                portID: try row[1], portName: try row[2], deviceOwner: try row[3], deviceID: try row[4])
            return AddressesOutsidePools.Entry(address: try row[0], holder: holder)
        }
    }

    private static func allocation(_ row: Row) throws -> Allocation {
        Allocation(portID: try row[0], address: try row[1], subnetID: try row[2])
    }
}
