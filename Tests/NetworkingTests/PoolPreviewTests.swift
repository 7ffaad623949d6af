import ServiceCore
import Testing

@testable import Networking

/// What would come of allocation pools, before they are saved.
@Suite struct PoolPreviewTests {
    let cloud: TestCloud
    let network: Network
    let subnet: Subnet

    init() throws {
        cloud = try TestCloud()
        (network, subnet) = try cloud.network(
            "10.0.0.0/24", pools: [PoolInput(start: "10.0.0.100", end: "10.0.0.109")])
    }

    private func preview(_ pools: String, gateway: GatewayInput? = nil) throws -> PoolPreview {
        var update = SubnetUpdate()
        update.allocationPools = PoolInput.lines(of: pools)
        update.gateway = gateway
        return try cloud.networking.previewAllocationPools(of: subnet.id, update, as: TestCloud.admin)
    }

    private func port(_ address: String, _ name: String = "") throws -> Port {
        var new = NewPort(networkID: network.id)
        new.name = name
        new.fixedIPs = [FixedIPInput(address: address)]
        return try cloud.networking.createPort(new, as: TestCloud.admin)
    }

    private func cells(_ preview: PoolPreview, _ condition: (AddressMap.Cell) -> Bool) -> [String] {
        preview.map?.cells.filter(condition).map(\.range.first.description) ?? []
    }

    @Test func `it names what is given out from now on, what no longer, and the ports that are left outside`() throws {
        let printer = try port("10.0.0.101", "printer")
        _ = try port("10.0.0.108")
        let preview = try preview("10.0.0.105,10.0.0.112\n10.0.0.20,10.0.0.21")
        #expect(preview.violations.isEmpty)
        #expect(preview.gained.map(\.description) == ["10.0.0.20-10.0.0.21", "10.0.0.110-10.0.0.112"])
        #expect(preview.lost.map(\.description) == ["10.0.0.100-10.0.0.104"])
        #expect(preview.before == AddressTally(pooled: 10, allocated: 2, outside: 0))
        #expect(preview.after == AddressTally(pooled: 10, allocated: 1, outside: 1))
        #expect(preview.outside.entries.map(\.address) == [ip("10.0.0.101")])
        #expect(preview.outside.entries.first?.holder.portID == printer.id)
        #expect(cells(preview) { $0.use == .allocatedOutsidePools } == ["10.0.0.101"])
        #expect(cells(preview, \.isGained).count == 5)
        #expect(cells(preview, \.isLost).count == 5)
    }

    @Test func `nothing is written, and no event is sent`() throws {
        let before = try cloud.networking.subnet(subnet.id, as: TestCloud.admin)
        _ = try preview("10.0.0.2,10.0.0.3")
        #expect(try cloud.networking.subnet(subnet.id, as: TestCloud.admin) == before)
    }

    @Test func `what breaks a rule is shown where it lies, and said as saving would say it`() throws {
        let pools =
            "10.0.0.10,10.0.0.20\n10.0.0.20,10.0.0.30\n10.0.0.250,10.0.1.9\n10.0.0.1,10.0.0.2\nx\n2001:db8::1,2001:db8::2"
        let preview = try preview(pools)
        let refusal = refusal {
            _ = try cloud.update(subnet) { $0.allocationPools = PoolInput.lines(of: pools) }
        }
        #expect(preview.violations == refusal?.violations)
        #expect(cells(preview) { $0.fault == "overlapping_pools" } == ["10.0.0.20"])
        #expect(cells(preview) { $0.fault == "gateway_in_pool" } == ["10.0.0.1"])
        #expect(cells(preview) { $0.fault == "pool_out_of_range" } == ["10.0.0.255"])
        // What lies beyond the subnet is counted for nothing.
        #expect(preview.after.pooled == 21 + 6 + 2)
    }

    @Test func `a gateway moved into the pools is at fault, wherever the pools come from`() throws {
        #expect(
            cells(try preview("10.0.0.40,10.0.0.60", gateway: .address("10.0.0.50"))) { $0.fault != nil } == [
                "10.0.0.50"
            ])
        var update = SubnetUpdate()
        update.gateway = .address("10.0.0.105")
        let kept = try cloud.networking.previewAllocationPools(of: subnet.id, update, as: TestCloud.admin)
        #expect(cells(kept) { $0.fault == "gateway_in_pool" } == ["10.0.0.105"])
        #expect(kept.violations.map(\.field) == ["gateway_ip"])
    }

    @Test func `the gateway's own port is not among those that are left outside`() throws {
        _ = try port("10.0.0.1", "router")
        #expect(try preview("10.0.0.40,10.0.0.60").outside.count == 0)
        #expect(try cloud.networking.addressesOutsidePools(of: subnet.id, as: TestCloud.admin).count == 0)
    }

    @Test func `a subnet that does not exist yet has a preview as well`() throws {
        var new = NewSubnet(name: "", cidr: "10.0.5.0/24")
        new.allocationPools = PoolInput.lines(of: "10.0.5.9,10.0.5.10")
        let preview = try cloud.networking.previewAllocationPools(of: new, on: network.id, as: TestCloud.admin)
        #expect(preview.before == nil)
        #expect(preview.after.pooled == 2)
        #expect(preview.map?.cells.filter { $0.use == .free }.count == 2)
        new.cidr = "10.0.0.128/25"
        let clash = try cloud.networking.previewAllocationPools(of: new, on: network.id, as: TestCloud.admin)
        #expect(clash.violations.contains { $0.code == "overlapping_cidr" })
        new.cidr = "nothing"
        let nothing = try cloud.networking.previewAllocationPools(of: new, on: nil, as: TestCloud.admin)
        #expect(nothing.map == nil)
        #expect(nothing.violations.contains { $0.field == "cidr" })
    }

    @Test func `only who may change a subnet may ask`() throws {
        let (_, shared) = try cloud.network(shared: true)
        let update = SubnetUpdate()
        func kind(_ id: ID<Subnet>, _ context: RequestContext) -> ServiceError.Kind? {
            refusal { _ = try cloud.networking.previewAllocationPools(of: id, update, as: context) }?.kind
        }
        #expect(kind(shared.id, TestCloud.bob) == .forbidden)
        #expect(kind(subnet.id, TestCloud.bob) == .notFound)
        let new = NewSubnet(name: "", cidr: "10.0.5.0/24")
        let other = refusal {
            _ = try cloud.networking.previewAllocationPools(of: new, on: network.id, as: TestCloud.bob)
        }
        #expect(other?.kind == .notFound)
    }
}
