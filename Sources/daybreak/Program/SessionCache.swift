import ComputeHost
import Dashboard
import Foundation
import LibvirtHost
import Logging
import ServiceCore

/// Where sessions are kept, as `CACHES` says; on this machine a memcached is started when none answers.
struct SessionCache: Sendable {
    let store: any SessionStore
    /// Something a person should know about it.
    let notes: [String]

    init(settings: Settings, directory: StateDirectory, clock: any WallClock) throws {
        let log = Logger(label: "daybreak.sessions")
        guard settings.cache.backend.isMemcached else {
            store = InMemorySessionStore(clock: clock)
            notes = []
            return
        }
        var servers: [String] = []
        var notes: [String] = []
        for location in settings.cache.locations {
            let place = CacheLocation(location, in: directory)
            let server = place.socketPath ?? place.text
            guard place.isLocal, !SocketProbe.answers(place.text) else {
                servers.append(server)
                continue
            }
            do throws(HostError) {
                servers.append(try PrivateMemcached(statePath: directory.path).start().description)
            } catch {
                notes.append("Nobody can sign in yet: no memcached answers at \(place.text): \(error.reason)")
                servers.append(server)
            }
        }
        store = try MemcachedSessionStore(servers: servers, logger: log)
        self.notes = notes
    }
}
