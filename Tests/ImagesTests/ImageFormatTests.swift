import Testing

@testable import Images

struct ImageFormatTests {
    @Test(arguments: [
        ("debian.qcow2", ImageFormat.qcow2), ("DISK.IMG", .raw), ("a.b.vmdk", .vmdk), ("cd.iso", .iso),
        ("x.vhdx", .vhdx),
    ])
    func `the format is guessed from the ending`(name: String, format: ImageFormat) {
        #expect(ImageFormat.guess(fileName: name) == format)
    }

    @Test(arguments: ["disk", "disk.txt", ""])
    func `an ending that says nothing gives no guess`(name: String) {
        #expect(ImageFormat.guess(fileName: name) == nil)
    }

    @Test func `only disks can become disks`() {
        let launchable = ImageFormat.allCases.filter { $0.hostFormat != nil }
        #expect(launchable == [.iso, .qcow2, .raw, .vdi, .vhd, .vhdx, .vmdk, .ami])
        #expect(ImageFormat.ami.defaultContainer == "ami")
        #expect(ImageFormat.qcow2.defaultContainer == "bare")
    }
}
