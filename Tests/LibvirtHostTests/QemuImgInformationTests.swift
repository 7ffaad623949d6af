import ComputeHost
import Testing

@testable import LibvirtHost

struct QemuImgInformationTests {
    private func parse(_ json: String) throws -> QemuImgInformation { try .parse(Array(json.utf8)) }

    @Test func `an ordinary image leads nowhere else`() throws {
        let information = try parse(
            """
            {"virtual-size": 1073741824, "filename": "/i/a", "cluster-size": 65536, "format": "qcow2",
             "actual-size": 200704, "format-specific": {"type": "qcow2", "data": {"compat": "1.1"}}, "dirty-flag": false}
            """)
        #expect(information.virtualSize == 1 << 30)
        #expect(information.actualSize == 200_704)
        try information.refuseOtherFiles()
    }

    @Test(arguments: [
        #"{"virtual-size": 1, "filename": "/i/a", "format": "qcow2", "backing-filename": "/etc/shadow"}"#,
        #"{"virtual-size": 1, "filename": "/i/a", "format": "qcow2", "format-specific": {"type": "qcow2", "data": {"data-file": "/etc/shadow"}}}"#,
        #"{"virtual-size": 1, "filename": "/i/a", "format": "vmdk", "format-specific": {"type": "vmdk", "data": {"extents": [{"filename": "/etc/shadow"}]}}}"#,
    ])
    func `images that lead to other files are refused`(_ json: String) throws {
        let information = try parse(json)
        #expect(throws: HostError.self) { try information.refuseOtherFiles() }
    }

    @Test func `a vmdk whose data is its own is accepted`() throws {
        let json =
            #"{"virtual-size": 1, "filename": "/i/a", "format": "vmdk", "format-specific": {"type": "vmdk", "data": {"extents": [{"filename": "/i/a"}]}}}"#
        try parse(json).refuseOtherFiles()
    }

    @Test func `text that is not qemu-img's is an error`() {
        #expect(throws: HostError.self) { try parse("not JSON") }
        #expect(throws: HostError.self) { try parse("{}") }
    }
}
