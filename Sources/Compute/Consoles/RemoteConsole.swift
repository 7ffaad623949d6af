import ComputeHost
public import ServiceCore

/// A way to look at a guest, by nova's names (Compute API, "Create Remote Console").
public enum ConsoleType: String, Hashable, Sendable, CaseIterable {
    /// The screen, keyboard and mouse, for noVNC.
    case novnc
    /// The first serial port.
    case serial

    /// nova's `protocol`, which goes with each type.
    public var protocolName: String {
        switch self {
        case .novnc: "vnc"
        case .serial: "serial"
        }
    }
}

/// The right to open a console once, within ten minutes.
public struct RemoteConsole: Sendable {
    /// Which console.
    public let type: ConsoleType
    /// The secret that opens it. It is shown now and not kept.
    public let token: String
    /// When it is worth nothing any more.
    public let expiresAt: Timestamp
}

/// A console that was opened with a token. Its seat is free again when this is let go.
public final class OpenConsole: Sendable {
    /// Which console of whose instance, and who looks at it.
    public let grant: ConsoleGrant
    /// The connection to the guest.
    let socket: ConsoleSocket
    private let seat: ConsoleSeats.Seat

    init(grant: ConsoleGrant, socket: ConsoleSocket, seat: ConsoleSeats.Seat) {
        self.grant = grant
        self.socket = socket
        self.seat = seat
    }

    /// Hands over the connection to the guest, a connected stream socket: the caller closes it. -1 the second time.
    public func takeDescriptor() -> Int32 { socket.takeDescriptor() }
}

/// What a token stands for.
public struct ConsoleGrant: Hashable, Sendable {
    /// Which console.
    public let type: ConsoleType
    /// Of which instance.
    public let instanceID: ID<Instance>
    /// Who asked for it.
    public let userID: String
    /// In which project; nil for a context without one.
    public let projectID: String?
    /// Whether it holds only as long as the session it was asked for in.
    public let isOfSession: Bool
}
