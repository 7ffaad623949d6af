import Glibc

/// A system call that failed.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call: "bind", "open".
    public let call: String
    /// The errno it left.
    public let code: Int32

    /// For people: "bind: Address already in use".
    public var description: String {
        "\(call): \(String(cString: strerror(code)))"
    }

    /// Whether there were too few descriptors or too little memory: it may work again in a moment.
    var isShortage: Bool { [EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(code) }

    /// The error the calling thread's last system call left. To be read before anything else can change errno.
    static func last(_ call: String) -> SystemError {
        SystemError(call: call, code: errno)
    }
}
