import Database
import ServiceCore
import Synchronization
import Testing

struct EventBusTests {
    private let bus = EventBus()
    private let event = ResourceEvent(kind: "network", id: "n", projectID: "p", what: .created)

    @Test func `an event is told after its commit, and not after a rollback`() throws {
        struct Refusal: Error {}
        let database = try DatabasePool.temporary()
        let told = Mutex<[ResourceEvent]>([])
        let subscription = bus.subscribe { event in told.withLock { $0.append(event) } }
        defer { subscription.cancel() }
        #expect(throws: Refusal.self) {
            try database.write { transaction in
                bus.publish(event, in: transaction)
                throw Refusal()
            }
        }
        #expect(told.withLock { $0 }.isEmpty)
        try database.write { transaction in
            bus.publish(event, in: transaction)
            #expect(told.withLock { $0 }.isEmpty)
        }
        #expect(told.withLock { $0 } == [event])
    }

    @Test func `a cancelled or forgotten subscription is told nothing`() {
        let told = Mutex(0)
        let cancelled = bus.subscribe { _ in told.withLock { $0 += 1 } }
        cancelled.cancel()
        cancelled.cancel()
        _ = bus.subscribe { _ in told.withLock { $0 += 1 } }
        let kept = bus.subscribe { _ in told.withLock { $0 += 10 } }
        bus.publish(event)
        #expect(told.withLock { $0 } == 10)
        kept.cancel()
    }

    @Test func `a sink may subscribe and cancel`() {
        let subscriptions = Mutex<[Subscription]>([])
        let subscription = bus.subscribe { [bus] _ in
            let more = bus.subscribe { _ in }
            subscriptions.withLock { $0.append(more) }
        }
        bus.publish(event)
        bus.publish(event)
        #expect(subscriptions.withLock { $0 }.count == 2)
        subscription.cancel()
    }
}
