import ComputeHost
import Foundation
import Markup
import Testing

@testable import LibvirtHost

struct DomainXMLTests {
    static let spec = DomainSpec(
        instanceID: "00000000-0000-4000-8000-000000000003", number: 3, name: "test-<1> & \"2\"", vcpus: 2,
        memoryMiB: 128, diskGiB: 1, flavorName: "m1.micro", imageID: "5c242396-3c7b-4bc6-bec1-3df8eb57d53d",
        imageName: "cirros", projectID: "p1", projectName: "admin", userID: "u1", userName: "admin",
        createdAt: 1_486_436_076_000,
        interfaces: [
            InterfaceSpec(
                portID: "6a790b22-2900-4000-8000-000000000001", networkID: "33b9ef50-354b-4000-8000-000000000001",
                macAddress: "fa:16:3e:1a:06:90",
                fixedIPs: [
                    FixedAddress(
                        subnetID: "s", address: "192.168.56.108", prefixLength: 24, gateway: "192.168.56.2")
                ])
        ], configDrive: true, generation: 7)

    private func document(_ type: String, _ spec: DomainSpec) throws -> String {
        try DomainXML(
            domainType: type, owner: "11111111-1111-4111-8111-111111111111",
            files: InstanceFiles(root: "/var/lib/daybreak/instances")
        ).document(for: DefinedDomain(spec))
    }

    private func expectGolden(_ text: String, _ name: String) throws {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "xml", subdirectory: "Golden"))
        let golden = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        #expect(text == golden)
    }

    @Test func `an emulated guest with a user-mode network`() throws {
        try expectGolden(document("qemu", Self.spec), "qemu-user")
    }

    @Test func `a guest that is rescued`() throws {
        var spec = Self.spec
        spec.rescueImageID = "6c242396-3c7b-4bc6-bec1-3df8eb57d53d"
        try expectGolden(document("qemu", spec), "rescue")
    }

    @Test(arguments: [
        "</nova:name><evil/>", "a\" b='c' & <d>", "]]>", "&lt;", "<!DOCTYPE x>", "<?x?>", "line\nbreak\ttab",
        "名前 \u{1F600}", "\u{202E}evil", "",
    ])
    func `whatever people call things, the definition stays what it is`(_ name: String) throws {
        var spec = Self.spec
        (spec.name, spec.flavorName, spec.imageName) = (name, name, name)
        (spec.projectName, spec.userName, spec.projectID, spec.userID, spec.imageID) = (name, name, name, name, name)
        let namespaces = ["n": DomainXML.novaNamespace]
        let parsed = try XMLDocument(parsing: try document("qemu", spec))
        #expect(parsed.xpath("//n:name", namespaces: namespaces).map(\.text) == [name])
        #expect(parsed.xpath("//n:owner/n:user", namespaces: namespaces).map(\.text) == [name])
        #expect(parsed.xpath("//n:owner/n:project", namespaces: namespaces).map(\.text) == [name])
        let attributes = [("//n:flavor", "name"), ("//n:owner/n:user", "uuid"), ("//n:root", "uuid")]
        for (path, attribute) in attributes {
            #expect(parsed.xpath(path, namespaces: namespaces).map { $0.attribute(attribute) } == [name])
        }
        let plain = try XMLDocument(parsing: try document("qemu", Self.spec))
        #expect(parsed.xpath("//*").map(\.name) == plain.xpath("//*").map(\.name))
    }

    @Test func `characters that no document may hold are shown as such`() throws {
        var spec = Self.spec
        spec.name = "a\u{0}b\u{1}c\u{FFFE}d"
        let parsed = try XMLDocument(parsing: try document("qemu", spec))
        let names = parsed.xpath("//n:name", namespaces: ["n": DomainXML.novaNamespace])
        #expect(names.map(\.text) == ["a\u{FFFD}b\u{FFFD}c\u{FFFD}d"])
    }

    @Test(arguments: ["", "6a790b22", "6a790b22-2900-4000-8000-00000000000,x=y"])
    func `a port's id that is none never becomes part of an argument`(_ id: String) {
        for mode in [InterfaceMode.user, .bridge] {
            var spec = Self.spec
            spec.interfaces[0].portID = id
            spec.interfaces[0].mode = mode
            #expect(throws: HostError.self) { try document("qemu", spec) }
        }
    }

    @Test func `an interface keeps its slot for as long as it is there`() throws {
        var spec = Self.spec
        spec.interfaces = (1...3).map { number in
            var interface = Self.spec.interfaces[0]
            interface.portID = "0000000\(number)-2900-4000-8000-000000000001"
            return interface
        }
        let ports = spec.interfaces.map(\.portID)
        let defined = DefinedDomain(spec)
        #expect(ports.map { defined.slots[$0] } == [16, 17, 18])
        let without = defined.removing(portID: ports[0])
        #expect(ports.map { without.slots[$0] } == [nil, 17, 18])
        #expect(DefinedDomain(spec, keepingPlacesOf: without).slots == defined.slots)
    }

    @Test func `more interfaces than there are slots are refused`() {
        var spec = Self.spec
        spec.interfaces = (0..<17).map { number in
            var interface = Self.spec.interfaces[0]
            interface.portID = "000000\(10 + number)-2900-4000-8000-000000000001"
            return interface
        }
        #expect(throws: HostError.self) { try document("qemu", spec) }
    }

    @Test func `a kvm guest on a bridge`() throws {
        var spec = Self.spec
        spec.interfaces[0].mode = .bridge
        spec.configDrive = false
        try expectGolden(document("kvm", spec), "kvm-bridge")
    }

    @Test func `a guest of libvirt's test driver`() throws {
        var spec = Self.spec
        spec.interfaces = []
        try expectGolden(document("test", spec), "test")
    }

    @Test func `the owner and the type are read back`() throws {
        let text = try document("kvm", Self.spec)
        let description = try #require(DomainDescription(parsing: text))
        #expect(description.domainType == "kvm")
        #expect(description.owner == "11111111-1111-4111-8111-111111111111")
        #expect(DomainDescription(parsing: "<domain type='kvm'><name>instance-00000001</name></domain>")?.owner == nil)
        #expect(DomainDescription(parsing: "no domain") == nil)
    }

    @Test func `times are written as nova writes them`() {
        #expect(CreationTime.text(milliseconds: 1_486_436_076_999) == "2017-02-07 02:54:36")
        #expect(CreationTime.text(milliseconds: 0) == "1970-01-01 00:00:00")
        #expect(CreationTime.text(milliseconds: 951_782_400_000) == "2000-02-29 00:00:00")
        #expect(CreationTime.text(milliseconds: -1_000) == "1969-12-31 23:59:59")
    }
}
