/// A guest's screen as a server of the Remote Framebuffer protocol (RFC 6143), as small as one can be: one security
/// type, one encoding. It shows coloured bars, and a white square for each key that was pressed.
struct SimulatedDisplay {
    private struct Rectangle {
        let x, y, width, height: Int

        static let screen = Rectangle(x: 0, y: 0, width: SimulatedDisplay.width, height: SimulatedDisplay.height)
    }

    /// How the client wants its pixels (section 7.4): 32 bits each, and where in them the colours are.
    private struct PixelFormat {
        var red = 16
        var green = 8
        var blue = 0

        func append(_ color: UInt32, to bytes: inout [UInt8]) {
            // The bits that are of no colour are set: noVNC 1.3 takes some of them for how opaque the pixel is.
            let unused = ~(0xFF << red | 0xFF << green | 0xFF << blue) as UInt32
            let value = (color >> 16 & 0xFF) << red | (color >> 8 & 0xFF) << green | (color & 0xFF) << blue | unused
            for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
        }
    }

    private static let (width, height, square) = (320, 200, 16)
    private static let bars: [UInt32] = [
        0x1B2A49, 0x33415C, 0x5C677D, 0x7D8597, 0xF4A259, 0xF28482, 0x84A59D, 0x1B2A49,
    ]

    private let connection: SimulatedConnection
    private let name: String
    private var format = PixelFormat()
    private var pressed = 0
    private var changed: [Rectangle] = []
    private var isAsked = false

    init(_ connection: SimulatedConnection, name: String) {
        self.connection = connection
        self.name = name
    }

    /// Answers until the connection ends.
    func serve() {
        var display = self
        guard display.greet() else { return }
        while display.answer() {}
        connection.end()
    }

    /// Sections 7.1 to 7.3: version 3.8, no authentication, the size of the screen.
    private func greet() -> Bool {
        guard connection.write(Array("RFB 003.008\n".utf8)), connection.read(12) != nil, connection.write([1, 1]),
            connection.read(1) == [1], connection.write([0, 0, 0, 0]), connection.read(1) != nil
        else { return false }
        let format: [UInt8] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]
        let title = Array(name.utf8)
        return connection.write(
            Self.number(Self.width) + Self.number(Self.height) + format + [0, 0] + Self.number(title.count)
                + title)
    }

    /// Takes one message of the client (section 7.5). False when the connection has ended, or what comes is none.
    private mutating func answer() -> Bool {
        switch connection.read(1)?.first {
        case 0:
            guard let message = connection.read(19) else { return false }
            format = PixelFormat(red: Int(message[13]) & 31, green: Int(message[14]) & 31, blue: Int(message[15]) & 31)
        case 2:
            guard let head = connection.read(3), connection.read(4 * Self.number(head[1...])) != nil else {
                return false
            }
        case 3:
            guard let message = connection.read(9) else { return false }
            if message[0] == 0 { changed = [.screen] }
            isAsked = true
        case 4:
            guard let message = connection.read(7) else { return false }
            if message[0] == 1 { press() }
        case 5:
            guard connection.read(5) != nil else { return false }
        case 6:
            guard let head = connection.read(7), Self.number(head[3...]) <= 1 << 20,
                connection.read(Self.number(head[3...])) != nil
            else { return false }
        default: return false
        }
        return update()
    }

    private mutating func press() {
        changed.append(place(of: pressed))
        pressed += 1
    }

    /// Where the square of a key is; after the last place comes the first.
    private func place(of key: Int) -> Rectangle {
        let columns = Self.width / (2 * Self.square)
        let rows = Self.height / (2 * Self.square)
        let place = key % (columns * rows)
        return Rectangle(
            x: place % columns * 2 * Self.square, y: place / columns * 2 * Self.square, width: Self.square,
            height: Self.square)
    }

    /// Sends what changed, once it was asked for (section 7.6.1), as raw pixels.
    private mutating func update() -> Bool {
        guard isAsked, !changed.isEmpty else { return true }
        var message: [UInt8] = [0, 0] + Self.number(changed.count)
        for rectangle in changed {
            for value in [rectangle.x, rectangle.y, rectangle.width, rectangle.height] {
                message += Self.number(value)
            }
            message += [0, 0, 0, 0]
            for y in rectangle.y..<rectangle.y + rectangle.height {
                for x in rectangle.x..<rectangle.x + rectangle.width {
                    format.append(color(x, y), to: &message)
                }
            }
        }
        changed = []
        isAsked = false
        return connection.write(message)
    }

    private func color(_ x: Int, _ y: Int) -> UInt32 {
        let (column, row) = (x / Self.square, y / Self.square)
        let columns = Self.width / (2 * Self.square)
        let isPlace = column % 2 == 0 && row % 2 == 0
        if isPlace, row / 2 * columns + column / 2 < pressed { return 0xFFFFFF }
        return Self.bars[x * Self.bars.count / Self.width]
    }

    /// Two bytes, most significant first.
    private static func number(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
