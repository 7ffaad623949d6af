import ComputeHost
import Testing

struct QCOW2HeaderTests {
    /// Version 3, 1 GiB, no backing file.
    private static func header(_ changes: [Int: UInt8] = [:]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: QCOW2Header.length)
        bytes.replaceSubrange(0..<4, with: [0x51, 0x46, 0x49, 0xfb])
        bytes[7] = 3
        bytes[28] = 0x40
        for (index, value) in changes { bytes[index] = value }
        return bytes
    }

    @Test func `the virtual size is read`() throws {
        #expect(try QCOW2Header(Self.header()).virtualSize == 1 << 30)
    }

    @Test(arguments: [
        (15, 0x68, "backing file"), (79, 0b100, "another file"), (7, 9, "version 9"), (0, 0, "not a qcow2"),
        (24, 0xff, "size"), (35, 1, "encrypted"),
    ])
    func `headers that lead elsewhere or nowhere are refused`(_ change: (Int, UInt8, String)) {
        let error = #expect(throws: HostError.self) { try QCOW2Header(Self.header([change.0: change.1])) }
        #expect(error?.reason.contains(change.2) == true)
    }

    @Test func `a file cut short is refused`() {
        #expect(throws: HostError.self) { try QCOW2Header(Array(Self.header().prefix(40))) }
        #expect(throws: HostError.self) { try QCOW2Header([]) }
    }
}
