/// One value as SQLite stores it.
@frozen public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// A type that can be bound in a statement and read from a row.
///
/// Enumerations with raw values conform by saying so: `enum Status: String, DatabaseValue`.
public protocol DatabaseValue: Sendable {
    /// The value to bind.
    var databaseValue: SQLValue { get }
    /// Reads a stored value; nil when it is of another type or not one of the known cases.
    init?(databaseValue: SQLValue)
}

extension DatabaseValue where Self: RawRepresentable, RawValue: DatabaseValue {
    @inlinable public var databaseValue: SQLValue { rawValue.databaseValue }

    @inlinable public init?(databaseValue: SQLValue) {
        guard let rawValue = RawValue(databaseValue: databaseValue) else { return nil }
        self.init(rawValue: rawValue)
    }
}

extension Optional: DatabaseValue where Wrapped: DatabaseValue {
    @inlinable public var databaseValue: SQLValue { self?.databaseValue ?? .null }

    @inlinable public init?(databaseValue: SQLValue) {
        if case .null = databaseValue {
            self = .none
        } else if let wrapped = Wrapped(databaseValue: databaseValue) {
            self = .some(wrapped)
        } else {
            return nil
        }
    }
}

extension String: DatabaseValue {
    @inlinable public var databaseValue: SQLValue { .text(self) }

    @inlinable public init?(databaseValue: SQLValue) {
        guard case .text(let text) = databaseValue else { return nil }
        self = text
    }
}

extension Int64: DatabaseValue {
    @inlinable public var databaseValue: SQLValue { .integer(self) }

    @inlinable public init?(databaseValue: SQLValue) {
        guard case .integer(let number) = databaseValue else { return nil }
        self = number
    }
}

extension Int: DatabaseValue {
    @inlinable public var databaseValue: SQLValue { .integer(Int64(self)) }

    @inlinable public init?(databaseValue: SQLValue) {
        guard case .integer(let number) = databaseValue else { return nil }
        self.init(exactly: number)
    }
}

extension Double: DatabaseValue {
    @inlinable public var databaseValue: SQLValue { .real(self) }

    @inlinable public init?(databaseValue: SQLValue) {
        switch databaseValue {
        case .real(let number): self = number
        case .integer(let number): self = Double(number)
        default: return nil
        }
    }
}

extension Bool: DatabaseValue {
    @inlinable public var databaseValue: SQLValue { .integer(self ? 1 : 0) }

    @inlinable public init?(databaseValue: SQLValue) {
        switch databaseValue {
        case .integer(0): self = false
        case .integer(1): self = true
        default: return nil
        }
    }
}

extension [UInt8]: DatabaseValue {
    @inlinable public var databaseValue: SQLValue { .blob(self) }

    @inlinable public init?(databaseValue: SQLValue) {
        guard case .blob(let bytes) = databaseValue else { return nil }
        self = bytes
    }
}
