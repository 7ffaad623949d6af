import ComputeHost
import Logging
import Synchronization

extension LinuxBridgeNetworks {
    func removeUnused(keepingNetworks: Set<String>, routers kept: Set<String>) throws(HostError) {
        try state.withLock { applied throws(HostError) in
            try routers.removeUnused(keeping: kept)
            for id in FileSystem.names(in: configuration.directory)
            where InstanceID.isValid(id) && !keepingNetworks.contains(id) {
                log.notice("a network without a row is removed", metadata: ["network": "\(id)"])
                try takeAway(id)
                applied[id] = nil
            }
            // Bridges whose directory somebody removed.
            let bridges = Set(keepingNetworks.map { NetworkSpec(networkID: $0, subnets: []).bridgeName })
            let links = try host.links()
            for link in links.all
            where link.kind == "bridge" && link.alias == mark && !bridges.contains(link.name) {
                log.notice("a bridge without a network is removed", metadata: ["bridge": "\(link.name)"])
                try host.change(plan.removal(ofBridge: link.name, in: links))
            }
        }
    }
}
