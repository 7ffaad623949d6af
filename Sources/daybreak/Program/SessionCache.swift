import ComputeHost
import Dashboard
import Foundation
import LibvirtHost
import Logging
import ServiceCore

/// Where sessions are kept, as `CACHES` says. A memcached of our own takes the place of one on this machine that does
/// not answer.
struct SessionCache: Sendable {
    let store: any SessionStore
    /// Something a person should know about it.
    let notes: [String]
    /// The memcached that is ours to keep running, if any.
    private let own: PrivateMemcached?
    private static let log = Logger(label: "daybreak.sessions")

    init(settings: Settings, directory: StateDirectory, clock: any WallClock) throws {
        guard settings.cache.backend.isMemcached else {
            store = InMemorySessionStore(clock: clock)
            notes = []
            own = nil
            return
        }
        let memcached = PrivateMemcached(statePath: directory.path)
        var servers: [String] = []
        var notes: [String] = []
        var isOwn = false
        for location in settings.cache.locations {
            let place = CacheLocation(location, in: directory)
            let isInState = place.socketPath?.hasPrefix(directory.path + "/") == true
            if !place.isLocal || (!isInState && SocketProbe.answers(place.text)) {
                servers.append(place.socketPath ?? place.text)
                continue
            }
            isOwn = true
            do throws(HostError) {
                servers.append(try memcached.start().description)
            } catch {
                notes.append("Nobody can log in yet. No memcached answers at \(place.text): \(error.reason)")
                servers.append(place.socketPath ?? place.text)
            }
        }
        store = try MemcachedSessionStore(servers: servers, logger: Self.log)
        self.notes = notes
        own = isOwn ? memcached : nil
    }

    /// Starts our memcached again whenever it has gone. The thread ends with the program.
    func keepRunning() {
        guard let own else { return }
        Thread.detachNewThread {
            while true {
                Thread.sleep(forTimeInterval: 5)
                do throws(HostError) {
                    _ = try own.start()
                } catch {
                    Self.log.error("memcached cannot be started: \(error.reason)")
                }
            }
        }
    }
}
