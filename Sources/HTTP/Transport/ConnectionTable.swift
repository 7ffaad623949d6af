/// The connections of one loop by descriptor. Descriptors are small numbers that the kernel gives out again, lowest
/// first: an array of places is the table.
struct ConnectionTable {
    private var places: [Connection?] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Every connection; a copy, so that they may leave meanwhile.
    var all: [Connection] { places.compactMap { $0 } }

    /// The connection of this descriptor, unless that one is gone and the descriptor another's.
    subscript(reference: Connection.Reference) -> Connection? {
        let place = Int(reference.descriptor)
        guard place < places.count, let connection = places[place], connection.serial == reference.serial else {
            return nil
        }
        return connection
    }

    mutating func insert(_ connection: Connection) {
        let place = Int(connection.socket.descriptor)
        while places.count <= place { places.append(nil) }
        places[place] = connection
        count += 1
    }

    mutating func remove(_ connection: Connection) {
        places[Int(connection.socket.descriptor)] = nil
        count -= 1
    }
}
