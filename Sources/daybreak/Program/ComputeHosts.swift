import ComputeHost
import Foundation
import LibvirtHost
import Synchronization

/// The compute hosts of the settings: the only one, in the state directory itself, or those of COMPUTE_HOSTS, each in a
/// folder of its own.
struct ComputeHosts: Sendable {
    /// In the order of the settings; at least one.
    let all: [LocalHost]

    var directory: HostDirectory {
        HostDirectory(all.map { ($0.services.hypervisor.identity.hostname, $0.services) })
    }

    /// Opens all at once: the first start of a libvirtd takes seconds.
    /// - Throws: `HostError` when a host's folder cannot be written, or the settings insist on bridges that cannot be.
    init(settings: Settings, directory: StateDirectory) throws {
        let configurations = Self.configurations(settings, directory)
        let networks = try HostNetworks(settings.hostNetworks.configuration(statePath: directory.path))
        let opened = Mutex<[Int: Result<LocalHost, HostError>]>([:])
        DispatchQueue.concurrentPerform(iterations: configurations.count) { index in
            let result = Result { () throws(HostError) in
                try LocalHost.open(configurations[index], networks: networks)
            }
            opened.withLock { $0[index] = result }
        }
        let results = opened.withLock { $0 }
        all = try configurations.indices.compactMap { try results[$0]?.get() }
    }

    static func configurations(_ settings: Settings, _ directory: StateDirectory) -> [LibvirtConfiguration] {
        let namespace = settings.hostNetworks.namespace.isEmpty ? nil : settings.hostNetworks.namespace
        guard !settings.computeHosts.isEmpty else {
            var configuration = LibvirtConfiguration(uri: settings.libvirtURI, statePath: directory.path)
            configuration.namespace = namespace
            return [configuration]
        }
        return settings.computeHosts.map { host in
            var configuration = LibvirtConfiguration(
                uri: host.uri, statePath: directory.folder(of: host), imagesDirectory: directory.images,
                hostname: host.name)
            configuration.simulatesFailing = false
            configuration.namespace = namespace
            return configuration
        }
    }

    /// What is said of them to the person who starts the program.
    var lines: [String] {
        all.map { host in
            let name = all.count > 1 ? " of \(host.services.hypervisor.identity.hostname)" : ""
            return "hypervisor\(name): \(host.choice.domainType). \(host.choice.reason)"
        } + Set(all.map(\.networkChoice.reason)).sorted().map { "networks: " + $0 }
    }

    /// Whether guests of every host are on their networks.
    var haveBridges: Bool { all.allSatisfy(\.networkChoice.abilities.bridges) }

    /// What stands in the way of that, each once.
    var missingForBridges: [String] {
        var missing: [String] = []
        for reason in all.flatMap(\.networkChoice.abilities.missing) where !missing.contains(reason) {
            missing.append(reason)
        }
        return missing
    }

    /// Why the first host that only pretends does so.
    var simulatedReason: String {
        all.first { $0.services.hypervisor.identity.isSimulated }?.choice.reason ?? ""
    }

    /// Closes the connections. Guests run on.
    func close() {
        for host in all { host.close() }
    }
}
