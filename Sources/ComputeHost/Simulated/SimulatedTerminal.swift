/// A login prompt on a serial port behind which nobody is.
struct SimulatedTerminal: Sendable {
    private let connection: SimulatedConnection
    private let hostname: String
    /// Takes what the guest writes.
    private let log: @Sendable ([UInt8]) -> Void

    init(_ connection: SimulatedConnection, hostname: String, log: @escaping @Sendable ([UInt8]) -> Void) {
        self.connection = connection
        self.hostname = hostname
        self.log = log
    }

    /// Answers until the connection ends.
    func serve() {
        var isOpen = say("\r\n\(hostname) login: ")
        while isOpen, let byte = connection.read(1)?.first {
            switch byte {
            case UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                isOpen = say("\r\n(simulated) Login incorrect\r\n\(hostname) login: ")
            case 0x7F, 0x08: isOpen = say("\u{8} \u{8}")
            default: isOpen = say([byte])
            }
        }
    }

    private func say(_ text: String) -> Bool { say(Array(text.utf8)) }

    private func say(_ bytes: [UInt8]) -> Bool {
        log(bytes)
        return connection.write(bytes)
    }
}
