import Compute
import ServiceCore
import Synchronization

/// The rows of lists of servers as they were last written. A list asks which instances have changed since it looked
/// last, and writes those anew: what it costs follows what has happened, not how many instances there are.
final class ServerRows: Sendable {
    /// What a row depends on beside its instance.
    struct View: Hashable {
        /// The microversion.
        let version: Microversion
        /// Whether the reader is told where instances are.
        let seesHosts: Bool
        /// What links begin with.
        let base: String
    }

    /// A row, and what in it changes with time alone.
    struct Row {
        let json: [UInt8]
        let host: String?
        let hostStatus: String
    }

    /// The most bytes that are kept; a row has about two thousand.
    private let capacity: Int
    private let kept = Mutex(Kept())

    init(capacity: Int = 16 << 20) {
        self.capacity = capacity
    }

    /// Up to which version changes have been heeded.
    var version: Int64 { kept.withLock { $0.version } }

    /// Forgets the rows of what has changed.
    func heed(_ changes: RecentChanges) {
        kept.withLock { $0.heed(changes) }
    }

    /// A row for each instance, as far as it is kept.
    func rows(of ids: [ID<Instance>], as view: View) -> [Row?] {
        kept.withLock { $0.rows(of: ids, as: view) }
    }

    /// Keeps rows that were read after the changes up to a version.
    func keep(_ rows: [ID<Instance>: Row], as view: View, at version: Int64) {
        kept.withLock { $0.keep(rows, as: view, at: version, capacity: capacity) }
    }
}

private struct Kept {
    /// Lists are mostly asked for by few kinds of readers; those least lately asked for give way.
    private static let most = 8

    private(set) var version: Int64 = 0
    /// The last change of what has changed since `floor`: another list may have read an instance before the change and
    /// keep it after.
    private var changed: [String: Int64] = [:]
    private var floor: Int64 = 0
    private var views: [ServerRows.View: [ID<Instance>: ServerRows.Row]] = [:]
    /// The views, least lately used first.
    private var order: [ServerRows.View] = []
    private var size = 0

    mutating func heed(_ changes: RecentChanges) {
        guard changes.version > version else { return }
        version = changes.version
        guard let resources = changes.resources, changed.count + resources.count < 4096 else {
            forgetAll()
            return
        }
        for (id, change) in resources {
            changed[id] = max(change, changed[id] ?? 0)
            for view in order { size -= views[view]?.removeValue(forKey: ID(id))?.json.count ?? 0 }
        }
    }

    mutating func rows(of ids: [ID<Instance>], as view: ServerRows.View) -> [ServerRows.Row?] {
        guard let rows = views[view] else { return ids.map { _ in nil } }
        use(view)
        return ids.map { rows[$0] }
    }

    mutating func keep(
        _ rows: [ID<Instance>: ServerRows.Row], as view: ServerRows.View, at read: Int64, capacity: Int
    ) {
        guard read >= floor else { return }
        use(view)
        for (id, row) in rows where (changed[id.text] ?? 0) <= read {
            let old = views[view, default: [:]].updateValue(row, forKey: id)
            size += row.json.count - (old?.json.count ?? 0)
        }
        while order.count > Self.most || size > capacity, !order.isEmpty { forget(order[0]) }
    }

    private mutating func use(_ view: ServerRows.View) {
        if let place = order.firstIndex(of: view) { order.remove(at: place) }
        order.append(view)
    }

    private mutating func forget(_ view: ServerRows.View) {
        order.removeAll { $0 == view }
        size -= views.removeValue(forKey: view)?.values.reduce(0) { $0 + $1.json.count } ?? 0
    }

    private mutating func forgetAll() {
        (views, order, size) = ([:], [], 0)
        (changed, floor) = ([:], version)
    }
}
