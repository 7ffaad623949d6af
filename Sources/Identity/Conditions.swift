import Database

extension SQL {
    /// `WHERE` with all the conditions there are; empty without any, so that a listing of everything has none.
    static func matching(_ conditions: SQL?...) -> SQL {
        let wanted = conditions.compactMap { $0 }
        guard let first = wanted.first else { return "" }
        return wanted.dropFirst().reduce("WHERE " + first) { $0 + " AND " + $1 }
    }
}
