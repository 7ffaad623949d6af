import Synchronization

/// Counts the consoles that are open, so that one instance cannot have any number of them.
final class ConsoleSeats: Sendable {
    /// Of one instance at once.
    static let limit = 16

    /// A place in front of an instance; free again when it is let go.
    final class Seat: Sendable {
        private let seats: ConsoleSeats
        private let instanceID: String

        fileprivate init(_ seats: ConsoleSeats, _ instanceID: String) {
            self.seats = seats
            self.instanceID = instanceID
        }

        deinit { seats.leave(instanceID) }
    }

    private let taken = Mutex<[String: Int]>([:])

    /// Nil when all are taken.
    func take(_ instanceID: String) -> Seat? {
        let isFree = taken.withLock { taken in
            let count = taken[instanceID] ?? 0
            guard count < Self.limit else { return false }
            taken[instanceID] = count + 1
            return true
        }
        return isFree ? Seat(self, instanceID) : nil
    }

    private func leave(_ instanceID: String) {
        taken.withLock { taken in
            let count = (taken[instanceID] ?? 0) - 1
            taken[instanceID] = count > 0 ? count : nil
        }
    }
}
